#include "models/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

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

std::string summarise_stage(Stage& stage, const torch::Device& device) {
  std::vector<int64_t> sizes = {1};
  sizes.insert(sizes.end(), stage.input_sizes.begin(), stage.input_sizes.end());
  torch::Tensor data = torch::zeros(sizes, device);
  std::string text = fmt::format("  {}\n", stage.name) + line("input", sizes_text(data.sizes()), 0);
  for (torch::nn::AnyModule& layer : *stage.layers) {
    data = layer.forward(data);
    text += line(layer_name(*layer.ptr()), sizes_text(data.sizes()), parameter_count(*layer.ptr()));
  }
  return text;
}

}  // namespace

int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : module.parameters()) {
    count += parameter.numel();
  }
  return count;
}

std::string summarise(Autoencoder& model) {
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(model);
  std::string text;
  std::vector<Stage> stages = model.stages();
  for (Stage& stage : stages) {
    text += summarise_stage(stage, model.parameters().front().device());
  }
  return text + line("parameters", "", parameter_count(model)).substr(2);
}

}  // namespace autoencoder
