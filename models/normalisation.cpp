#include "models/normalisation.h"

#include <numeric>
#include <vector>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/normalization.h>
#include <torch/types.h>

#include "models/kernels/fused_layers.h"
#include "models/whole_batch.h"

namespace autoencoder {
namespace {

using torch::Tensor;

// One number for each channel of N x C x ..., as it is spread over such a tensor.
Tensor spread(const Tensor& of_channels, int64_t dimensions) {
  std::vector<int64_t> sizes(static_cast<size_t>(dimensions), 1);
  sizes[1] = -1;
  return of_channels.view(sizes);
}

Tensor sum_of_channels(const Tensor& values) { return values.transpose(0, 1).flatten(1).sum(1); }

// LibTorch's layer, `Whole`, which knows nothing of other parts of a batch.
template <typename Whole>
class OverBatch : public Whole, public DivisibleLayer {
 public:
  explicit OverBatch(int64_t channels) : Whole(torch::nn::BatchNormOptions(channels)) {}

  Division division() const override { return Division::kTogether; }

  Tensor forward(const Tensor& input) {
    return this->is_training() && is_part_of_batch() ? normalise_part(input) : Whole::forward(input);
  }

 private:
  Tensor normalise_part(const Tensor& input) {
    const auto count = static_cast<double>(examples_of_batch(input.numel() / input.size(1)));
    const Tensor mean = sum_over_batch(sum_of_channels(input)) / count;
    const Tensor centred = input - spread(mean, input.dim());
    const Tensor variance = sum_over_batch(sum_of_channels(centred.square())) / count;
    change_model([&] { keep(mean, variance * (count / (count - 1))); });
    const Tensor scale = this->weight * torch::rsqrt(variance + this->options.eps());
    return centred * spread(scale, input.dim()) + spread(this->bias, input.dim());
  }

  // What evaluation normalises by.
  void keep(const Tensor& mean, const Tensor& variance) {
    this->running_mean.lerp_(mean, *this->options.momentum());
    this->running_var.lerp_(variance, *this->options.momentum());
    this->num_batches_tracked += 1;
  }
};

// By LibTorch's names, which summaries show.
class BatchNorm1dImpl : public OverBatch<torch::nn::BatchNorm1dImpl> {
  using OverBatch::OverBatch;
};
TORCH_MODULE(BatchNorm1d);

class BatchNorm2dImpl : public OverBatch<torch::nn::BatchNorm2dImpl> {
  using OverBatch::OverBatch;
};
TORCH_MODULE(BatchNorm2d);

}  // namespace

Choices<Normalisation> normalisations() {
  return {{"auto", Normalisation::kAuto},
          {"none", Normalisation::kNone},
          {"batch", Normalisation::kBatch},
          {"group", Normalisation::kGroup}};
}

void append_normalisation(torch::nn::Sequential& layers, Normalisation normalisation, int64_t channels) {
  constexpr int64_t kGroups = 8;
  switch (normalisation) {
    case Normalisation::kBatch:
      layers->push_back(BatchNorm2d(channels));
      break;
    case Normalisation::kGroup:
      layers->push_back(
          torch::nn::GroupNorm(torch::nn::GroupNormOptions(std::gcd(kGroups, channels), channels)));
      break;
    case Normalisation::kNone:
      break;
    case Normalisation::kAuto:
      TORCH_CHECK(false, "nobody has decided how to normalise");
  }
}

void append_batch_normalisation(torch::nn::Sequential& layers, int64_t columns) {
  layers->push_back(BatchNorm1d(columns));
}

}  // namespace autoencoder
