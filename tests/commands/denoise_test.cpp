// What `autoencoder denoise` makes of pictures.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/options.h"
#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramTest;
using testing::spots;

class Denoise : public ProgramTest {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    write_spots("spots", 300, 40);
    const testing::ProgramResult trained =
        run({"train", "--data", "spots", "--corruption", "gaussian:0.3", "--hidden", "32", "--latent-dim",
             "4", "--epochs", "30", "--batch-size", "16", "--quiet", "--out", "run"});
    ASSERT_EQ(trained.status, 0) << trained.error;
    const torch::Tensor clean = to_unit_range(spots(20, 2).images);
    write_pictures(folder_ / "clean", clean);
    torch::manual_seed(6);
    write_pictures(folder_ / "noisy", clean + 0.3 * torch::randn_like(clean));
  }
};

TEST_F(Denoise, RestoresPicturesAndTellsHowWellWhereTheCleanOnesAreKnown) {
  const Json json = json_of({"denoise", "run", "noisy", "--clean", "clean", "--out", "restored"});
  EXPECT_EQ(json.at("pictures"), 20);
  EXPECT_GT(json.at("after").at("psnr").get<double>(), json.at("before").at("psnr").get<double>() + 3);
  EXPECT_GT(json.at("after").at("ssim").get<double>(), json.at("before").at("ssim").get<double>());
  EXPECT_TRUE(fs::exists(folder_ / "restored" / "000019.png"));
}

TEST_F(Denoise, PutsNoiseOnCleanPictures) {
  const Json json = json_of({"denoise", "run", "clean", "--corruption", "gaussian:0.3"});
  EXPECT_GT(json.at("after").at("psnr").get<double>(), json.at("before").at("psnr").get<double>() + 3);
  EXPECT_TRUE(fs::exists(folder_ / "run" / "denoised" / "000000.png"));
}

TEST_F(Denoise, SaysNothingOfAQualityThatItDoesNotKnow) {
  const Json json = json_of({"denoise", "run", "noisy/000003.png", "noisy/000005.png", "--out", "two"});
  EXPECT_EQ(json.at("pictures"), 2);
  EXPECT_FALSE(json.contains("after"));
}

TEST_F(Denoise, SaysWhatIsWrong) {
  EXPECT_THAT(run({"denoise", "run", "none.png"}).error, HasSubstr("none.png: no such file or folder"));
  EXPECT_THAT(run({"denoise", "run", "noisy", "--clean", "spots"}).error,
              HasSubstr("--clean names a folder with a picture of each name"));
  EXPECT_THAT(run({"denoise", "run", "noisy", "clean"}).error, HasSubstr("another picture of that name"));
  EXPECT_THAT(run({"denoise", "run", "noisy", "--clean", "clean", "--corruption", "masking:0.5"}).error,
              HasSubstr("both given"));
}

}  // namespace
}  // namespace autoencoder
