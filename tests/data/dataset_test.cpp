#include "data/dataset.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"

namespace autoencoder {
namespace {

Dataset numbered(int64_t count) {
  return {torch::arange(count, torch::kFloat32).view({count, 1, 1, 1}), torch::arange(count), {}};
}

TEST(Dataset, ExamplesChosenAtRandomAreTheSameForTheSameSeedAndKeepTheirOrder) {
  const Dataset some = random_examples(numbered(100), 10, make_generator(1));
  ASSERT_EQ(some.size(), 10);
  EXPECT_TRUE((some.labels.diff() > 0).all().item<bool>());
  EXPECT_TRUE(torch::equal(some.images.flatten(), some.labels.to(torch::kFloat32)));
  EXPECT_TRUE(torch::equal(random_examples(numbered(100), 10, make_generator(1)).labels, some.labels));
  EXPECT_FALSE(torch::equal(random_examples(numbered(100), 10, make_generator(2)).labels, some.labels));
}

TEST(Dataset, AllExamplesAreTakenWhereNoMoreAreAskedFor) {
  EXPECT_EQ(random_examples(numbered(5), 0, make_generator(1)).size(), 5);
  EXPECT_EQ(random_examples(numbered(5), 5, make_generator(1)).size(), 5);
  EXPECT_EQ(random_examples(numbered(5), 9, make_generator(1)).size(), 5);
}

}  // namespace
}  // namespace autoencoder
