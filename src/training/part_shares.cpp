#include "training/part_shares.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "training/batch_parts.h"

namespace autoencoder {

int64_t parts_of_any_batch(int64_t examples, const ImageShape& shape) {
  constexpr int64_t kFew = 8;
  constexpr int64_t kExamplesOfMore = 128;
  const int64_t most = std::max(kFew, examples / kExamplesOfMore);
  return static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(worthwhile_parts(examples, shape, most))));
}

PartShare share_of(int64_t rank, int64_t processes, int64_t parts) {
  const auto wanted = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(processes)));
  const int64_t branches = std::min(parts, wanted);
  return {branches, parts / branches, branches * rank / processes, branches * (rank + 1) / processes};
}

Rows own_rows(const Communicator& processes, int64_t examples, const ImageShape& shape) {
  const int64_t parts = parts_of_any_batch(examples, shape);
  const PartShare share = share_of(processes.rank(), processes.size(), parts);
  const int64_t first = share.count() > 0 ? share.first_part() : 0;
  const int64_t last = first + std::max<int64_t>(share.part_count(), 1) - 1;
  return {rows_of_part(examples, parts, first).begin, rows_of_part(examples, parts, last).end};
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
