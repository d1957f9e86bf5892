#include "tasks/traverse.h"

#include <filesystem>

#include "pictures/pictures.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::failure_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class TraverseTask : public TaskTest {
 protected:
  TraverseRequest request_ = request_for<TraverseRequest>(train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 2}}));
};

TEST_F(TraverseTask, DrawsEachDimension) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  const TraverseResult result = traverse_code(request_);
  EXPECT_EQ(result.dimensions.size(), 2);
  EXPECT_EQ(result.latent_dim, 2);
  EXPECT_EQ(result.index, 0);
  EXPECT_EQ(result.out, path("run/traverse.png"));
  EXPECT_TRUE(std::filesystem::exists(result.out));
}

TEST_F(TraverseTask, TheExampleMustBeThere) {
  request_.index = 40;
  EXPECT_THAT(failure_of([&] { traverse_code(request_); }), HasSubstr("index has 40"));
}

TEST_F(TraverseTask, TheDimensionsMustBeThere) {
  request_.dimensions = {2};
  EXPECT_THAT(failure_of([&] { traverse_code(request_); }), HasSubstr("dimensions has 2; the code has 2"));
}

}  // namespace
}  // namespace autoencoder
