#include "report/player.h"

#include <algorithm>
#include <set>

#include <torch/types.h>

#include "common/base64.h"
#include "common/error.h"
#include "export/operator_translation.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostSliders = 24;

// Those of player.js.
const std::set<std::string> kPlayed = {
    "Gemm",    "Conv",    "ConvTranspose", "Resize",   "BatchNormalization",
    "Relu",    "Sigmoid", "Tanh",          "Softplus", "LeakyRelu",
    "Elu",     "Add",     "Sub",           "Mul",      "Div",
    "Reshape", "Identity"};

bool is_played(const OperatorGraph& graph) {
  int64_t bytes = 0;
  for (const auto& [name, value] : graph.constants) {
    bytes += static_cast<int64_t>(value.nbytes());
  }
  return bytes <= kMostPlayedBytes && std::ranges::all_of(graph.nodes, [](const OperatorNode& node) {
           return kPlayed.contains(node.type);
         });
}

Json json_of(const OperatorNode& node) {
  Json attributes = Json::object();
  for (const auto& [name, value] : node.attributes) {
    std::visit([&](const auto& each) { attributes[name] = each; }, value);
  }
  return {
      {"type", node.type}, {"inputs", node.inputs}, {"outputs", node.outputs}, {"attributes", attributes}};
}

Json json_of(const OperatorGraph& graph) {
  Json json = {{"input", graph.input},
               {"output", graph.outputs.front()},
               {"nodes", Json::array()},
               {"constants", Json::object()},
               {"shapes", Json::object()}};
  for (const OperatorNode& node : graph.nodes) {
    json["nodes"].push_back(json_of(node));
  }
  for (const auto& [name, value] : graph.constants) {
    if (value.scalar_type() == torch::kFloat32) {  // whole numbers are sizes, which shapes tell
      const std::string_view bytes(static_cast<const char*>(value.const_data_ptr()), value.nbytes());
      json["constants"][name] = {{"sizes", value.sizes().vec()}, {"data", base64(bytes)}};
    }
  }
  for (const auto& [name, shape] : graph.shapes) {
    json["shapes"][name] = shape.of_one;
  }
  return json;
}

// The numbers of codes (N x D) that vary most, and between which nearly all of them lie.
std::vector<report::Slider> sliders_of(const torch::Tensor& codes) {
  const int64_t count = std::min(codes.size(1), kMostSliders);
  const torch::Tensor ends =
      codes.to(torch::kFloat64).quantile(torch::tensor({0.01, 0.99}, torch::kFloat64), 0);
  const torch::Tensor chosen = std::get<0>(std::get<1>((ends[1] - ends[0]).topk(count)).sort());
  std::vector<report::Slider> sliders;
  for (int64_t i = 0; i < count; ++i) {
    const auto index = chosen[i].item<int64_t>();
    const auto low = ends[0][index].item<double>();
    const auto high = ends[1][index].item<double>();
    const double room = high > low ? 0.15 * (high - low) : 1;
    sliders.push_back({index, low - room, high + room});
  }
  return sliders;
}

}  // namespace

report::Section player_section(Autoencoder& model, const MeasuredExamples& measured) {
  report::Section section = {"Play", {}};
  const ImageShape& shape = model.input_shape();
  const bool is_drawn = shape.is_image() && (shape.channels == 1 || shape.channels == 3);
  const bool is_here = model.parameters().front().device().is_cpu();
  if (!is_drawn || !is_here || measured.codes.size(0) < 2) {
    return section;
  }
  try {
    const torch::NoGradGuard no_grad;
    const OperatorGraph graph = decoder_graph(model);
    if (is_played(graph)) {
      const torch::Tensor code = measured.codes[0].to(torch::kFloat64).contiguous();
      section.blocks.emplace_back(report::Player{
          "Move the numbers of the code, and see what the decoder, which is in this page, makes of them",
          json_of(graph),
          sliders_of(measured.codes),
          {code.const_data_ptr<double>(), code.const_data_ptr<double>() + code.numel()},
          {shape.channels, shape.height, shape.width}});
    }
  } catch (const Error&) {  // no operators: the report goes without
  }
  return section;
}

}  // namespace autoencoder
