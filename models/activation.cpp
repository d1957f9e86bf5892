#include "models/activation.h"

#include <functional>

#include <torch/nn/modules/activation.h>

namespace autoencoder {
namespace {

struct ActivationEntry {
  std::string name;
  Interval reach;
  std::function<torch::Tensor(const torch::Tensor&)> apply;
  std::function<void(torch::nn::Sequential&)> append;
};

template <typename Layer>
ActivationEntry entry(std::string name, const Interval& reach = {}) {
  return {std::move(name), reach, [](const torch::Tensor& input) { return Layer()->forward(input); },
          [](torch::nn::Sequential& layers) { layers->push_back(Layer()); }};
}

// In the order of the enumerators.
const std::vector<ActivationEntry>& entries() {
  static const std::vector<ActivationEntry> kEntries = {
      {"none", {}, [](const torch::Tensor& input) { return input; }, [](torch::nn::Sequential&) {}},
      entry<torch::nn::ReLU>("relu", {.min = 0}),
      entry<torch::nn::LeakyReLU>("leaky-relu"),
      entry<torch::nn::ELU>("elu", {.min = -1}),
      entry<torch::nn::GELU>("gelu", {.min = -0.17}),
      entry<torch::nn::SiLU>("silu", {.min = -0.279}),
      entry<torch::nn::Softplus>("softplus", {.min = 0}),
      entry<torch::nn::Tanh>("tanh", {.min = -1, .max = 1}),
      entry<torch::nn::Sigmoid>("sigmoid", {.min = 0, .max = 1}),
  };
  return kEntries;
}

const ActivationEntry& entry_of(Activation activation) {
  return entries().at(static_cast<size_t>(activation));
}

}  // namespace

Choices<Activation> activations() {
  Choices<Activation> choices;
  for (const ActivationEntry& each : entries()) {
    choices.emplace_back(each.name, static_cast<Activation>(choices.size()));
  }
  return choices;
}

torch::Tensor activate(Activation activation, const torch::Tensor& input) {
  return entry_of(activation).apply(input);
}

Interval reach_of(Activation activation) { return entry_of(activation).reach; }

void append_activation(torch::nn::Sequential& layers, Activation activation) {
  entry_of(activation).append(layers);
}

}  // namespace autoencoder
