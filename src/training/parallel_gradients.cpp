#include "training/parallel_gradients.h"

#include <numeric>

#include <ATen/Parallel.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// A part for each thread; their weights add up to one.
std::vector<BatchPart> parts_for_threads(const Batch& batch, const Step& step, const WeightOf& weight_of) {
  const int64_t count = worthwhile_parts(batch.size(), shape_of(batch), at::get_num_threads());
  std::vector<BatchPart> parts = divide(batch, step, weight_of, count);
  const double whole = std::accumulate(parts.begin(), parts.end(), 0.0,
                                       [](double sum, const BatchPart& part) { return sum + part.weight; });
  for (BatchPart& part : parts) {
    part.weight /= whole;
  }
  return parts;
}

Loss mean_loss(const std::vector<BatchPart>& parts) {
  const auto mean_of = [&](const auto& value_of) {
    double mean = 0;
    for (const BatchPart& part : parts) {
      mean += value_of(part.loss).template item<double>() * part.weight;
    }
    return torch::scalar_tensor(mean);
  };
  Loss mean = {mean_of([](const Loss& loss) { return loss.total; }), parts.front().loss.terms};
  for (size_t term = 0; term < mean.terms.size(); ++term) {
    mean.terms[term].value = mean_of([&](const Loss& loss) { return loss.terms[term].value; });
  }
  return mean;
}

void add_gradients(const std::vector<Tensor>& parameters, std::vector<BatchPart>& parts) {
  const std::vector<Tensor>& sums = parts.front().gradients;
  for (size_t i = 1; i < parts.size(); ++i) {
    at::_foreach_add_(sums, parts[i].gradients);
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    Tensor(parameters[i]).mutable_grad() = sums[i];
  }
}

}  // namespace

Loss ParallelEngine::differentiate(const LossOf& loss_of, const std::vector<Tensor>& parameters,
                                   const Batch& batch, const Step& step) {
  std::vector<BatchPart> parts = parts_for_threads(batch, step, weight_of_);
  for_each_at_once(parts, gradients_computed_by(loss_of, parameters));
  add_gradients(parameters, parts);
  return mean_loss(parts);
}

Loss ParallelEngine::compute(const LossOf& loss_of, const Batch& batch, const Step& step) {
  std::vector<BatchPart> parts = parts_for_threads(batch, step, weight_of_);
  for_each_at_once(parts, loss_computed_by(loss_of));
  return mean_loss(parts);
}

}  // namespace autoencoder
