#include "tasks/reconstruct.h"

#include <filesystem>

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

TEST_F(ReconstructTask, TheImagesMustBeThere) {
  request_.count = 41;
  EXPECT_THAT(error_of([&] { reconstruct_examples(request_); }),
              HasSubstr("count is 41; the split has 40 images"));
  request_.indices = {40};
  EXPECT_THAT(error_of([&] { reconstruct_examples(request_); }),
              HasSubstr("indices has 40; the split has 40, 0 to 39"));
}

}  // namespace
}  // namespace autoencoder
