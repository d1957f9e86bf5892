// Whether the whole numbers of a column all differ, in little memory however long it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_set>

namespace autoencoder {

/// The mixing of SplitMix64: another number for each, with bits as if drawn.
uint64_t mixed_bits(uint64_t number);

/// Keeps a sample of the numbers that it is shown: those whose mixed bits end in zeros, the more the longer
/// the column is. One that comes back is found if it is in the sample, so that a few that do may pass.
class DistinctNumbers {
 public:
  void add(int64_t number);
  bool all_differ() const { return !has_repeated_; }

 private:
  static constexpr size_t kMostKept = size_t{1} << 13;
  void thin_out();

  std::unordered_set<uint64_t> kept_;
  uint64_t zeros_ = 0;  // bits that are 0 in all that are kept
  bool has_repeated_ = false;
};

}  // namespace autoencoder
