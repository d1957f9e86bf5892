#include "training/parallel_gradients.h"

#include <algorithm>
#include <limits>

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// Fewer are not worth a thread: so many examples, or of large pictures as many as have the pixels of sixteen
// of 32 x 32.
constexpr int64_t kExamplesAPart = 16;
constexpr int64_t kPixelsAPart = 16 * 32 * 32;

struct Part {
  Batch batch;
  Step step;
  double share;  // of the whole batch's weight
  Loss loss = {};
  std::vector<Tensor> gradients = {};
};

Batch narrow(const Batch& batch, int64_t start, int64_t count) {
  const auto cut = [&](const Tensor& all) { return all.defined() ? all.narrow(0, start, count) : all; };
  return {cut(batch.input), cut(batch.target), cut(batch.label)};
}

int64_t least_examples(const Tensor& input) {
  const int64_t pixels = std::max<int64_t>(1, input.size(2) * input.size(3));
  return std::clamp<int64_t>(kPixelsAPart / pixels, 1, kExamplesAPart);
}

// A part for each thread. Each draws from a generator of its own, seeded from that of the step.
std::vector<Part> divide(const Batch& batch, const Step& step, const ParallelEngine::WeightOf& weight_of) {
  const int64_t examples = batch.input.size(0);
  const int64_t count = std::clamp<int64_t>(examples / least_examples(batch.input), 1, at::get_num_threads());
  const auto seed =
      torch::randint(std::numeric_limits<int64_t>::max(), {}, step.rng, torch::kInt64).item<int64_t>();
  std::vector<Part> parts;
  double weight = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t start = examples * i / count;
    const int64_t size = examples * (i + 1) / count - start;
    const auto own_seed =
        derive_seed(static_cast<uint64_t>(seed), "part of a batch", static_cast<uint64_t>(i));
    const Batch part = narrow(batch, start, size);
    parts.push_back({part, {make_generator(own_seed), step.progress}, weight_of(part)});
    weight += parts.back().share;
  }
  for (Part& part : parts) {
    part.share /= weight;
  }
  return parts;
}

template <typename Call>
void for_each_at_once(std::vector<Part>& parts, const Call& call) {
  at::parallel_for(0, static_cast<int64_t>(parts.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      call(parts[static_cast<size_t>(i)]);
    }
  });
}

// Fused layers, which may run side by side, are those of a graph.
void compute_part(Part& part, const LossOf& loss_of) {
  const torch::AutoGradMode with_graph(true);
  part.loss = loss_of(part.batch, part.step);
}

void differentiate_part(Part& part, const std::vector<Tensor>& parameters, const LossOf& loss_of) {
  compute_part(part, loss_of);
  part.gradients = torch::autograd::grad({part.loss.total}, parameters,
                                         {torch::full_like(part.loss.total, part.share)}, std::nullopt,
                                         /*create_graph=*/false, /*allow_unused=*/false);
  part.loss.total = part.loss.total.detach();
}

Loss mean_loss(const std::vector<Part>& parts) {
  const auto mean_of = [&](const auto& value_of) {
    double mean = 0;
    for (const Part& part : parts) {
      mean += value_of(part.loss).template item<double>() * part.share;
    }
    return torch::scalar_tensor(mean);
  };
  Loss mean = {mean_of([](const Loss& loss) { return loss.total; }), parts.front().loss.terms};
  for (size_t term = 0; term < mean.terms.size(); ++term) {
    mean.terms[term].value = mean_of([&](const Loss& loss) { return loss.terms[term].value; });
  }
  return mean;
}

void add_gradients(const std::vector<Tensor>& parameters, std::vector<Part>& parts) {
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
  std::vector<Part> parts = divide(batch, step, weight_of_);
  for_each_at_once(parts, [&](Part& part) { differentiate_part(part, parameters, loss_of); });
  add_gradients(parameters, parts);
  return mean_loss(parts);
}

Loss ParallelEngine::compute(const LossOf& loss_of, const Batch& batch, const Step& step) {
  std::vector<Part> parts = divide(batch, step, weight_of_);
  for_each_at_once(parts, [&](Part& part) {
    compute_part(part, loss_of);
    part.loss.total = part.loss.total.detach();
  });
  return mean_loss(parts);
}

}  // namespace autoencoder
