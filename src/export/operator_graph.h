// What a model computes as a list of operators, in ONNX's terms (https://onnx.ai/onnx/operators, opset 17):
// what other formats are written from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

inline constexpr int64_t kOpset = 17;  ///< of the operators: LayerNormalization is the youngest

/// The sizes of a tensor that passes through.
struct ValueShape {
  std::vector<int64_t> of_one;  ///< of one example
  std::vector<bool> grows;      ///< with the number of examples, in proportion, of each dimension

  int64_t numel() const;  ///< of one example
};

using Attribute = std::variant<int64_t, double, std::string, std::vector<int64_t>>;

struct OperatorNode {
  std::string type;                 ///< "Gemm"
  std::vector<std::string> inputs;  ///< names; "" where an optional one is left out
  std::vector<std::string> outputs;
  std::map<std::string, Attribute> attributes = {};
};

struct OperatorGraph {
  std::string name;                                ///< "encoder"
  std::string input;                               ///< of which there is one, float32
  std::vector<std::string> outputs;                ///< float32
  std::vector<OperatorNode> nodes;                 ///< each behind those that it needs
  std::map<std::string, torch::Tensor> constants;  ///< on the CPU, contiguous: float32, int64 or bool
  std::map<std::string, ValueShape> shapes;  ///< of inputs, outputs and what lies between, but for shapes
};

/// The outputs of the graph for N examples, by LibTorch: what a file of it is checked with. Throws c10::Error
/// on an operator that it does not know.
std::vector<torch::Tensor> evaluate(const OperatorGraph& graph, const torch::Tensor& input);

}  // namespace autoencoder
