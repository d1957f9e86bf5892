// How well a column of a table can be told from a small run's codes.

#include "tasks/regress.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class Regress : public TaskTest {
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

  RegressRequest trained_request(const std::string& target) {
    return request_for<RegressRequest>(train("run", {{"data", path("houses.csv")},
                                                     {"model", "pca"},
                                                     {"latent-dim", 2},
                                                     {"target", target},
                                                     {"scale", "none"}}));
  }
};

TEST_F(Regress, TwoComponentsTellWhatSixColumnsTell) {
  const RegressResult result = regress_run(trained_request("price"));
  EXPECT_EQ(result.examples, 80);
  ASSERT_EQ(result.outcomes.size(), 3);
  const RegressionOutcome& codes = result.outcomes[0];
  const RegressionOutcome& columns = result.outcomes[1];
  EXPECT_EQ(codes.features, "codes");
  EXPECT_EQ(codes.dimensions, 2);
  EXPECT_EQ(columns.features, "columns");
  EXPECT_EQ(columns.dimensions, 6);  // the price is none of them
  EXPECT_GT(codes.ridge.r2, 0.98);
  EXPECT_GT(columns.ridge.r2, 0.98);
  EXPECT_GT(codes.neighbours.r2, 0.9);
}

TEST_F(Regress, JsonHasEveryFigure) {
  const RegressResult result = regress_run(trained_request("price"));
  const Json json = result.to_json();
  EXPECT_EQ(json.at("examples"), 80);
  EXPECT_EQ(json.at("training_examples"), result.training_examples);
  const Json& codes = json.at("results").at(0);
  const RegressionOutcome& expected = result.outcomes[0];
  EXPECT_EQ(codes.at("features"), "codes");
  EXPECT_EQ(codes.at("dimensions"), 2);
  EXPECT_EQ(codes.at("ridge"),
            Json({{"r2", expected.ridge.r2}, {"rmse", expected.ridge.rmse}, {"mae", expected.ridge.mae}}));
  EXPECT_EQ(codes.at("nearest_neighbours"), Json({{"r2", expected.neighbours.r2},
                                                  {"rmse", expected.neighbours.rmse},
                                                  {"mae", expected.neighbours.mae}}));
}

TEST_F(Regress, NeedsATarget) {
  const RegressRequest request = trained_request("");
  EXPECT_THAT(error_of([&] { regress_run(request); }),
              HasSubstr("nothing to predict; train on a table with --target"));
}

TEST_F(Regress, NeedsAsManyExamplesAsNeighbours) {
  RegressRequest request = trained_request("price");
  request.neighbours = 1000;
  EXPECT_THAT(error_of([&] { regress_run(request); }), HasSubstr("lower --neighbours"));
}

TEST_F(Regress, ATargetIsAColumnOfTheTable) {
  EXPECT_THAT(
      error_of([&] {
        train("other", {{"data", path("houses.csv")}, {"target", "prize"}});
      }),
      HasSubstr(
          "no column 'prize' for the target; its header has a, b, c, price, d, e, f; did you mean 'price'?"));
  EXPECT_THAT(error_of([&] {
                train("other", {{"data", "circle"}, {"target", "x"}});
              }),
              HasSubstr("target is x, but that is for .csv, .tsv, .txt, .data, .csv.gz, .tsv.gz, not for "
                        "circle; leave it out"));
}

}  // namespace
}  // namespace autoencoder
