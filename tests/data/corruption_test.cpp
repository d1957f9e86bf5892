#include "data/corruption.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

const torch::Tensor kGrey = torch::full({50, 1, 20, 20}, 0.5);

torch::Tensor corrupted(const std::string& text, const torch::Tensor& images = kGrey, uint64_t seed = 1) {
  return Corruption(text).apply(images, make_generator(seed));
}

double share(const torch::Tensor& mask) { return mask.to(torch::kFloat32).mean().item<double>(); }

TEST(Corruption, GaussianNoiseHasItsStandardDeviation) {
  const torch::Tensor noise = corrupted("gaussian:0.1") - kGrey;
  EXPECT_NEAR(noise.std().item<double>(), 0.1, 0.003);
  EXPECT_NEAR(noise.mean().item<double>(), 0, 0.003);
}

TEST(Corruption, ImagesStayInTheirRangeAndVectorsHaveNone) {
  const torch::Tensor noisy = corrupted("gaussian:2");
  EXPECT_EQ(noisy.min().item<float>(), 0);
  EXPECT_EQ(noisy.max().item<float>(), 1);
  EXPECT_GT(corrupted("gaussian:2", torch::zeros({50, 1, 1, 20})).abs().max().item<float>(), 3);
}

TEST(Corruption, SaltAndPepperAreHalfEach) {
  const torch::Tensor noisy = corrupted("salt-pepper:0.4");
  EXPECT_NEAR(share(noisy == 0), 0.2, 0.01);
  EXPECT_NEAR(share(noisy == 1), 0.2, 0.01);
  EXPECT_NEAR(share(noisy == 0.5), 0.6, 0.01);
}

TEST(Corruption, MaskingBlackensItsShare) {
  const torch::Tensor noisy = corrupted("masking:0.3");
  EXPECT_NEAR(share(noisy == 0), 0.3, 0.01);
  EXPECT_NEAR(share(noisy == 0.5), 0.7, 0.01);
}

TEST(Corruption, SpeckleGrowsWithThePixel) {
  EXPECT_EQ(corrupted("speckle:0.3", torch::zeros({5, 1, 8, 8})).abs().max().item<float>(), 0);
  EXPECT_NEAR((corrupted("speckle:0.1") - kGrey).std().item<double>(), 0.05, 0.002);
}

TEST(Corruption, NoneIsTheImageItself) {
  EXPECT_TRUE(Corruption("none").is_none());
  EXPECT_TRUE(corrupted("none").is_same(kGrey));
}

TEST(Corruption, IsAnotherInEveryDrawAndTheSameForOneSeed) {
  EXPECT_TRUE(torch::equal(corrupted("gaussian:0.1", kGrey, 1), corrupted("gaussian:0.1", kGrey, 1)));
  EXPECT_FALSE(torch::equal(corrupted("gaussian:0.1", kGrey, 1), corrupted("gaussian:0.1", kGrey, 2)));
}

TEST(Corruption, RefusesWhatIsNone) {
  EXPECT_THAT(error_of([] { Corruption("gausian:0.3"); }), HasSubstr("did you mean 'gaussian'?"));
  EXPECT_THAT(error_of([] { Corruption("gaussian"); }), HasSubstr("such as gaussian:0.3"));
  EXPECT_THAT(error_of([] { Corruption("gaussian:x"); }), HasSubstr("corruption is 'gaussian:x'"));
  EXPECT_THAT(error_of([] { Corruption("masking:1.5"); }), HasSubstr("at most 1"));
  EXPECT_THAT(error_of([] { Corruption("masking:0"); }), HasSubstr("above 0"));
}

TEST(Corruption, DefectsAreTwoAPictureWhereNoNumberIsGiven) {
  EXPECT_EQ(Corruption("defects").text(), "defects:2");
  EXPECT_EQ(Corruption("defects:0.5").text(), "defects:0.5");
  EXPECT_THAT(error_of([] { Corruption("defects:"); }), HasSubstr("such as defects:0.3"));
  EXPECT_THAT(error_of([] { Corruption("defects:21"); }), HasSubstr("at most 20"));
  const torch::Tensor pictures = torch::rand({20, 1, 20, 20});
  EXPECT_FALSE(torch::equal(corrupted("defects", pictures), pictures));
}

