// What `autoencoder classify` prints of a small run, and what it refuses.

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/options.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::ProgramTest;
using testing::run_program;
using testing::spots;
using testing::write_idx;

class Classify : public ProgramTest {
 protected:
  Classify() {
    write_spots("spots", 400, 100);
    const ProgramResult trained =
        run_program(folder_.path(), {"train", "--data", "spots", "--hidden", "16", "--latent-dim", "4",
                                     "--epochs", "3", "--quiet", "--out", "run"});
    EXPECT_EQ(trained.status, 0) << trained.error;
  }

  ProgramResult classify(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"classify", "run"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(folder_.path(), words);
  }

  Json classify_json(std::vector<std::string> more) {
    more.emplace_back("--json");
    const ProgramResult result = classify(more);
    EXPECT_EQ(result.status, 0) << result.error;
    return Json::parse(result.out);
  }
};

TEST_F(Classify, ComparesCodesWithPixelsAndPrincipalComponents) {
  const ProgramResult result = classify({});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("run on the test split of spots, 100 images, 4 classes"),
                    HasSubstr("learn from 320 training images"),
                    ContainsRegex("accuracy in % +codes \\(4\\) +pixels \\(144\\) +PCA \\(4\\)\n"),
                    ContainsRegex("  5 nearest neighbours +[0-9.]+ +100.00 +100.00\n"),
                    ContainsRegex("  logistic regression +[0-9.]+ +100.00 +100.00\n")));
}

TEST_F(Classify, JsonHasEveryFigure) {
  const Json json = classify_json({"--confusion"});
  EXPECT_EQ(json.at("images"), 100);
  EXPECT_EQ(json.at("classes"), Json({"0", "1", "2", "3"}));
  ASSERT_EQ(json.at("results").size(), 6);
  const Json& codes = json.at("results").at(1);
  EXPECT_EQ(codes.at("classifier"), "logistic_regression");
  EXPECT_EQ(codes.at("features"), "codes");
  EXPECT_EQ(codes.at("labels"), 320);
  EXPECT_FALSE(codes.contains("standard_deviation"));
  int64_t right = 0;
  for (size_t i = 0; i < 4; ++i) {
    right += json.at("confusion").at(i).at(i).get<int64_t>();
  }
  EXPECT_NEAR(codes.at("accuracy").get<double>(), static_cast<double>(right) / 100, 1e-9);
}

TEST_F(Classify, TheConfusionMatrixHasARowForEachClass) {
  const ProgramResult result = classify({"--confusion"});
  EXPECT_THAT(result.out,
              AllOf(ContainsRegex("true . predicted +0 +1 +2 +3\n0 +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+\n"),
                    ContainsRegex("\n3 +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+\n")));
}

TEST_F(Classify, CurvesHaveARowForEachNumberOfLabels) {
  const ProgramResult result = classify({"--curve", "8,40,320", "--draws", "3", "--neighbours", "3"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("3 nearest neighbours, in %"), HasSubstr("logistic regression, in %"),
                    ContainsRegex("\n  8 labels +[0-9.]+ [+]- [0-9.]+ "),
                    ContainsRegex("\n  320 labels +[0-9.]+ [+]- 0.00 ")));
  EXPECT_EQ(classify_json({"--curve", "8,40"}).at("results").size(), 12);
}

TEST_F(Classify, TheSeedDrawsTheLabels) {
  const auto figures = [&](const std::string& seed) {
    return classify_json({"--labels", "6", "--draws", "4", "--neighbours", "1", "--seed", seed});
  };
  const Json first = figures("0");
  EXPECT_TRUE(first.at("results").at(0).contains("standard_deviation"));
  EXPECT_EQ(figures("0"), first);
  EXPECT_NE(figures("1").at("results"), first.at("results"));
}

TEST_F(Classify, OtherDataBringTheirOwnExamplesToLearnFrom) {
  write_spots("others", 50, 20);
  const Json json = classify_json({"--data", "others"});
  EXPECT_EQ(json.at("training_images"), 50);
  EXPECT_EQ(json.at("images"), 20);
  fs::remove(folder_ / "others/t10k-images-idx3-ubyte");
  fs::remove(folder_ / "others/t10k-labels-idx1-ubyte");
  EXPECT_THAT(classify({"--data", "others"}).error, HasSubstr("the test split of others is empty"));
}

TEST_F(Classify, RefusesDataWithoutLabelsOrWithOneClass) {
  write_spots("others", 50, 20);
  Dataset same = spots(50, 1);
  same.labels.fill_(3);
  write_idx(folder_ / "others", "train", same);
  const ProgramResult one_class = classify({"--data", "others"});
  EXPECT_EQ(one_class.status, 1);
  EXPECT_THAT(one_class.error, HasSubstr("all 50 training examples are of class 3"));
  fs::remove(folder_ / "others/train-labels-idx1-ubyte");
  const ProgramResult unlabelled = classify({"--data", "others"});
  EXPECT_EQ(unlabelled.status, 1);
  EXPECT_THAT(unlabelled.error, HasSubstr("train split of others, 50 images: no labels"));
}

TEST_F(Classify, RefusesMoreLabelsThanThereAreAndFewerThanVote) {
  EXPECT_THAT(classify({"--labels", "321"}).error,
              HasSubstr("321 labels are asked for, but the training split has 320"));
  EXPECT_THAT(classify({"--curve", "10,1000"}).error, HasSubstr("1,000 labels are asked for"));
  EXPECT_THAT(classify({"--labels", "4"}).error, HasSubstr("neighbours is 5, but there are only 4 labels"));
  EXPECT_THAT(classify({"--labels", "1"}).error, HasSubstr("labels is 1; two classes need at least 2"));
}

TEST_F(Classify, RefusesOptionsThatWouldDoNothing) {
  EXPECT_EQ(classify({"--labels", "10", "--curve", "10"}).status, 2);
  EXPECT_THAT(classify({"--draws", "3"}).error, HasSubstr("every draw is the same"));
}

}  // namespace
}  // namespace autoencoder
