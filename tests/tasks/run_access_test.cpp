#include "tasks/run_access.h"

#include <limits>
#include <thread>

#include <torch/types.h>

#include "compression/compressor.h"
#include "data/formats/npy.h"
#include "export/model_export.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;
using testing::TaskTest;

class OpenRunTest : public TaskTest {
 protected:
  std::string run_ = train(
      "run", {{"data", write_spots("spots", 200, 40)}, {"hidden", {16}}, {"latent-dim", 2}, {"epochs", 1}});
};

// Some of which compute in double precision, or in evaluation mode alone.
TEST_F(OpenRunTest, TasksMayWorkOnOneAtTheSameTime) {
  const OpenRun run = open_run_model(run_, torch::kCPU);
  const torch::Tensor images = spots(40, 2).images.all();
  const auto codes = [&] {
    const torch::NoGradGuard no_grad;
    return run.model().encode(to_unit_range(images));
  };
  const torch::Tensor expected = codes();
  std::thread others([&] {
    for (int i = 0; i < 5; ++i) {
      const CompressionQuality lossless = {.fidelity = Fidelity::kLossless};
      const Compressor compressor(run.saved, plan_compression(run.model(), images, lossless));
      EXPECT_TRUE(torch::equal(compressor.decompress(compressor.compress(images)), images));
      export_model(run.saved, path("model.pt"));
    }
  });
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(torch::equal(codes(), expected)) << i;
  }
  others.join();
  EXPECT_TRUE(torch::equal(codes(), expected));
  EXPECT_FALSE(run.model().is_training());
}

class OtherDataTest : public TaskTest {
 protected:
  /// A run of a model of 8 x 12 pixels.
  std::string wide_run(Json options = {}) {
    write_npy(folder_ / "wide.npy", torch::randint(0, 256, {40, 8, 12}, torch::kUInt8));
    options.update({{"data", path("wide.npy")}, {"hidden", {4}}, {"latent-dim", 2}, {"epochs", 1}});
    return train("run", options);
  }

  static Dataset opened(const OpenRun& run, const std::string& data, const Json& reading = Json::object()) {
    SourceOptions source;
    source.data = data;
    source.reading = reading;
    return RunSource(run, source).select("").examples;
  }
};

TEST_F(OtherDataTest, PicturesAreMadeWhatTheModelTakes) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const OpenRun run = open_run_model(wide_run(), torch::kCPU);
  write_picture(folder_ / "a.png", torch::rand({3, 30, 20}));
  EXPECT_EQ(opened(run, path("a.png")).shape(), (ImageShape{1, 8, 12}));
  EXPECT_EQ(opened(run, path("a.png"), {{"fit", "pad"}}).shape(), (ImageShape{1, 8, 12}));
  EXPECT_THAT(error_of([&] {
                opened(run, path("a.png"), {{"image-size", "9x12"}});
              }),
              HasSubstr("a has images of 9x12, but the model of"));
}

TEST_F(OtherDataTest, HolesAreRefusedByAModelThatHasSeenNone) {
  write_npy(folder_ / "whole.npy", torch::rand({40, 3}));
  const std::string run =
      train("run", {{"data", path("whole.npy")}, {"hidden", {4}}, {"latent-dim", 2}, {"epochs", 1}});
  write_npy(folder_ / "holed.npy",
            torch::tensor({{0.1F, std::numeric_limits<float>::quiet_NaN(), 0.2F}, {0.1F, 0.3F, 0.2F}}));
  auto request = request_for<RunDataRequest>(run);
  request.source.data = path("holed.npy");
  EXPECT_THAT(error_of([&] { open_with_data(request); }), HasSubstr("holed has holes (nan), but "));
}

TEST_F(OtherDataTest, OptionsThatItDoesNotReadAreRefused) {
  const OpenRun run = open_run_model(wide_run(), torch::kCPU);
  EXPECT_EQ(opened(run, path("wide.npy")).size(), 40);
  EXPECT_THAT(error_of([&] {
                opened(run, path("wide.npy"), {{"image-size", "8x12"}});
              }),
              HasSubstr("image-size is 8x12, but that is for a folder of pictures"));
  EXPECT_THAT(error_of([&] {
                opened(run, "", {{"points", 3}});
              }),
              HasSubstr("points is 3, but that is for circle"));
}

}  // namespace
}  // namespace autoencoder
