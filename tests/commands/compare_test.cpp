// `autoencoder compare`, called as a user calls it.

#include "tasks/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pictures/pictures.h"
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

class CompareCommand : public TaskTest {
 protected:
  CompareCommand() {
    const std::string data = write_spots("spots", 200, 40);
    small_ = train("small", {{"data", data}, {"latent-dim", 2}, {"epochs", 1}});
    solved_ = train("solved", {{"data", data}, {"model", "pca"}, {"latent-dim", 3}, {"epochs", 1}});
  }

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  std::string small_;
  std::string solved_;
};

TEST_F(CompareCommand, HasARowOfEachRunAndOfPca) {
  const ProgramResult result = call({"compare", "small", "solved", "--with-pca"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, AllOf(StartsWith("test split of spots, 40 images\nrun "),
                                ContainsRegex("small +[0-9,]+ +2 +0\\.[0-9]+ "),
                                ContainsRegex("solved +[0-9,]+ +3 +0\\.[0-9]+ "),
                                ContainsRegex("PCA \\(2\\) +[0-9,]+ +2 +0\\.[0-9]+ ")));
  if (pictures_available()) {
    EXPECT_THAT(result.out, HasSubstr("\n\nsmall/compare.png: the same images through every model\n"));
  }
}

TEST_F(CompareCommand, AnswersInJsonAsItsTaskDoes) {
  const ProgramResult result = call({"compare", "small", "solved", "--device", "cpu", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  auto request = request_for<CompareRequest>(small_);
  request.others = {solved_};
  Json printed = Json::parse(result.out);
  Json expected = compare_runs(request).to_json();
  for (Json* rows : {&printed, &expected}) {
    for (Json& row : *rows) {
      EXPECT_EQ(row.erase("images_per_second"), 1);  // no two measurements are alike
    }
  }
  EXPECT_EQ(printed, expected);
}

}  // namespace
}  // namespace autoencoder
