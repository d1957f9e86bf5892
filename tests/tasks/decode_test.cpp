#include "tasks/decode.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tasks/encode.h"
#include "tasks/evaluate.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::spots;
using testing::TaskTest;

class DecodeTask : public TaskTest {
 protected:
  void encode(const std::string& out) const {
    auto request = request_for<EncodeRequest>(run_);
    request.out = path(out);
    encode_data(request);
  }

  DecodeResult decode(const std::string& codes, const std::string& out) const {
    auto request = request_for<DecodeRequest>(run_);
    request.codes = path(codes);
    request.out = path(out);
    return decode_codes(request);
  }

  std::string run_ = train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 2}});
};

TEST_F(DecodeTask, DecodedCodesAreTheReconstructions) {
  encode("codes.csv");
  decode("codes.csv", "decoded.npy");
  const torch::Tensor decoded = read_npy(path("decoded.npy"));
  ASSERT_EQ(decoded.sizes(), (std::vector<int64_t>{40, 1, 12, 12}));
  const EvaluateResult figures = evaluate_run(request_for<EvaluateRequest>(run_));
  const torch::Tensor originals = to_unit_range(spots(40, 2).images.all());
  EXPECT_NEAR((decoded - originals).square().mean().item<double>(), figures.evaluation.mse, 1e-6);
}

TEST_F(DecodeTask, AFolderGetsAPictureOfEachCode) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  encode("codes.npy");
  const DecodeResult result = decode("codes.npy", "pictures");
  EXPECT_EQ(result.out, path("pictures"));
  EXPECT_EQ(result.decoded, 40);
  EXPECT_TRUE(fs::exists(folder_ / "pictures" / "000039.png"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "pictures"), fs::directory_iterator()), 40);
}

TEST_F(TaskTest, CodesOfATableAreDecodedToItsCells) {
  std::string table = "visits,drug\n";
  for (int i = 0; i < 40; ++i) {
    table += i % 2 == 0 ? "1.5,placebo\n" : "7.5,aspirin\n";
  }
  write_file(path("patients.csv"), table);
  const std::string run =
      train("run", {{"data", path("patients.csv")}, {"hidden", {8}}, {"latent-dim", 1}, {"epochs", 1}});
  write_npy(path("codes.npy"), torch::tensor({{-3.0F}, {3.0F}}));
  auto request = request_for<DecodeRequest>(run);
  request.codes = path("codes.npy");
  request.out = path("decoded.csv");
  decode_codes(request);
  EXPECT_THAT(read_file(path("decoded.csv")),
              ::testing::MatchesRegex("visits,drug\n([-0-9.]+,(placebo|aspirin)\n){2}"));
}

TEST_F(DecodeTask, RefusesCodesOfAnotherWidth) {
  write_npy(path("wide.npy"), torch::rand({4, 3}));
  EXPECT_THAT(failure_of([&] { decode("wide.npy", "x.npy"); }),
              HasSubstr("wide.npy: rows of 3 numbers, but the model's codes have 2"));
}

TEST_F(DecodeTask, RefusesAFileThatDoesNotSuit) {
  write_npy(path("codes.npy"), torch::rand({4, 2}));
  EXPECT_THAT(failure_of([&] { decode("codes.npy", "x.csv"); }),
              HasSubstr("x.csv: pictures go into a folder, a .png or a .npy"));
}

}  // namespace
}  // namespace autoencoder
