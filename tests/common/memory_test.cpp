#include "common/memory.h"

#include <cstdint>
#include <sys/resource.h>
#include <vector>

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

int64_t page_faults() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

// As tensors of large pictures are: beyond what glibc maps, however its threshold is set.
TEST(Memory, LargePiecesThatAreFreedAreKept) {
#if !defined(__GLIBC__) || defined(AUTOENCODER_SANITIZED)
  GTEST_SKIP() << "another allocator";
#endif
  constexpr size_t kBytes = size_t{100} << 20;
  keep_freed_memory();
  const auto faults_of_a_piece = [] {
    const int64_t before = page_faults();
    const std::vector<char> piece(kBytes, 1);
    EXPECT_EQ(piece.back(), 1);
    return page_faults() - before;
  };
  faults_of_a_piece();
  EXPECT_LT(faults_of_a_piece(), 100);
  give_back_freed_memory();
}

}  // namespace
}  // namespace autoencoder
