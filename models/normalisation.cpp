#include "models/normalisation.h"

#include <numeric>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/normalization.h>

namespace autoencoder {

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
      layers->push_back(torch::nn::BatchNorm2d(channels));
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

}  // namespace autoencoder
