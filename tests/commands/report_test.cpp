// `autoencoder report`, called as a user calls it.

#include <gtest/gtest.h>

#include "tasks/report_run.h"
#include "tests/support/program.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::ProgramResult;
using testing::run_program;
using testing::TaskTest;

class ReportCommand : public TaskTest {
 protected:
  ReportCommand()
      : run_(train("run", {{"data", write_spots("spots", 200, 60)}, {"latent-dim", 2}, {"epochs", 2}})) {}

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  std::string run_;
};

TEST_F(ReportCommand, NamesThePageAndWhatItShows) {
  const ProgramResult one = call({"report", "run"});
  EXPECT_EQ(one.status, 0) << one.error;
  EXPECT_EQ(one.out, "run/report.html: validation split of spots, 40 images\n");
  const ProgramResult several = call({"report", "run", "run"});
  EXPECT_EQ(several.status, 0) << several.error;
  EXPECT_EQ(several.out, "run/comparison.html: test split of spots, 60 images\n");
}

TEST_F(ReportCommand, AnswersInJsonAsItsTaskDoes) {
  const ProgramResult result =
      call({"report", run_, "--split", "test", "--count", "10", "--device", "cpu", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  auto request = request_for<ReportRequest>(run_);
  request.split = "test";
  request.count = 10;
  EXPECT_EQ(Json::parse(result.out), report_runs(request).to_json());
}

}  // namespace
}  // namespace autoencoder
