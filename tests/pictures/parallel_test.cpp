#include "pictures/parallel.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(ForEachIndex, TakesEveryIndexOnce) {
  for (const size_t threads : {0, 1, 2, 7, 100}) {
    std::vector<std::atomic<int>> calls(50);
    for_each_index(calls.size(), threads, [&](size_t index) { ++calls[index]; });
    for (const auto& count : calls) {
      EXPECT_EQ(count, 1) << threads;
    }
  }
}

TEST(ForEachIndex, ThrowsWhatTheSmallestFailingIndexThrew) {
  for (int attempt = 0; attempt < 50; ++attempt) {
    try {
      for_each_index(200, 4, [](size_t index) {
        if (index % 30 == 29) {
          throw std::runtime_error(std::to_string(index));
        }
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "29");
    }
  }
}

TEST(ForEachIndex, StopsAfterAFailure) {
  std::atomic<int> calls = 0;
  const auto work = [&](size_t) {
    ++calls;
    throw std::runtime_error("no");
  };
  EXPECT_THROW(for_each_index(1000, 1, work), std::runtime_error);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace autoencoder