TEST(Corruption, VectorsHaveNoDefects) {
  EXPECT_THAT(error_of([] {
                corrupted("defects", torch::rand({5, 1, 1, 20}));
              }),
              HasSubstr("for vectors give gaussian:S"));
}

TEST(Corruption, HolesTakeWholeColumnsOfRows) {
  const torch::Tensor rows = torch::ones({2000, 1, 1, 5});
  const Corruption holes = Corruption("holes:0.3").of(RowLayout("number,category:3,yes-no"), {});
  const torch::Tensor is_hole = torch::isnan(holes.apply(rows, make_generator(1))).flatten(1);
  const torch::Tensor of_category = is_hole.narrow(1, 1, 3);
  EXPECT_TRUE(torch::equal(of_category.all(1), of_category.any(1)));
  EXPECT_FALSE(torch::equal(is_hole.select(1, 0), is_hole.select(1, 1)));
  EXPECT_NEAR(is_hole.to(torch::kFloat32).mean().item<double>(), 0.3, 0.02);
}

TEST(Corruption, HolesAreOfTablesAlone) {
  EXPECT_THAT(error_of([] {
                corrupted("holes:0.3", torch::rand({5, 1, 20, 20}));
              }),
              HasSubstr("for other data give masking:P"));
}

TEST(Corruption, NoiseOfRowsGoesByTheirSpread) {
  const torch::Tensor rows = torch::zeros({4000, 1, 1, 2});
  const Corruption noise =
      Corruption("gaussian:0.5").of(RowLayout("number*2"), torch::tensor({100.0F, 0.01F}));
  const torch::Tensor spread = noise.apply(rows, make_generator(1)).flatten(1).std(0);
  EXPECT_TRUE(torch::allclose(spread, torch::tensor({50.0F, 0.005F}), 0.05));
}

TEST(Corruption, ARangeGivesEachExampleAStrengthOfItsOwn) {
  EXPECT_EQ(Corruption("gaussian:0.1..1").text(), "gaussian:0.1..1");
  const torch::Tensor noise = corrupted("gaussian:0.1..1", torch::zeros({4000, 1, 1, 500})).flatten(1);
  const torch::Tensor strengths = noise.std(1);
  EXPECT_NEAR(strengths.min().item<double>(), 0.1, 0.02);
  EXPECT_NEAR(strengths.max().item<double>(), 1, 0.15);
  EXPECT_NEAR(strengths.log().mean().item<double>(), std::log(0.1) / 2, 0.05);  // half below 0.32
  EXPECT_THAT(error_of([] { Corruption("gaussian:1..0.1"); }), HasSubstr("from the smaller on"));
  EXPECT_THAT(error_of([] { Corruption("masking:0.1..0.5"); }), HasSubstr("a number above 0 and at most 1"));
}

TEST(Corruption, NoiseOfNumbersWithoutALayoutGoesByTheirSpread) {
  const Corruption noise = Corruption("gaussian:0.5").of(RowLayout(), torch::full({1, 1, 20}, 100.0F));
  const auto spread = [&](const torch::Tensor& clean) {
    return (noise.apply(clean, make_generator(1)) - clean).std().item<double>();
  };
  EXPECT_NEAR(spread(torch::zeros({1000, 1, 1, 20})), 50, 1);
  EXPECT_LT(spread(torch::full({50, 1, 20, 20}, 0.5)), 0.5);  // images keep theirs
}

TEST(Corruption, TheTargetStaysClean) {
  const Batch batch = seen_by_model({kGrey, kGrey, {}}, Corruption("masking:0.5"), false, make_generator(1));
  EXPECT_TRUE(batch.target.is_same(kGrey));
  EXPECT_FALSE(torch::equal(batch.input, kGrey));
}

TEST(Corruption, BinarisedImagesHaveTheIntensityAsChance) {
  const torch::Tensor images = torch::full({50, 1, 20, 20}, 0.3);
  const Batch batch = seen_by_model({images, images, {}}, Corruption(), true, make_generator(1));
  EXPECT_TRUE(torch::equal(batch.input, batch.target));
  EXPECT_TRUE(((batch.target == 0) | (batch.target == 1)).all().item<bool>());
  EXPECT_NEAR(batch.target.mean().item<double>(), 0.3, 0.01);
}

}  // namespace
}  // namespace autoencoder
