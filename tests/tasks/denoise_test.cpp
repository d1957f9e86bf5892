// Pictures that a small run restores.

#include "tasks/denoise.h"

#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/error.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"
#include "pictures/pictures.h"
#include "tests/support/expect_error.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::SharedRun;
using testing::SharedRunTest;
using testing::spots;

class Denoise : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"corruption", "gaussian:0.3"},
                          {"hidden", {32}},
                          {"latent-dim", 4},
                          {"epochs", 30},
                          {"batch-size", 16}};
    shared_ = std::make_unique<SharedRun>(300, 40, options);
  }

  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    run_ = shared_->copied_to(path("run"));
    const torch::Tensor clean = to_unit_range(spots(20, 2).images.all());
    write_pictures(folder_ / "clean", clean);
    torch::manual_seed(6);
    write_pictures(folder_ / "noisy", clean + 0.3 * torch::randn_like(clean));
  }

  DenoiseRequest request_of(const std::vector<std::string>& pictures) const {
    auto request = request_for<DenoiseRequest>(run_);
    for (const std::string& picture : pictures) {
      request.pictures.push_back(path(picture));
    }
    return request;
  }

  std::string run_;
};

TEST_F(Denoise, RestoresPicturesAndTellsHowWellWhereTheCleanOnesAreKnown) {
  DenoiseRequest request = request_of({"noisy"});
  request.clean = path("clean");
  request.out = path("restored");
  const Json json = denoise_pictures(request).to_json();
  EXPECT_EQ(json.at("pictures"), 20);
  EXPECT_GT(json.at("after").at("psnr").get<double>(), json.at("before").at("psnr").get<double>() + 3);
  EXPECT_GT(json.at("after").at("ssim").get<double>(), json.at("before").at("ssim").get<double>());
  EXPECT_TRUE(fs::exists(folder_ / "restored" / "000019.png"));
}

TEST_F(Denoise, PutsNoiseOnCleanPictures) {
  DenoiseRequest request = request_of({"clean"});
  request.corruption = "gaussian:0.3";
  const Json json = denoise_pictures(request).to_json();
  EXPECT_GT(json.at("after").at("psnr").get<double>(), json.at("before").at("psnr").get<double>() + 3);
  EXPECT_TRUE(fs::exists(folder_ / "run" / "denoised" / "000000.png"));
}

// Four spots beside one another, twice over.
TEST_F(Denoise, RestoresLargerPicturesTileByTile) {
  const torch::Tensor clean = to_unit_range(spots(8, 2).images.all());
  const torch::Tensor rows = clean.view({2, 4, 12, 12}).permute({0, 2, 1, 3}).reshape({1, 1, 24, 48});
  torch::manual_seed(6);
  write_pictures(folder_ / "large", rows + 0.3 * torch::randn_like(rows));
  write_pictures(folder_ / "large-clean", rows);
  DenoiseRequest request = request_of({"large"});
  request.clean = path("large-clean");
  request.out = path("restored");
  request.tile_stride = 12;
  const Json json = denoise_pictures(request).to_json();
  EXPECT_GT(json.at("after").at("psnr").get<double>(), json.at("before").at("psnr").get<double>() + 3);
  const torch::Tensor restored = read_picture_files({folder_ / "restored" / "000000.png"}, {});
  EXPECT_EQ(restored.sizes(), (std::vector<int64_t>{1, 1, 24, 48}));
}

TEST_F(Denoise, NamesThePictureThatIsSmallerThanATile) {
  write_pictures(folder_ / "small", torch::rand({1, 1, 12, 10}));
  DenoiseRequest request = request_of({"small"});
  request.tile_stride = 6;
  EXPECT_THAT(error_of([&] { denoise_pictures(request); }),
              HasSubstr("small/000000.png: the picture has 10 x 12 pixels, less than a tile"));
}

TEST_F(Denoise, SaysNothingOfAQualityThatItDoesNotKnow) {
  DenoiseRequest request = request_of({"noisy/000003.png", "noisy/000005.png"});
  request.out = path("two");
  const Json json = denoise_pictures(request).to_json();
  EXPECT_EQ(json.at("pictures"), 2);
  EXPECT_FALSE(json.contains("after"));
}

TEST_F(Denoise, NamesThePictureThatIsMissingOrThereTwice) {
  EXPECT_THAT(error_of([&] { denoise_pictures(request_of({"none.png"})); }),
              HasSubstr("none.png: no such file or folder"));
  EXPECT_THAT(error_of([&] {
                denoise_pictures(request_of({"noisy", "clean"}));
              }),
              HasSubstr("another picture of that name"));
  DenoiseRequest request = request_of({"noisy"});
  request.clean = run_;
  EXPECT_THAT(error_of([&] { denoise_pictures(request); }),
              HasSubstr("--clean names a folder with a picture of each name"));
}

TEST_F(Denoise, TakesCleanPicturesOrNoise) {
  DenoiseRequest request = request_of({"noisy"});
  request.clean = path("clean");
  request.corruption = "masking:0.5";
  EXPECT_THAT(error_of<UsageError>([&] { denoise_pictures(request); }), HasSubstr("both given"));
}

}  // namespace
}  // namespace autoencoder
