// `autoencoder speed`, called as a user calls it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/options.h"
#include "tests/support/program.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using testing::TaskTest;

class SpeedCommand : public TaskTest {
 protected:
  SpeedCommand() { train("small", {{"data", write_spots("spots", 200, 40)}, {"epochs", 1}}); }

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }
};

TEST_F(SpeedCommand, IsATable) {
  const ProgramResult result = call({"speed", "small", "--seconds", "0"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, AllOf(HasSubstr("reconstruct\n"), HasSubstr("images/s"), HasSubstr("\n     1,000 "),
                                HasSubstr("\nproducts by ")));
}

// No two measurements are alike.
TEST_F(SpeedCommand, IsJsonOfTheSameParts) {
  const ProgramResult result = call({"speed", "small", "--batch-sizes", "1,7", "--seconds", "0", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  const Json json = Json::parse(result.out);
  EXPECT_EQ(json.size(), 3);
  EXPECT_NE(json.at("blas"), "");
  for (const char* part : {"encode", "reconstruct"}) {
    EXPECT_TRUE(json.at(part).contains("1") && json.at(part).contains("7")) << part;
  }
}

TEST_F(SpeedCommand, RefusesABatchOfNothing) {
  const ProgramResult result = call({"speed", "small", "--batch-sizes", "0"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error, HasSubstr("batch-sizes"));
}

}  // namespace
}  // namespace autoencoder
