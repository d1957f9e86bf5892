#include "models/activation.h"

#include <algorithm>
#include <functional>

#include <torch/nn/modules/activation.h>

namespace autoencoder {
namespace {

struct Activation {
  std::string name;
  Interval reach;
  std::function<torch::Tensor(const torch::Tensor&)> apply;
  std::function<void(torch::nn::Sequential&)> append;
};

template <typename Layer>
Activation activation(std::string name, const Interval& reach = {}) {
  return {std::move(name), reach, [](const torch::Tensor& input) { return Layer()->forward(input); },
          [](torch::nn::Sequential& layers) { layers->push_back(Layer()); }};
}

const std::vector<Activation>& activations() {
  static const std::vector<Activation> kActivations = {
      {"none", {}, [](const torch::Tensor& input) { return input; }, [](torch::nn::Sequential&) {}},
      activation<torch::nn::ReLU>("relu", {.min = 0}),
      activation<torch::nn::LeakyReLU>("leaky-relu"),
      activation<torch::nn::ELU>("elu", {.min = -1}),
      activation<torch::nn::GELU>("gelu", {.min = -0.17}),
      activation<torch::nn::SiLU>("silu", {.min = -0.279}),
      activation<torch::nn::Softplus>("softplus", {.min = 0}),
      activation<torch::nn::Tanh>("tanh", {.min = -1, .max = 1}),
      activation<torch::nn::Sigmoid>("sigmoid", {.min = 0, .max = 1}),
  };
  return kActivations;
}

const Activation& find(const std::string& name) {
  const auto& all = activations();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
  TORCH_CHECK(found != all.end(), "no such activation: ", name);
  return *found;
}

}  // namespace

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  for (const auto& each : activations()) {
    names.push_back(each.name);
  }
  return names;
}

torch::Tensor activate(const std::string& name, const torch::Tensor& input) {
  return find(name).apply(input);
}

Interval reach_of(const std::string& name) { return find(name).reach; }

void append_activation(torch::nn::Sequential& layers, const std::string& name) { find(name).append(layers); }

}  // namespace autoencoder
