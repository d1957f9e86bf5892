#include "models/dropout.h"

#include <optional>
#include <utility>

#include <torch/types.h>

namespace autoencoder {
namespace {

thread_local std::optional<at::Generator> generator_of_thread;

}  // namespace

LayersDrawFrom::LayersDrawFrom(at::Generator generator) { generator_of_thread = std::move(generator); }

LayersDrawFrom::~LayersDrawFrom() { generator_of_thread.reset(); }

torch::Tensor DropoutImpl::forward(const torch::Tensor& input) {
  if (!is_training()) {
    return input;
  }
  const double kept = 1 - share_;
  return input * torch::empty_like(input).bernoulli_(kept, generator_of_thread).div_(kept);
}

}  // namespace autoencoder
