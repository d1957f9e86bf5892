// `autoencoder detect`, called as a user calls it.

#include "tasks/detect.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/program.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using ::testing::StartsWith;
using testing::TaskTest;

class DetectCommand : public TaskTest {
 protected:
  DetectCommand()
      : run_(train(
            "run",
            {{"data", write_spots("spots", 200, 40)}, {"hidden", {32}}, {"latent-dim", 4}, {"epochs", 2}})) {}

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  std::string run_;
};

TEST_F(DetectCommand, FitsAndScores) {
  const ProgramResult fitted = call({"detect", "fit", "run"});
  EXPECT_EQ(fitted.status, 0) << fitted.error;
  EXPECT_THAT(fitted.out, AllOf(StartsWith("run/detector.safetensors: relative-error, threshold "),
                                HasSubstr(" (1 % of the validation split of spots, 40 images lie above)\n")));
  const ProgramResult scored = call({"detect", "score", "run", "--anomalies", "3"});
  EXPECT_EQ(scored.status, 0) << scored.error;
  EXPECT_THAT(scored.out,
              AllOf(StartsWith("run/scores.csv: "), HasSubstr(" of 40 examples are anomalies by "),
                    HasSubstr("\n  precision "), HasSubstr("\nmahalanobis ")));
}

TEST_F(DetectCommand, AnswersInJsonAsItsTasksDo) {
  const ProgramResult fitted = call({"detect", "fit", run_, "--device", "cpu", "--json"});
  EXPECT_EQ(fitted.status, 0) << fitted.error;
  EXPECT_EQ(Json::parse(fitted.out), fit_detector(request_for<FitDetectorRequest>(run_)).to_json());
  const ProgramResult scored =
      call({"detect", "score", run_, "--anomalies", "3", "--device", "cpu", "--json"});
  EXPECT_EQ(scored.status, 0) << scored.error;
  auto request = request_for<ScoreDataRequest>(run_);
  request.labels.anomalies = "3";
  EXPECT_EQ(Json::parse(scored.out), score_data(request).to_json());
}

// A time has fields of its own.
TEST_F(TaskTest, DetectListsEventsOfSeriesWithTheirTimesAndWhatIsToBeTold) {
  std::string text = "when,flow\n";
  for (int64_t step = 0; step < 200; ++step) {
    text +=
        fmt::format("2023-01-{:02} {:02}:00:00,{}\n", 1 + step / 24, step % 24, step == 190 ? 99 : step % 5);
  }
  write_file(path("pump.csv"), text);
  train("run", {{"data", path("pump.csv")},
                {"window", 8},
                {"model", "conv1d"},
                {"channels", {4}},
                {"latent-dim", 2},
                {"kernel", 3},
                {"epochs", 1},
                {"device", "cpu"}});
  ASSERT_EQ(run_program(folder_.path(), {"detect", "fit", "run", "--score", "error"}).status, 0);
  const ProgramResult scored = run_program(folder_.path(), {"detect", "score", "run", "--data", "pump.csv"});
  EXPECT_THAT(scored.out, HasSubstr(" score  from                 to                   columns\npump "));
  EXPECT_THAT(scored.out, ::testing::ContainsRegex("  2023-01-08 [0-9:]+  2023-01-0[89] [0-9:]+  flow"));
  write_file(path("more.csv"), "flow,more\n1,0\n2,0\n3,0\n4,0\n0,0\n1,0\n2,0\n3,0\n");
  EXPECT_THAT(run_program(folder_.path(), {"detect", "score", "run", "--data", "more.csv"}).out,
              HasSubstr("\nnote: passed over: more, which the run has not learned from\n"));
}

TEST_F(DetectCommand, DoesOneOfTwoThings) {
  const ProgramResult result = call({"detect", "scores", "run"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error, HasSubstr("did you mean 'score'?"));
}

}  // namespace
}  // namespace autoencoder
