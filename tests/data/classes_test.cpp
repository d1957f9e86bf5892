#include "data/classes.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TEST(Classes, AreCountedFromZeroInTheOrderOfTheLabels) {
  const Classes classes = number_classes(torch::tensor({7, -3, 7, 40}, torch::kInt64), {});
  EXPECT_TRUE(torch::equal(classes.numbers, torch::tensor({1, 0, 1, 2}, torch::kInt64)));
  EXPECT_EQ(classes.names, (std::vector<std::string>{"-3", "7", "40"}));
}

TEST(Classes, KeepTheNamesOfTheLabelsThatThereAre) {
  const Classes classes = number_classes(torch::tensor({2, 0}, torch::kInt64), {"ape", "bee", "cow"});
  EXPECT_EQ(classes.names, (std::vector<std::string>{"ape", "cow"}));
}

}  // namespace
}  // namespace autoencoder
