#include "training/part_shares.h"

#include <algorithm>
#include <bit>

namespace autoencoder {

PartShare share_of(int64_t rank, int64_t processes, int64_t parts) {
  const auto wanted = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(processes)));
  const int64_t branches = std::min(parts, wanted);
  return {branches, parts / branches, branches * rank / processes, branches * (rank + 1) / processes};
}

int64_t most_parts(int64_t processes, int64_t parts) {
  int64_t most = 0;
  for (int64_t rank = 0; rank < processes; ++rank) {
    most = std::max(most, share_of(rank, processes, parts).part_count());
  }
  return most;
}

}  // namespace autoencoder
