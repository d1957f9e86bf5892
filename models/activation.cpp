#include "models/activation.h"

#include <algorithm>
#include <functional>

#include <torch/nn/modules/activation.h>

namespace autoencoder {
namespace {

struct Activation {
  std::string name;
  std::function<torch::Tensor(const torch::Tensor&)> apply;
  std::function<void(torch::nn::Sequential&)> append;
};

template <typename Layer>
Activation activation(std::string name) {
  return {std::move(name), [](const torch::Tensor& input) { return Layer()->forward(input); },
          [](torch::nn::Sequential& layers) { layers->push_back(Layer()); }};
}

const std::vector<Activation>& activations() {
  static const std::vector<Activation> kActivations = {
      {"none", [](const torch::Tensor& input) { return input; }, [](torch::nn::Sequential&) {}},
      activation<torch::nn::ReLU>("relu"),
      activation<torch::nn::LeakyReLU>("leaky-relu"),
      activation<torch::nn::ELU>("elu"),
      activation<torch::nn::GELU>("gelu"),
      activation<torch::nn::SiLU>("silu"),
      activation<torch::nn::Softplus>("softplus"),
      activation<torch::nn::Tanh>("tanh"),
      activation<torch::nn::Sigmoid>("sigmoid"),
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

void append_activation(torch::nn::Sequential& layers, const std::string& name) { find(name).append(layers); }

}  // namespace autoencoder
