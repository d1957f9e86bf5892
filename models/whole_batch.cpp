#include "models/whole_batch.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

using torch::Tensor;

thread_local OtherParts* others_of_thread = nullptr;

// In one order, whatever computes the parts.
Tensor sum_of_rows(const Tensor& rows) {
  Tensor sum = rows[0].clone();
  for (int64_t part = 1; part < rows.size(0); ++part) {
    sum += rows[part];
  }
  return sum;
}

struct SumOverBatch : torch::autograd::Function<SumOverBatch> {
  static Tensor forward(torch::autograd::AutogradContext* /*context*/, const Tensor& own) {
    return sum_of_rows(others_of_thread->gather(own));
  }

  // The sum is part of every part's loss.
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* /*context*/,
                                                 const torch::autograd::variable_list& gradients) {
    return {sum_over_batch(gradients.front())};
  }
};

}  // namespace

PartOfBatch::PartOfBatch(OtherParts& others) { others_of_thread = &others; }

PartOfBatch::~PartOfBatch() { others_of_thread = nullptr; }

bool is_part_of_batch() { return others_of_thread != nullptr; }

Tensor gather_over_batch(const Tensor& own) {
  return is_part_of_batch() ? others_of_thread->gather(own.detach()).flatten(0, 1) : own.detach();
}

Tensor sum_over_batch(const Tensor& own) { return is_part_of_batch() ? SumOverBatch::apply(own) : own; }

Tensor mean_over_batch(const Tensor& examples) {
  return is_part_of_batch()
             ? sum_over_batch(examples.sum(0)) / static_cast<double>(examples_of_batch(examples.size(0)))
             : examples.mean(0);
}

int64_t examples_of_batch(int64_t own) {
  return is_part_of_batch() ? gather_over_batch(torch::tensor({own})).sum().item<int64_t>() : own;
}

Tensor of_first_part(const Tensor& own) {
  return is_part_of_batch() ? others_of_thread->gather(own)[0] : own;
}

void change_model(const std::function<void()>& change) {
  if (is_part_of_batch()) {
    others_of_thread->gather(torch::zeros({}));
  }
  if (!is_part_of_batch() || others_of_thread->keeps_model()) {
    const torch::NoGradGuard no_grad;
    change();
  }
}

}  // namespace autoencoder
