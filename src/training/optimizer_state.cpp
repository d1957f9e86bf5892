#include "training/optimizer_state.h"

#include <memory>

#include <fmt/format.h>
#include <torch/optim/optimizer.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::optim::Optimizer;
using torch::optim::RMSprop;
using torch::optim::RMSpropParamState;
using torch::optim::SGD;
using torch::optim::SGDParamState;

NamedTensors memory_of(const RememberingOptimizer& optimizer) {
  NamedTensors named;
  for (const auto& [name, tensors] : optimizer.memory()) {
    for (size_t i = 0; i < tensors.size(); ++i) {
      named.emplace(fmt::format("{}.{}", name, i), tensors[i]);
    }
  }
  return named;
}

void restore_memory(const RememberingOptimizer& optimizer, const NamedTensors& state) {
  const torch::NoGradGuard no_grad;
  const NamedTensors memory = memory_of(optimizer);
  TORCH_CHECK(memory.size() == state.size(), "the state of another optimizer");
  for (const auto& [name, tensor] : memory) {
    const auto saved = state.find(name);
    TORCH_CHECK(saved != state.end(), "no ", name);
    TORCH_CHECK(saved->second.sizes() == tensor.sizes(), name, " has other sizes");
    Tensor(tensor).copy_(saved->second);
  }
}

// What LibTorch's own optimizers remember of a parameter. They make it in the first step.
Tensor& memory(SGDParamState& state) { return state.momentum_buffer(); }
Tensor& memory(RMSpropParamState& state) { return state.square_avg(); }
constexpr const char* name_of(const SGDParamState* /*kind*/) { return "momentum_buffers"; }
constexpr const char* name_of(const RMSpropParamState* /*kind*/) { return "square_averages"; }

template <typename State>
std::string name_of(size_t parameter) {
  return fmt::format("{}.{}", name_of(static_cast<const State*>(nullptr)), parameter);
}

template <typename State>
NamedTensors memory_of(const Optimizer& optimizer) {
  NamedTensors named;
  const auto& parameters = optimizer.param_groups().front().params();
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto found = optimizer.state().find(parameters[i].unsafeGetTensorImpl());
    if (found == optimizer.state().end()) {
      continue;
    }
    if (const Tensor& known = memory(static_cast<State&>(*found->second)); known.defined()) {
      named.emplace(name_of<State>(i), known);
    }
  }
  return named;
}

template <typename State>
void restore_memory(Optimizer& optimizer, const NamedTensors& saved) {
  const auto& parameters = optimizer.param_groups().front().params();
  size_t restored = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const auto found = saved.find(name_of<State>(i));
    if (found == saved.end()) {
      continue;
    }
    TORCH_CHECK(found->second.sizes() == parameters[i].sizes(), found->first, " has other sizes");
    auto state = std::make_unique<State>();
    memory(*state) = found->second.to(parameters[i].device(), parameters[i].scalar_type()).clone();
    optimizer.state()[parameters[i].unsafeGetTensorImpl()] = std::move(state);
    ++restored;
  }
  TORCH_CHECK(restored == saved.size(), "the state of another optimizer");
}

}  // namespace

NamedTensors optimizer_state(const Optimizer& optimizer) {
  if (const auto* own = dynamic_cast<const RememberingOptimizer*>(&optimizer)) {
    return memory_of(*own);
  }
  if (dynamic_cast<const SGD*>(&optimizer) != nullptr) {
    return memory_of<SGDParamState>(optimizer);
  }
  TORCH_CHECK(dynamic_cast<const RMSprop*>(&optimizer) != nullptr, "an optimizer that is not ours");
  return memory_of<RMSpropParamState>(optimizer);
}

void restore_optimizer(Optimizer& optimizer, const NamedTensors& state) {
  if (const auto* own = dynamic_cast<const RememberingOptimizer*>(&optimizer)) {
    restore_memory(*own, state);
  } else if (dynamic_cast<const SGD*>(&optimizer) != nullptr) {
    restore_memory<SGDParamState>(optimizer, state);
  } else {
    TORCH_CHECK(dynamic_cast<const RMSprop*>(&optimizer) != nullptr, "an optimizer that is not ours");
    restore_memory<RMSpropParamState>(optimizer, state);
  }
}

}  // namespace autoencoder
