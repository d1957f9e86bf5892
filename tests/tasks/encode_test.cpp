#include "tasks/encode.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "data/formats/npy.h"
#include "data/formats/row_writer.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;
using testing::TaskTest;

class EncodeTask : public TaskTest {
 protected:
  EncodeResult encode(const std::string& out, const std::string& split = "") const {
    auto request = request_for<EncodeRequest>(run_);
    request.split = split;
    request.out = path(out);
    return encode_data(request);
  }

  std::string run_ = train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 2}});
};

TEST_F(EncodeTask, WritesACodeAndALabelOfEachExample) {
  const EncodeResult result = encode("codes.npy");
  EXPECT_EQ(result.out, path("codes.npy"));
  EXPECT_EQ(result.data, "test split of spots, 40 images");
  EXPECT_EQ(result.codes, 40);
  EXPECT_EQ(result.latent_dim, 2);
  EXPECT_TRUE(result.has_labels);
  EXPECT_EQ(read_npy(path("codes.npy")).sizes(), (std::vector<int64_t>{40, 2}));
  EXPECT_TRUE(torch::equal(read_npy(path("codes.labels.npy")), spots(40, 2).labels));
}

TEST_F(EncodeTask, BothFormatsHoldTheSameCodes) {
  encode("codes.npy");
  encode("codes.csv");
  EXPECT_TRUE(torch::equal(read_rows(path("codes.csv")), read_rows(path("codes.npy"))));
}

TEST_F(EncodeTask, CodesInBfloat16ComeCloseToThoseInFloat32) {
  encode("codes.npy");
  auto request = request_for<EncodeRequest>(run_);
  request.out = path("half.npy");
  request.precision.precision = Precision::kBfloat16;
  encode_data(request);
  const torch::Tensor codes = read_npy(path("codes.npy"));
  const torch::Tensor half = read_npy(path("half.npy"));
  EXPECT_FALSE(torch::equal(half, codes));
  EXPECT_LT((half - codes).norm().item<double>(), 0.02 * codes.norm().item<double>());
  request.double_precision.is_double = true;
  EXPECT_THAT(error_of([&] { encode_data(request); }), HasSubstr("--double-precision and --precision bf16"));
}

TEST_F(EncodeTask, TakesEverySplit) {
  for (const auto& [split, count] :
       {std::pair("train", 160), {"validation", 40}, {"test", 40}, {"all", 240}}) {
    EXPECT_EQ(encode("x.npy", split).codes, count) << split;
  }
}

}  // namespace
}  // namespace autoencoder
