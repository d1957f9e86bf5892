#include "training/reproducible_gradients.h"

#include <memory>
#include <span>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/types.h>

#include "training/meeting.h"
#include "training/part_shares.h"

namespace autoencoder {
namespace {

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

// The part's weight, and by it the total and the terms, in float64.
Tensor losses_of(const BatchPart& part) {
  std::vector<double> values = {1, part.loss.total.item<double>()};
  for (const Term& term : part.loss.terms) {
    values.push_back(term.value.item<double>());
  }
  return torch::tensor(values, torch::kFloat64) * part.weight;
}

// Its gradients (none where only the loss is wanted), and last its losses, all by its weight.
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

// Of all processes, from each one's own: in their order in the tree.
std::vector<Values> all_branches(const std::vector<Values>& own, const Values& like, const PartShare& share,
                                 Communicator& processes) {
  std::vector<Tensor> rows;
  for (const Values& branch : own) {
    rows.push_back(packed(branch));
  }
  const Tensor none = packed(like).unsqueeze(0);  // of a process without branches, whose count is 0
  const Tensor gathered =
      gather_rows(processes, share.branches * share.parts_of_branch, rows.empty() ? none : torch::stack(rows),
                  [](const PartShare& each) { return each.count(); });
  std::vector<Values> all;
  for (const Tensor& row : gathered.unbind(0)) {
    all.push_back(unpacked(row, like));
  }
  return all;
}

// Where each process has one branch: it climbs the tree in pairs, each of which ends with what both have.
Values climbed_sum(Values sums, Communicator& processes) {
  for (int64_t distance = 1; distance < processes.size(); distance *= 2) {
    const Tensor theirs = processes.exchange(processes.rank() ^ distance, packed(sums));
    at::_foreach_add_(sums, unpacked(theirs, sums));
  }
  return sums;
}

// What the whole batch gives, from each process's own branches; `like`: what one of them is like.
Values sum_of_processes(std::vector<Values> own, const Values& like, const PartShare& share,
                        Communicator& processes) {
  if (processes.size() == 1) {
    return tree_sum(own);
  }
  if (share.branches == processes.size()) {
    return climbed_sum(own.front(), processes);
  }
  std::vector<Values> all = all_branches(own, like, share, processes);
  return tree_sum(all);
}

// Parts that are computed alone are computed by one thread, as they are where there are several.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

  int before() const { return before_; }

 private:
  int before_;
};

// By the sum of all weights.
void make_means_of(Values& sums) { at::_foreach_div_(sums, sums.back()[0].item<double>()); }

Loss loss_from(const Loss& like, const Tensor& means) {
  Loss loss = {torch::scalar_tensor(means[1].item<double>()), like.terms};
  for (size_t term = 0; term < loss.terms.size(); ++term) {
    loss.terms[term].value = torch::scalar_tensor(means[static_cast<int64_t>(term) + 2].item<double>());
  }
  return loss;
}

}  // namespace

Loss ReproducibleEngine::differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters,
                                       const Batch& batch, const Step& step) {
  return sum(parameters, batch, step, gradients_computed_by(loss_of, parameters));
}

Loss ReproducibleEngine::compute(const LossOf& loss_of, const Batch& batch, const Step& step) {
  return sum({}, batch, step, loss_computed_by(loss_of));
}

// What the whole batch gives: its loss, and the gradients of `parameters`, which take the place of theirs.
Loss ReproducibleEngine::sum(const std::vector<Tensor>& parameters, const Batch& batch, const Step& step,
                             const PartWork& work) {
  const int64_t count = parts_of_any_batch(batch.size(), shape_of(batch));
  const PartShare share = share_of(processes_.rank(), processes_.size(), count);
  std::vector<BatchPart> own =
      divide(narrow_to(batch, own_rows(processes_, batch.size(), shape_of(batch))), step, weight_of_, count);
  work_on(own, count, work);
  std::vector<Values> branches;
  for (int64_t i = 0; i < share.count(); ++i) {
    branches.push_back(branch_of(std::span(own).subspan(static_cast<size_t>(i * share.parts_of_branch),
                                                        static_cast<size_t>(share.parts_of_branch))));
  }
  Values sums = sum_of_processes(std::move(branches), values_of(own.front()), share, processes_);
  make_means_of(sums);
  for (size_t i = 0; i < parameters.size(); ++i) {
    Tensor(parameters[i]).mutable_grad() = sums[i];
  }
  return loss_from(own.front().loss, sums.back());
}

void ReproducibleEngine::work_on(std::span<BatchPart> own, int64_t parts, const PartWork& work) {
  if (division_ != Division::kFree && parts > 1) {
    let_meet(own, parts, work);
  } else if (own.size() == 1 && at::get_num_threads() > 1) {
    const OneThread alone;
    work(own.front());
  } else {
    for_each_at_once(own, work);
  }
}

void ReproducibleEngine::let_meet(std::span<BatchPart> own, int64_t parts, const PartWork& work) {
  const OneThread each;
  if (!meeting_threads_ || meeting_threads_->size() < own.size()) {
    meeting_threads_ = std::make_unique<c10::ThreadPool>(static_cast<int>(own.size()), /*numa_node_id=*/-1,
                                                         [] { at::set_num_threads(1); });
  }
  const int64_t at_once = division_ == Division::kInTurn ? 1 : each.before();
  Meeting(processes_, parts, at_once).run(std::ssize(own), *meeting_threads_, [&](int64_t place) {
    work(own[static_cast<size_t>(place)]);
  });
}

}  // namespace autoencoder
