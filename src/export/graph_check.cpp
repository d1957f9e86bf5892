#include "export/graph_check.h"

#include <cmath>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "export/operator_translation.h"
#include "export/tracing.h"

namespace autoencoder {
namespace {

OperatorGraph graph_of(Autoencoder& model, ExportPart part) {
  switch (part) {
    case ExportPart::kEncoder:
      return encoder_graph(model);
    case ExportPart::kDecoder:
      return decoder_graph(model);
    case ExportPart::kWhole:
      break;
  }
  return whole_graph(model);
}

std::vector<torch::Tensor> expected_of(Autoencoder& model, ExportPart part, const torch::Tensor& input) {
  switch (part) {
    case ExportPart::kEncoder:
      return {model.encode(input)};
    case ExportPart::kDecoder:
      return {model.decode(input)};
    case ExportPart::kWhole:
      break;
  }
  const torch::Tensor code = model.encode(input);
  return {model.decode(code), code};
}

// By the size of what comes out: of weights that have grown the last digits are larger.
double difference(const std::vector<torch::Tensor>& found, const std::vector<torch::Tensor>& expected) {
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    TORCH_CHECK(found[i].sizes() == expected[i].sizes(), "the operators give ", found[i].sizes(),
                ", the model ", expected[i].sizes());
    const auto scale = std::max(expected[i].abs().max().item<double>(), 1.0);
    const double apart = (found[i] - expected[i]).abs().max().item<double>() / scale;
    largest = std::isnan(apart) ? apart : std::max(largest, apart);
  }
  return largest;
}

}  // namespace

CheckedGraph checked_graph(Autoencoder& model, const std::filesystem::path& path, ExportPart part) {
  constexpr double kAllowed = 1e-4;
  const torch::NoGradGuard no_grad;
  CheckedGraph checked = {graph_of(model, part), {}};
  for (const int64_t count : {1, 5}) {
    const torch::Tensor input = part == ExportPart::kDecoder ? traced_decode(model).example(count)
                                                             : traced_encode(model).example(count);
    const double apart = difference(evaluate(checked.graph, input), expected_of(model, part, input));
    if (!(apart <= kAllowed)) {
      throw Error(fmt::format(
          "{}: not written, since its operators differ from the model by {:.1e} (allowed: {:.0e}); look "
          "whether the weights are finite",
          path.string(), std::abs(apart), kAllowed));  // NaN may come with a sign
    }
    checked.check.largest_difference = std::max(checked.check.largest_difference, apart);
  }
  return checked;
}

}  // namespace autoencoder
