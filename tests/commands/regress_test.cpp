// What `autoencoder regress` makes of a table with a column to predict.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/files.h"
#include "common/options.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;
using testing::ProgramTest;

class Regress : public ProgramTest {
 protected:
  // Six columns that are mixtures of two hidden numbers, and their difference, the price.
  Regress() {
    torch::manual_seed(0);
    const torch::Tensor hidden = torch::randn({400, 2});
    const torch::Tensor seen = hidden.mm(torch::randn({2, 6})) + 0.05 * torch::randn({400, 6});
    const torch::Tensor price = 10 * (hidden.select(1, 0) - hidden.select(1, 1)) + 100;
    std::string text = "a,b,c,price,d,e,f\n";
    for (int64_t i = 0; i < 400; ++i) {
      const auto value = [&](int64_t column) { return seen[i][column].item<float>(); };
      text += fmt::format("{},{},{},{},{},{},{}\n", value(0), value(1), value(2), price[i].item<float>(),
                          value(3), value(4), value(5));
    }
    write_file(folder_ / "houses.csv", text);
  }

  void train(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train",        "--data", "houses.csv", "--model", "pca",
                                      "--latent-dim", "2",      "--quiet",    "--out",   "run"};
    words.insert(words.end(), more.begin(), more.end());
    out_of(words);
  }
};

TEST_F(Regress, TwoComponentsTellWhatSixColumnsTell) {
  train({"--target", "price"});
  const Json json = json_of({"regress", "run"});
  EXPECT_EQ(json.at("examples"), 80);
  const Json& codes = json.at("results").at(0);
  const Json& columns = json.at("results").at(1);
  EXPECT_EQ(codes.at("features"), "codes");
  EXPECT_EQ(codes.at("dimensions"), 2);
  EXPECT_EQ(columns.at("features"), "columns");
  EXPECT_EQ(columns.at("dimensions"), 6);  // the price is none of them
  EXPECT_GT(codes.at("ridge").at("r2").get<double>(), 0.98);
  EXPECT_GT(columns.at("ridge").at("r2").get<double>(), 0.98);
  EXPECT_GT(codes.at("nearest_neighbours").at("r2").get<double>(), 0.9);
  EXPECT_THAT(out_of({"regress", "run"}), HasSubstr("ridge on codes (2)"));
}

TEST_F(Regress, SaysWhatIsWrong) {
  train({});
  EXPECT_THAT(run({"regress", "run"}).error, HasSubstr("nothing to predict; train on a table with --target"));
  EXPECT_THAT(
      run({"train", "--data", "houses.csv", "--target", "prize"}).error,
      HasSubstr(
          "no column 'prize' for the target; its header has a, b, c, price, d, e, f; did you mean 'price'?"));
  EXPECT_THAT(run({"train", "--data", "circle", "--target", "x"}).error,
              HasSubstr("no columns to choose from"));
  train({"--target", "price", "--force"});
  EXPECT_THAT(run({"regress", "run", "--neighbours", "1000"}).error, HasSubstr("lower --neighbours"));
}

}  // namespace
}  // namespace autoencoder
