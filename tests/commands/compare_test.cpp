// What `autoencoder compare` tells of small runs.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/options.h"
#include "pictures/pictures.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing::ProgramTest;

class Compare : public ProgramTest {
 protected:
  Compare() {
    write_spots("spots", 200, 40);
    train("small", {"--latent-dim", "2"});
    train("solved", {"--model", "pca", "--latent-dim", "3"});
  }

  void train(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train", "--data", "spots", "--epochs", "1", "--quiet", "--out", name};
    words.insert(words.end(), more.begin(), more.end());
    out_of(words);
  }
};

TEST_F(Compare, HasARowOfEachRunAndOfPca) {
  const testing::ProgramResult result = run({"compare", "small", "solved", "--with-pca"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, ContainsRegex("small +[0-9,]+ +2 +0\\.[0-9]+ "));
  EXPECT_THAT(result.out, ContainsRegex("solved +[0-9,]+ +3 +0\\.[0-9]+ "));
  EXPECT_THAT(result.out, ContainsRegex("PCA \\(2\\) +[0-9,]+ +2 +0\\.[0-9]+ "));
  EXPECT_EQ(fs::exists(folder_ / "small" / "compare.png"), pictures_available());
}

TEST_F(Compare, TheRunsFiguresAreThoseOfEvaluate) {
  const Json rows = Json::parse(run({"compare", "solved", "small", "--json"}).out);
  const Json alone = Json::parse(run({"evaluate", "solved", "--json"}).out);
  EXPECT_EQ(rows.at(0).at("mse"), alone.at("mse"));
  EXPECT_EQ(rows.at(0).at("ssim"), alone.at("ssim"));
  EXPECT_EQ(rows.at(0).at("parameters"), 2 * 144 * 3 + 144 + 3);
  EXPECT_EQ(rows.at(0).at("accuracy"), 1);
}

TEST_F(Compare, PcaIsARunLikeAnyOther) {
  const Json rows = Json::parse(run({"compare", "solved", "--with-pca", "--json"}).out);
  EXPECT_NEAR(rows.at(0).at("mse").get<double>(), rows.at(1).at("mse").get<double>(), 1e-7);
}

TEST_F(Compare, RefusesRunsOnOtherShapes) {
  ASSERT_EQ(
      run({"train", "--data", "circle", "--scale", "minmax", "--epochs", "1", "--quiet", "--out", "points"})
          .status,
      0);
  EXPECT_THAT(run({"compare", "small", "points"}).error,
              HasSubstr("points takes 2 numbers, but small takes 12x12; compare runs on the same data"));
}

}  // namespace
}  // namespace autoencoder
