#include "tasks/interpolate.h"

#include <filesystem>

#include "pictures/pictures.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class InterpolateTask : public TaskTest {
 protected:
  InterpolateRequest request_ = request_for<InterpolateRequest>(train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 2}}));
};

TEST_F(InterpolateTask, DrawsAWalkFromEachExampleToTheNext) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  request_.indices = {0, 1, 2};
  const InterpolateResult result = interpolate_codes(request_);
  EXPECT_THAT(result.indices, ElementsAre(0, 1, 2));
  EXPECT_EQ(result.path, "linear");
  EXPECT_EQ(result.steps, 10);
  EXPECT_EQ(result.out, path("run/interpolate.png"));
  EXPECT_TRUE(fs::exists(result.out));
}

TEST_F(InterpolateTask, WalksAlongGreatCirclesToo) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  request_.path = "spherical";
  const InterpolateResult result = interpolate_codes(request_);
  EXPECT_EQ(result.indices.size(), 6);
  EXPECT_EQ(result.path, "spherical");
  EXPECT_EQ(result.steps, 10);
  EXPECT_TRUE(fs::exists(path("run/interpolate.png")));
}

TEST_F(InterpolateTask, TheExamplesMustBeThere) {
  request_.indices = {3, 40};
  EXPECT_THAT(failure_of([&] { interpolate_codes(request_); }),
              HasSubstr("indices has 40; the split has 40, 0 to 39"));
}

TEST_F(InterpolateTask, AWalkHasTwoEnds) {
  request_.indices = {3};
  EXPECT_THAT(failure_of([&] { interpolate_codes(request_); }), HasSubstr("indices names one example"));
}

}  // namespace
}  // namespace autoencoder
