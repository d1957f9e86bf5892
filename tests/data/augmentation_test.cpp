#include "data/augmentation.h"

#include <torch/types.h>

#include "common/random.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

torch::Tensor augmented(const std::string& text, const torch::Tensor& images, uint64_t seed = 1) {
  return Augmentation(text).apply({images, images, {}}, make_generator(seed)).input;
}

// Bright at the left, dark at the right, N of them.
torch::Tensor ramps(int64_t count, int64_t side = 16) {
  return torch::linspace(1, 0, side).view({1, 1, 1, side}).expand({count, 1, side, side}).clone();
}

double largest(const torch::Tensor& values) { return values.abs().max().item<double>(); }

TEST(Augmentation, FlipsHalfOfThePicturesAndChangesNoPixel) {
  const torch::Tensor images = ramps(400);
  const torch::Tensor changed = augmented("flip", images);
  const torch::Tensor is_flipped = (changed - images.flip(3)).flatten(1).abs().sum(1) == 0;
  const torch::Tensor is_as_it_was = (changed - images).flatten(1).abs().sum(1) == 0;
  EXPECT_TRUE((is_flipped ^ is_as_it_was).all().item<bool>());
  EXPECT_NEAR(is_flipped.to(torch::kFloat32).mean().item<double>(), 0.5, 0.1);
}

// Of a ramp, that falls by 1 over its width, the slope across is the cosine of the angle and the slope down
// its sine; the edges are left out, for they are mirrored.
TEST(Augmentation, TurnsByUpToItsDegreesEitherWayAlsoWherePicturesAreNotSquare) {
  const torch::Tensor images = torch::linspace(1, 0, 60).view({1, 1, 1, 60}).expand({200, 1, 40, 60}).clone();
  const torch::Tensor middle = augmented("rotate:30", images).narrow(2, 15, 10).narrow(3, 25, 10);
  const torch::Tensor across = (middle.select(3, 0) - middle.select(3, 9)).mean({1, 2}) / 9 * 59;
  const torch::Tensor down = (middle.select(2, 0) - middle.select(2, 9)).mean({1, 2}) / 9 * 59;
  EXPECT_LT(largest(across.square() + down.square() - 1), 1e-3);
  const torch::Tensor degrees = torch::atan2(down, across) * (180 / M_PI);
  EXPECT_LT(largest(degrees), 30);
  EXPECT_GT(degrees.max().item<double>(), 25);
  EXPECT_LT(degrees.min().item<double>(), -25);
  EXPECT_NEAR(degrees.mean().item<double>(), 0, 4);
}

TEST(Augmentation, CropsAPartAtAnyPlaceAndEnlargesIt) {
  const torch::Tensor changed = augmented("crop:8", ramps(300));
  const torch::Tensor slope = (changed.select(3, 4) - changed.select(3, 11)).mean({1, 2}) / 7 * 15;
  EXPECT_LT(largest(slope - 0.5), 1e-3);  // eight pixels of sixteen
  const torch::Tensor means = changed.mean({1, 2, 3});
  EXPECT_GT(means.max().item<double>(), 0.7);
  EXPECT_LT(means.min().item<double>(), 0.3);
}

TEST(Augmentation, AWholeCropIsThePicture) {
  const torch::Tensor images = torch::rand({3, 3, 12, 17});
  EXPECT_LT(largest(augmented("crop:12", images) - images), 1e-4);
}

TEST(Augmentation, ChangesBrightnessOfWholePicturesByItsShare) {
  const torch::Tensor factor = augmented("brightness:0.2", torch::full({300, 3, 4, 4}, 0.5)) / 0.5;
  EXPECT_LT(largest(factor - factor.mean({1, 2, 3}, true)), 1e-6);
  EXPECT_GT(factor.max().item<double>(), 1.15);
  EXPECT_LE(factor.max().item<double>(), 1.2 + 1e-6);
  EXPECT_LT(factor.min().item<double>(), 0.85);
}

TEST(Augmentation, AddsNoiseOfItsDeviationWithinTheRange) {
  const torch::Tensor noise = augmented("noise:0.1", torch::full({20, 1, 20, 20}, 0.5)) - 0.5;
  EXPECT_NEAR(noise.std().item<double>(), 0.1, 0.004);
  EXPECT_EQ(augmented("noise:0.1", torch::ones({5, 1, 20, 20})).max().item<double>(), 1);
  EXPECT_GT(augmented("noise:0.1", torch::ones({5, 1, 1, 20})).max().item<double>(), 1.1);
}

TEST(Augmentation, InputAndTargetAreTheSamePictureAndLabelsStay) {
  const torch::Tensor images = ramps(6);
  const Batch batch = {images, images, torch::arange(6)};
  const Batch changed =
      Augmentation("flip,rotate:10,crop:12,brightness:0.1,noise:0.02").apply(batch, make_generator(1));
  EXPECT_TRUE(changed.input.is_same(changed.target));
  EXPECT_TRUE(changed.label.is_same(batch.label));
  EXPECT_EQ(changed.input.sizes(), images.sizes());
}

TEST(Augmentation, IsAnotherInEveryDrawAndTheSameForOneSeed) {
  const std::string all = "flip,rotate:10,crop:12,brightness:0.1,noise:0.02";
  EXPECT_TRUE(torch::equal(augmented(all, ramps(4), 1), augmented(all, ramps(4), 1)));
  EXPECT_FALSE(torch::equal(augmented(all, ramps(4), 1), augmented(all, ramps(4), 2)));
}

TEST(Augmentation, NoneIsTheBatchItself) {
  const torch::Tensor images = ramps(2);
  EXPECT_TRUE(Augmentation("none").is_none());
  EXPECT_TRUE(augmented("none", images).is_same(images));
}

TEST(Augmentation, RefusesWhatIsNone) {
  EXPECT_THAT(error_of([] { Augmentation("rotat:10"); }), HasSubstr("did you mean 'rotate'?"));
  EXPECT_THAT(error_of([] { Augmentation("flip:2"); }), HasSubstr("augment has 'flip:2'; write flip"));
  EXPECT_THAT(error_of([] { Augmentation("flip,rotate"); }),
              HasSubstr("augment has 'rotate'; write rotate:10, with a number above 0 and at most 180"));
  EXPECT_THAT(error_of([] { Augmentation("brightness:1.5"); }), HasSubstr("at most 1"));
  EXPECT_THAT(error_of([] { Augmentation("noise:x"); }), HasSubstr("augment has 'noise:x'"));
  EXPECT_THAT(error_of([] { Augmentation("flip,none"); }), HasSubstr("must be none, or some of flip"));
}

TEST(Augmentation, RefusesExamplesThatItCannotChange) {
  EXPECT_THAT(error_of([] {
                Augmentation("flip").check({1, 1, 20});
              }),
              HasSubstr("but not examples of 20 numbers"));
  EXPECT_NO_THROW(Augmentation("noise:0.1").check({1, 1, 20}));
  EXPECT_NO_THROW(Augmentation("crop:28").check({1, 28, 40}));
  EXPECT_THAT(error_of([] {
                Augmentation("crop:29").check({1, 28, 40});
              }),
              HasSubstr("augment has crop:29, but the pictures are 28x40"));
}

}  // namespace
}  // namespace autoencoder
