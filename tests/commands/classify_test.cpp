// `autoencoder classify`, called as a user calls it.

#include "tasks/classify.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using testing::SharedRun;
using testing::TaskTest;

class ClassifyCommand : public TaskTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"hidden", {16}}, {"latent-dim", 4}, {"epochs", 3}};
    shared_ = std::make_unique<SharedRun>(400, 100, options);
  }
  static void TearDownTestSuite() { shared_.reset(); }

  ClassifyCommand() : run_(shared_->copied_to(path("run"))) {}

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  inline static std::unique_ptr<SharedRun> shared_;
  std::string run_;
};

TEST_F(ClassifyCommand, ComparesCodesWithPixelsAndPrincipalComponents) {
  const ProgramResult result = call({"classify", "run"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("run on the test split of spots, 100 images, 4 classes"),
                    HasSubstr("learn from 320 training images"),
                    ContainsRegex("accuracy in % +codes \\(4\\) +pixels \\(144\\) +PCA \\(4\\)\n"),
                    ContainsRegex("  5 nearest neighbours +[0-9.]+ +100.00 +100.00\n"),
                    ContainsRegex("  logistic regression +[0-9.]+ +100.00 +100.00\n")));
}

TEST_F(ClassifyCommand, TheConfusionMatrixHasARowForEachClass) {
  const ProgramResult result = call({"classify", "run", "--confusion"});
  EXPECT_THAT(result.out,
              AllOf(ContainsRegex("true . predicted +0 +1 +2 +3\n0 +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+\n"),
                    ContainsRegex("\n3 +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+\n")));
}

TEST_F(ClassifyCommand, CurvesHaveARowForEachNumberOfLabels) {
  const ProgramResult result =
      call({"classify", "run", "--curve", "8,40,320", "--draws", "3", "--neighbours", "3"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("3 nearest neighbours, in %"), HasSubstr("logistic regression, in %"),
                    ContainsRegex("\n  8 labels +[0-9.]+ [+]- [0-9.]+ "),
                    ContainsRegex("\n  320 labels +[0-9.]+ [+]- 0.00 ")));
}

TEST_F(ClassifyCommand, AnswersInJsonAsItsTaskDoes) {
  const ProgramResult result = call({"classify", "run", "--confusion", "--device", "cpu", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  auto request = request_for<ClassifyRequest>(run_);
  request.confusion = true;
  EXPECT_EQ(Json::parse(result.out), classify_run(request).to_json());
}

}  // namespace
}  // namespace autoencoder
