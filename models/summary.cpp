#include "models/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/nn/modules/container/any.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "common/text.h"
#include "models/evaluation_mode.h"

namespace autoencoder {
namespace {

// "torch::nn::Conv2dImpl" -> "Conv2d"
std::string layer_name(const torch::nn::Module& layer) {
  std::string name = layer.name();
  if (const size_t colon = name.rfind(':'); colon != std::string::npos) {
    name = name.substr(colon + 1);
  }
  return name.ends_with("Impl") ? name.substr(0, name.size() - 4) : name;
}

std::string sizes_text(at::IntArrayRef sizes) {
  return fmt::format("{}", fmt::join(sizes.begin() + 1, sizes.end(), " x "));
}

std::string line(const std::string& name, const std::string& output, int64_t parameters) {
  return fmt::format("    {:<18} {:<14} {:>12}\n", name, output,
                     parameters > 0 ? with_thousands(parameters) : "");
}

// Calls visit(stage, name, output, parameters) for each stage's input and for each of its layers.
template <typename Visit>
void walk_through(Autoencoder& model, Visit visit) {
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(model);
  const torch::Device device = model.parameters().front().device();
  std::vector<Stage> stages = model.stages();
  for (Stage& stage : stages) {
    std::vector<int64_t> sizes = {1};
    sizes.insert(sizes.end(), stage.input_sizes.begin(), stage.input_sizes.end());
    torch::Tensor data = torch::zeros(sizes, device);
    visit(stage, "input", data, 0);
    for (torch::nn::AnyModule& layer : *stage.layers) {
      data = layer.forward(data);
      visit(stage, layer_name(*layer.ptr()), data, parameter_count(*layer.ptr()));
    }
  }
}

}  // namespace

int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : module.parameters()) {
    count += parameter.numel();
  }
  return count;
}

int64_t activation_count(Autoencoder& model) {
  int64_t count = 0;
  walk_through(model, [&](const Stage&, const std::string&, const torch::Tensor& output, int64_t) {
    count += output.numel();
  });
  return count;
}

std::string summarise(Autoencoder& model) {
  std::string text;
  const Stage* present = nullptr;
  walk_through(model, [&](const Stage& stage, const std::string& name, const torch::Tensor& output,
                          int64_t parameters) {
    text += present == &stage ? "" : fmt::format("  {}\n", stage.name);
    text += line(name, sizes_text(output.sizes()), parameters);
    present = &stage;
  });
  return text + line("parameters", "", parameter_count(model)).substr(2);
}

}  // namespace autoencoder
