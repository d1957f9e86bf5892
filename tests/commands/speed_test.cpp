// What `autoencoder speed` tells of a small run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/options.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;
using testing::ProgramTest;

class Speed : public ProgramTest {
 protected:
  Speed() {
    write_spots("spots", 200, 40);
    out_of({"train", "--data", "spots", "--epochs", "1", "--quiet", "--out", "small"});
  }
};

TEST_F(Speed, IsToldForEachBatchSize) {
  const Json speed =
      Json::parse(out_of({"speed", "small", "--batch-sizes", "1,7", "--seconds", "0", "--json"}));
  for (const std::string part : {"encode", "reconstruct"}) {
    ASSERT_EQ(speed.at(part).size(), 2) << part;
    EXPECT_GT(speed.at(part).at("1").get<double>(), 0) << part;
    EXPECT_GT(speed.at(part).at("7").get<double>(), 0) << part;
  }
  EXPECT_THAT(out_of({"speed", "small", "--seconds", "0"}), HasSubstr("images/s"));
}

TEST_F(Speed, RefusesABatchOfNothing) {
  const testing::ProgramResult result = run({"speed", "small", "--batch-sizes", "0"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error, HasSubstr("batch-sizes"));
}

}  // namespace
}  // namespace autoencoder
