#include "training/part_shares.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace autoencoder {

PartShare share_of(int64_t rank, int64_t processes, int64_t parts) {
  const auto wanted = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(processes)));
  const int64_t branches = std::min(parts, wanted);
  return {branches, parts / branches, branches * rank / processes, branches * (rank + 1) / processes};
}

torch::Tensor gather_rows(Communicator& processes, int64_t parts, const torch::Tensor& own,
                          const std::function<int64_t(const PartShare& share)>& count_of) {
  std::vector<int64_t> counts;
  for (int64_t rank = 0; rank < processes.size(); ++rank) {
    counts.push_back(count_of(share_of(rank, processes.size(), parts)));
  }
  // Each gives as much as the others.
  std::vector<int64_t> sizes = own.sizes().vec();
  sizes.front() = *std::max_element(counts.begin(), counts.end());
  const torch::Tensor padded = torch::zeros(sizes, own.options());
  const int64_t own_count = counts[static_cast<size_t>(processes.rank())];
  padded.narrow(0, 0, own_count).copy_(own.narrow(0, 0, own_count));
  const torch::Tensor gathered = processes.gather(padded);
  std::vector<torch::Tensor> rows;
  for (int64_t rank = 0; rank < processes.size(); ++rank) {
    rows.push_back(gathered[rank].narrow(0, 0, counts[static_cast<size_t>(rank)]));
  }
  return torch::cat(rows);
}

}  // namespace autoencoder
