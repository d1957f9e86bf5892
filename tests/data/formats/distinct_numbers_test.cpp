#include "data/formats/distinct_numbers.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

constexpr int64_t kMany = 300'000;  // more than are kept

TEST(DistinctNumbers, OneThatComesBackIsFound) {
  DistinctNumbers numbers;
  for (const int64_t number : {5, -3, 0, 7}) {
    numbers.add(number);
  }
  EXPECT_TRUE(numbers.all_differ());
  numbers.add(-3);
  EXPECT_FALSE(numbers.all_differ());
}

TEST(DistinctNumbers, LongColumnsAreToldFromASample) {
  DistinctNumbers different;
  DistinctNumbers twice;
  for (int64_t i = 0; i < kMany; ++i) {
    different.add(i * i);
    twice.add(i % (kMany / 2));
  }
  EXPECT_TRUE(different.all_differ());
  EXPECT_FALSE(twice.all_differ());
}

}  // namespace
}  // namespace autoencoder
