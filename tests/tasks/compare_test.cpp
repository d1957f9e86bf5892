// Small runs side by side.

#include "tasks/compare.h"

#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pictures/pictures.h"
#include "tasks/evaluate.h"
#include "tests/support/expect_error.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::SharedRun;
using testing::TaskTest;

class Compare : public TaskTest {
 protected:
  static void SetUpTestSuite() {
    const Json small = {{"latent-dim", 2}, {"epochs", 1}};
    const Json solved = {{"model", "pca"}, {"latent-dim", 3}, {"epochs", 1}};
    shared_small_ = std::make_unique<SharedRun>(200, 40, small);
    shared_solved_ = std::make_unique<SharedRun>(200, 40, solved);
  }
  static void TearDownTestSuite() {
    shared_small_.reset();
    shared_solved_.reset();
  }

  Compare()
      : small_(shared_small_->copied_to(path("small"))), solved_(shared_solved_->copied_to(path("solved"))) {}

  CompareRequest request_of(const std::string& first, const std::vector<std::string>& others) const {
    auto request = request_for<CompareRequest>(first);
    request.others = others;
    return request;
  }

  inline static std::unique_ptr<SharedRun> shared_small_;
  inline static std::unique_ptr<SharedRun> shared_solved_;
  std::string small_;
  std::string solved_;
};

TEST_F(Compare, HasARowOfEachRunAndOfPca) {
  CompareRequest request = request_of(small_, {solved_});
  request.with_pca = true;
  const CompareResult result = compare_runs(request);
  EXPECT_EQ(result.data, "test split of spots, 40 images");
  EXPECT_EQ(result.noun, "image");
  ASSERT_EQ(result.rows.size(), 3);
  const std::vector<std::string> names = {"small", "solved", "PCA (2)"};
  const std::vector<int64_t> codes = {2, 3, 2};
  for (size_t i = 0; i < 3; ++i) {
    const ComparisonRow& row = result.rows[i];
    EXPECT_EQ(row.name, names[i]);
    EXPECT_EQ(row.code, codes[i]) << row.name;
    EXPECT_GT(row.parameters, 0) << row.name;
    EXPECT_TRUE(row.evaluation.mse > 0 && row.evaluation.mse < 1) << row.name;
  }
  EXPECT_EQ(result.picture.has_value(), pictures_available());
  EXPECT_EQ(fs::exists(folder_ / "small" / "compare.png"), pictures_available());
}

TEST_F(Compare, TheRunsFiguresAreThoseOfEvaluate) {
  const Json rows = compare_runs(request_of(solved_, {small_})).to_json();
  const Json alone = evaluate_run(request_for<EvaluateRequest>(solved_)).to_json();
  EXPECT_EQ(rows.at(0).at("mse"), alone.at("mse"));
  EXPECT_EQ(rows.at(0).at("ssim"), alone.at("ssim"));
  EXPECT_EQ(rows.at(0).at("parameters"), 2 * 144 * 3 + 144 + 3);
  EXPECT_EQ(rows.at(0).at("accuracy"), 1);
}

TEST_F(Compare, PcaIsARunLikeAnyOther) {
  CompareRequest request = request_of(solved_, {});
  request.with_pca = true;
  const std::vector<ComparisonRow> rows = compare_runs(request).rows;
  ASSERT_EQ(rows.size(), 2);
  EXPECT_NEAR(rows[0].evaluation.mse, rows[1].evaluation.mse, 1e-7);
}

TEST_F(Compare, RefusesRunsOnOtherShapes) {
  const std::string points = train("points", {{"data", "circle"}, {"scale", "minmax"}, {"epochs", 1}});
  EXPECT_THAT(error_of([&] { compare_runs(request_of(small_, {points})); }),
              HasSubstr(fmt::format("{} takes 2 numbers, but {} takes 12x12; compare runs on the same data",
                                    points, small_)));
}

}  // namespace
}  // namespace autoencoder
