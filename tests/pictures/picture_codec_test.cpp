// Pictures as files in memory.
#include "pictures/picture_codec.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// Smooth, each channel in another direction.
torch::Tensor picture(int64_t channels) {
  const torch::Tensor ramp = torch::arange(32, torch::kInt64) * 8;
  const torch::Tensor right = ramp.expand({32, 32});
  const torch::Tensor down = right.t();
  const torch::Tensor both = torch::stack({right, down, (right + down).div(2, "floor")});
  return both.slice(0, 0, channels).to(torch::kUInt8);
}

TEST(PictureCodec, LosesNothingOrLittle) {
  for (const int64_t channels : {1, 3}) {
    const torch::Tensor original = picture(channels);
    for (const PictureCodec codec : {PictureCodec::kPng, PictureCodec::kLosslessWebp}) {
      EXPECT_TRUE(torch::equal(coded(original, codec, 0).decoded, original)) << codec_name(codec);
    }
    for (const PictureCodec codec : {PictureCodec::kJpeg, PictureCodec::kWebp}) {
      const torch::Tensor decoded = coded(original, codec, 95).decoded;
      ASSERT_EQ(decoded.sizes(), original.sizes());
      EXPECT_LT((decoded.to(torch::kFloat32) - original).abs().mean().item<float>(), 6) << codec_name(codec);
    }
  }
}

TEST(PictureCodec, LessQualityTakesFewerBytes) {
  torch::manual_seed(0);
  const torch::Tensor noise = torch::randint(0, 256, {1, 64, 64}, torch::kUInt8);
  for (const PictureCodec codec : {PictureCodec::kJpeg, PictureCodec::kWebp}) {
    EXPECT_LT(coded(noise, codec, 10).file.size(), coded(noise, codec, 90).file.size()) << codec_name(codec);
  }
}

}  // namespace
}  // namespace autoencoder
