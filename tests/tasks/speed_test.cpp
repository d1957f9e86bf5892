// How fast a small run is said to be.

#include "tasks/speed.h"

#include <gtest/gtest.h>

#include "models/kernels/blas.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::TaskTest;

class Speed : public TaskTest {};

TEST_F(Speed, IsMeasuredForEachBatchSizeInEachPrecision) {
  auto request =
      request_for<SpeedRequest>(train("run", {{"data", write_spots("spots", 200, 40)}, {"epochs", 1}}));
  request.batch_sizes = {1, 7};
  request.seconds = 0;
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    request.precision.precision = precision;
    const SpeedResult result = measure_speed(request);
    EXPECT_EQ(result.noun, "image");
    EXPECT_EQ(result.blas, blas_name());
    EXPECT_EQ(result.note.empty(), suits_threads(precision));
    const Json json = result.to_json();
    for (const std::string part : {"encode", "reconstruct"}) {
      ASSERT_EQ(json.at(part).size(), 2) << part;
      EXPECT_GT(json.at(part).at("1").get<double>(), 0) << part;
      EXPECT_GT(json.at(part).at("7").get<double>(), 0) << part;
    }
  }
}

}  // namespace
}  // namespace autoencoder
