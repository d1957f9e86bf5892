#include "data/formats/number_blocks.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

// More rows than a block holds.
TEST(NumberBlocks, GivesTheChosenColumnsOfAllRows) {
  constexpr size_t kRows = 3'000'000;
  NumberBlocks blocks(3);
  for (size_t row = 0; row < kRows; ++row) {
    float* numbers = blocks.add_row();
    for (size_t column = 0; column < 3; ++column) {
      numbers[column] = static_cast<float>(row * 3 + column);
    }
  }
  std::vector<float> chosen(2 * kRows);
  blocks.move_to(chosen.data(), {0, 2});
  for (size_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(chosen[2 * row], static_cast<float>(row * 3));
    ASSERT_EQ(chosen[2 * row + 1], static_cast<float>(row * 3 + 2));
  }
}

}  // namespace
}  // namespace autoencoder
