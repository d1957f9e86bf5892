// `autoencoder detect`, called as a user calls it.

#include "tasks/detect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST_F(DetectCommand, DoesOneOfTwoThings) {
  const ProgramResult result = call({"detect", "scores", "run"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error, HasSubstr("did you mean 'score'?"));
}

}  // namespace
}  // namespace autoencoder
