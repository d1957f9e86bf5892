#include "training/reproducible_gradients.h"

#include <algorithm>
#include <bit>
#include <span>

#include <ATen/Parallel.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr int64_t kMostParts = 8;

int64_t parts_of(const Batch& batch) {
  return static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(worthwhile_parts(batch, kMostParts))));
}

// Which branches of the tree a process computes: branches of `parts` parts in all, of which there are at
// least as many as processes, as far as there are parts.
struct Share {
  int64_t branches = 1;
  int64_t parts_of_branch = 1;
  int64_t first = 0;
  int64_t end = 1;

  int64_t count() const { return end - first; }
};

Share share_of(int64_t rank, int64_t processes, int64_t parts) {
  const auto wanted = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(processes)));
  const int64_t branches = std::min(parts, wanted);
  return {branches, parts / branches, branches * rank / processes, branches * (rank + 1) / processes};
}

// The sums of something's values, in a list: those of two are added element by element.
using Values = std::vector<Tensor>;

// `leaves`: as many as a power of two. The first one's tensors hold the sums in the end.
Values tree_sum(std::span<Values> leaves) {
  if (leaves.size() == 1) {
    return leaves.front();
  }
  const size_t half = leaves.size() / 2;
  const Values left = tree_sum(leaves.first(half));
  at::_foreach_add_(left, tree_sum(leaves.subspan(half)));
  return left;
}

// The total and the terms by the part's share, in float64.
Tensor losses_of(const BatchPart& part) {
  std::vector<double> values = {part.loss.total.item<double>() * part.share};
  for (const Term& term : part.loss.terms) {
    values.push_back(term.value.item<double>() * part.share);
  }
  return torch::tensor(values, torch::kFloat64);
}

// Its gradients (none where only the loss is wanted), and last its losses.
Values values_of(const BatchPart& part) {
  Values values = part.gradients;
  values.push_back(losses_of(part));
  return values;
}

Values branch_of(std::span<const BatchPart> parts) {
  std::vector<Values> leaves;
  for (const BatchPart& part : parts) {
    leaves.push_back(values_of(part));
  }
  return tree_sum(leaves);
}

// Values of any types end to end, as bytes.
Tensor packed(const Values& values) {
  std::vector<Tensor> bytes;
  for (const Tensor& value : values) {
    bytes.push_back(value.contiguous().flatten().view(torch::kUInt8));
  }
  return torch::cat(bytes);
}

Values unpacked(const Tensor& bytes, const Values& like) {
  Values values;
  int64_t first = 0;
  for (const Tensor& value : like) {
    const auto count = static_cast<int64_t>(value.nbytes());
    // Copied, for numbers of eight bytes begin at a multiple of them.
    values.push_back(bytes.narrow(0, first, count).clone().view(value.scalar_type()).view(value.sizes()));
    first += count;
  }
  return values;
}

// As many branches as a process has at most, so that each gives as much as the others.
Tensor packed(const std::vector<Values>& branches, const Values& like, int64_t most) {
  std::vector<Tensor> rows;
  for (const Values& branch : branches) {
    rows.push_back(packed(branch));
  }
  rows.resize(static_cast<size_t>(most), packed(like));
  return torch::stack(rows);
}

// Of all processes, from each one's own: in their order in the tree.
std::vector<Values> all_branches(std::vector<Values> own, const Values& like, int64_t parts,
                                 Communicator& processes) {
  if (processes.size() == 1) {
    return own;
  }
  int64_t most = 0;
  for (int64_t rank = 0; rank < processes.size(); ++rank) {
    most = std::max(most, share_of(rank, processes.size(), parts).count());
  }
  const Tensor gathered = processes.gather(packed(own, like, most));
  std::vector<Values> all;
  for (int64_t rank = 0; rank < processes.size(); ++rank) {
    for (int64_t i = 0; i < share_of(rank, processes.size(), parts).count(); ++i) {
      all.push_back(unpacked(gathered[rank][i], like));
    }
  }
  return all;
}

// Parts that are computed alone are computed by one thread, as they are where there are several.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

template <typename Work>
void work_on(std::span<BatchPart> parts, const Work& work) {
  if (parts.size() == 1 && at::get_num_threads() > 1) {
    const OneThread alone;
    work(parts);
  } else {
    work(parts);
  }
}

// What the whole batch gives: its gradients, and last its losses.
template <typename Work>
Values sums_of(std::vector<BatchPart>& parts, Communicator& processes, const Work& work) {
  const auto count = static_cast<int64_t>(parts.size());
  const Share share = share_of(processes.rank(), processes.size(), count);
  const std::span<BatchPart> all(parts);
  const auto first = static_cast<size_t>(share.first * share.parts_of_branch);
  const auto computed = static_cast<size_t>(share.count() * share.parts_of_branch);
  // Who has none computes one all the same, to know of what there is.
  const std::span<BatchPart> own = computed > 0 ? all.subspan(first, computed) : all.first(1);
  work_on(own, work);
  std::vector<Values> branches;
  for (int64_t i = 0; i < share.count(); ++i) {
    branches.push_back(branch_of(own.subspan(static_cast<size_t>(i * share.parts_of_branch),
                                             static_cast<size_t>(share.parts_of_branch))));
  }
  const Values like = values_of(own.front());
  std::vector<Values> whole = all_branches(std::move(branches), like, count, processes);
  parts.front().loss = own.front().loss;  // for the names of its terms
  return tree_sum(whole);
}

Loss loss_from(const Loss& like, const Tensor& sums) {
  Loss loss = {torch::scalar_tensor(sums[0].item<double>()), like.terms};
  for (size_t term = 0; term < loss.terms.size(); ++term) {
    loss.terms[term].value = torch::scalar_tensor(sums[static_cast<int64_t>(term) + 1].item<double>());
  }
  return loss;
}

void give_gradients(const std::vector<Tensor>& parameters, const Values& sums) {
  for (size_t i = 0; i < parameters.size(); ++i) {
    Tensor(parameters[i]).mutable_grad() = sums[i];
  }
}

}  // namespace

Loss ReproducibleEngine::differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters,
                                       const Batch& batch, const Step& step) {
  std::vector<BatchPart> parts = divide(batch, step, weight_of_, parts_of(batch));
  const Values sums = sums_of(
      parts, processes_, [&](std::span<BatchPart> own) { differentiate_parts(own, loss_of, parameters); });
  give_gradients(parameters, sums);
  return loss_from(parts.front().loss, sums.back());
}

Loss ReproducibleEngine::compute(const LossOf& loss_of, const Batch& batch, const Step& step) {
  std::vector<BatchPart> parts = divide(batch, step, weight_of_, parts_of(batch));
  const Values sums =
      sums_of(parts, processes_, [&](std::span<BatchPart> own) { compute_parts(own, loss_of); });
  return loss_from(parts.front().loss, sums.back());
}

}  // namespace autoencoder
