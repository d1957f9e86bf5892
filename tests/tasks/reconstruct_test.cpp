#include "tasks/reconstruct.h"

#include <filesystem>

#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class ReconstructTask : public TaskTest {
 protected:
  ReconstructRequest request_ = request_for<ReconstructRequest>(
      train("run", {{"data", write_spots("spots", 200, 40)}, {"epochs", 2}, {"batch-size", 32}}));
};

TEST_F(ReconstructTask, DrawsAnyChoiceOfImages) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  request_.indices = {3, 1, 3};
  request_.show_code = true;
  request_.layout = GridLayout::kPairs;
  request_.out = path("r.png");
  const ReconstructResult result = reconstruct_examples(request_);
  EXPECT_EQ(result.examples, 3);
  EXPECT_EQ(result.out, path("r.png"));
  EXPECT_TRUE(std::filesystem::exists(result.out));
}

TEST_F(ReconstructTask, FewImagesAreAllDrawn) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  EXPECT_EQ(reconstruct_examples(request_).examples, 10);
  request_.source.data = write_spots("few", 3, 2);
  EXPECT_EQ(reconstruct_examples(request_).examples, 2);
}

TEST_F(ReconstructTask, InBfloat16ErrorsComeCloseToThoseInFloat32) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const double expected = reconstruct_examples(request_).mean_squared_error;
  request_.precision.precision = Precision::kBfloat16;
  const double found = reconstruct_examples(request_).mean_squared_error;
  EXPECT_NEAR(found, expected, 0.02 * expected);
  EXPECT_NE(found, expected);
}

TEST_F(ReconstructTask, TheImagesMustBeThere) {
  request_.count = 41;
  EXPECT_THAT(error_of([&] { reconstruct_examples(request_); }),
              HasSubstr("count is 41; the split has 40 images"));
  request_.indices = {40};
  EXPECT_THAT(error_of([&] { reconstruct_examples(request_); }),
              HasSubstr("indices has 40; the split has 40, 0 to 39"));
}

class ReconstructOtherData : public TaskTest {
 protected:
  /// Trains on the images and draws some of them.
  void draw(const torch::Tensor& images, Json options) {
    write_npy(folder_ / "x.npy", images);
    options.update({{"data", path("x.npy")}, {"hidden", {4}}, {"latent-dim", 2}, {"epochs", 1}});
    auto request = request_for<ReconstructRequest>(train("run", options));
    request.count = 2;
    request.out = path("r.png");
    reconstruct_examples(request);
    EXPECT_TRUE(std::filesystem::exists(path("r.png")));
    EXPECT_TRUE(std::filesystem::exists(path("run/reconstructions.png")));
  }
};

TEST_F(ReconstructOtherData, DrawsBandsThatAreNoColours) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  draw(torch::rand({40, 5, 8, 8}), {});
}

TEST_F(ReconstructOtherData, DrawsNumbersOfAnyRange) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const torch::Tensor heights = 500 + 100 * torch::randn({40, 8, 8});
  EXPECT_THAT(error_of([&] { draw(heights, {}); }), HasSubstr("choose --scale minmax"));
  draw(heights, {{"scale", "minmax"}});
}

}  // namespace
}  // namespace autoencoder
