// `autoencoder regress`, called as a user calls it.

#include "tasks/regress.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/program.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using ::testing::StartsWith;
using testing::TaskTest;

class RegressCommand : public TaskTest {
 protected:
  RegressCommand() {
    std::string text = "width,depth,height,price\n";
    for (int i = 0; i < 100; ++i) {
      text += fmt::format("{},{},{},{}\n", i % 7, i % 11, i % 13, 3 * (i % 7) + i % 11);
    }
    write_file(folder_ / "houses.csv", text);
    const Json options = {
        {"data", path("houses.csv")}, {"model", "pca"}, {"latent-dim", 2}, {"target", "price"}};
    run_ = train("run", options);
  }

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  std::string run_;
};

TEST_F(RegressCommand, HasALineForEachRegression) {
  const ProgramResult result = call({"regress", "run"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out,
              AllOf(StartsWith("run on the test split of houses, 20 examples; regressions learn"),
                    ContainsRegex("\n +R\\^2 +RMSE +MAE\n"), HasSubstr("\nridge on codes (2) "),
                    HasSubstr("\n5 neighbours on codes (2) "), HasSubstr("\nridge on columns (3) "),
                    HasSubstr("\n5 neighbours on PCA (2) ")));
}

TEST_F(RegressCommand, AnswersInJsonAsItsTaskDoes) {
  const ProgramResult result = call({"regress", "run", "--neighbours", "3", "--device", "cpu", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  auto request = request_for<RegressRequest>(run_);
  request.neighbours = 3;
  EXPECT_EQ(Json::parse(result.out), regress_run(request).to_json());
}

}  // namespace
}  // namespace autoencoder
