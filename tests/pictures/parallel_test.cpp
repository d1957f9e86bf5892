#include "pictures/parallel.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace autoencoder {
namespace {

// So many threads of LibTorch's, for a while.
class Threads {
 public:
  explicit Threads(int count) : before_(at::get_num_threads()) { at::set_num_threads(count); }
  ~Threads() { at::set_num_threads(before_); }

 private:
  int before_;
};

TEST(ForEachIndex, TakesEveryIndexOnce) {
  for (const int threads : {1, 2, 7, 100}) {
    const Threads some(threads);
    std::vector<std::atomic<int>> calls(50);
    for_each_index(calls.size(), [&](size_t index) { ++calls[index]; });
    for (const auto& count : calls) {
      EXPECT_EQ(count, 1) << threads;
    }
  }
}

TEST(ForEachIndex, ThrowsWhatTheSmallestFailingIndexThrew) {
  const Threads four(4);
  for (int attempt = 0; attempt < 50; ++attempt) {
    try {
      for_each_index(200, [](size_t index) {
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
  const Threads one(1);
  std::atomic<int> calls = 0;
  const auto work = [&](size_t) {
    ++calls;
    throw std::runtime_error("no");
  };
  EXPECT_THROW(for_each_index(1000, work), std::runtime_error);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace autoencoder
