#include "training/batch_parts.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// Fewer are not worth a thread: so many examples, or of large pictures as many as have the pixels of sixteen
// of 32 x 32.
constexpr int64_t kExamplesAPart = 16;
constexpr int64_t kPixelsAPart = kExamplesAPart * 32 * 32;

int64_t least_examples(const ImageShape& shape) {
  const int64_t pixels = std::max<int64_t>(1, shape.height * shape.width);
  return std::clamp<int64_t>(kPixelsAPart / pixels, 1, kExamplesAPart);
}

// Fused layers, which may run side by side, are those of a graph.
Tensor total_with_graph(BatchPart& part, const LossOf& loss_of) {
  const torch::AutoGradMode with_graph(true);
  part.loss = loss_of(part.batch, part.step);
  return std::exchange(part.loss.total, part.loss.total.detach());
}

// Optimizers go through weights and gradients number by number, as they lie in memory.
void lay_out_as_parameters(std::vector<Tensor>& gradients) {
  for (Tensor& gradient : gradients) {
    gradient = gradient.contiguous();
  }
}

}  // namespace

int64_t worthwhile_parts(int64_t examples, const ImageShape& shape, int64_t most) {
  return std::clamp<int64_t>(examples / least_examples(shape), 1, most);
}

ImageShape shape_of(const Batch& batch) {
  return {batch.input.size(1), batch.input.size(2), batch.input.size(3)};
}

Rows rows_of_part(int64_t examples, int64_t count, int64_t index) {
  return {examples * index / count, examples * (index + 1) / count};
}

Batch narrow_to(const Batch& batch, const Rows& rows) {
  const auto cut = [&](const Tensor& read) {
    return read.defined() ? read.narrow(0, rows.begin - batch.before, rows.count()) : read;
  };
  return {cut(batch.input), cut(batch.target), cut(batch.label), rows.begin, batch.size() - rows.end};
}

std::vector<BatchPart> divide(const Batch& batch, const Step& step, const WeightOf& weight_of,
                              int64_t count) {
  const auto seed =
      torch::randint(std::numeric_limits<int64_t>::max(), {}, step.rng, torch::kInt64).item<int64_t>();
  std::vector<BatchPart> parts;
  for (int64_t i = 0; i < count; ++i) {
    const Rows rows = rows_of_part(batch.size(), count, i);
    if (rows.begin < batch.before || rows.end > batch.size() - batch.behind) {
      continue;
    }
    const auto own_seed =
        derive_seed(static_cast<uint64_t>(seed), "part of a batch", static_cast<uint64_t>(i));
    const Batch part = narrow_to(batch, rows);
    parts.push_back({part, {make_generator(own_seed), step.progress}, weight_of(part)});
  }
  return parts;
}

PartWork loss_computed_by(const LossOf& loss_of) {
  return [&loss_of](BatchPart& part) { total_with_graph(part, loss_of); };
}

PartWork gradients_computed_by(const LossOf& loss_of, const std::vector<Tensor>& parameters) {
  return [&](BatchPart& part) {
    const Tensor total = total_with_graph(part, loss_of);
    part.gradients =
        torch::autograd::grad({total}, parameters, {torch::full_like(total, part.weight)}, std::nullopt,
                              /*create_graph=*/false, /*allow_unused=*/false);
    lay_out_as_parameters(part.gradients);
  };
}

void for_each_at_once(std::span<BatchPart> parts, const PartWork& work) {
  at::parallel_for(0, static_cast<int64_t>(parts.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      work(parts[static_cast<size_t>(i)]);
    }
  });
}

}  // namespace autoencoder
