#include "tasks/manifold.h"

#include <filesystem>

#include "pictures/pictures.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::failure_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class ManifoldTask : public TaskTest {
 protected:
  ManifoldRequest of_a_run(int64_t latent_dim) {
    return request_for<ManifoldRequest>(train("run", {{"data", write_spots("spots", 200, 40)},
                                                      {"hidden", {16}},
                                                      {"latent-dim", latent_dim},
                                                      {"epochs", 2}}));
  }
};

TEST_F(ManifoldTask, DrawsASquareOfPictures) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  ManifoldRequest request = of_a_run(2);
  request.size = 4;
  const ManifoldResult result = draw_manifold(request);
  EXPECT_EQ(result.size, 4);
  EXPECT_EQ(result.data, "test split of spots, 40 images");
  EXPECT_EQ(result.out, path("run/manifold.png"));
  EXPECT_TRUE(std::filesystem::exists(result.out));
}

TEST_F(ManifoldTask, APlaneIsDrawnOfTwoNumbersAlone) {
  const ManifoldRequest request = of_a_run(3);
  EXPECT_THAT(failure_of([&] { draw_manifold(request); }), HasSubstr("its codes have 3 numbers"));
}

}  // namespace
}  // namespace autoencoder
