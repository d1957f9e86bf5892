#include "export/operator_graph.h"

#include <functional>

#include <torch/types.h>

namespace autoencoder {
namespace {

using Inputs = std::vector<torch::Tensor>;

std::vector<int64_t> whole_numbers(const torch::Tensor& tensor) {
  const torch::Tensor all = tensor.to(torch::kInt64).contiguous();
  return {all.const_data_ptr<int64_t>(), all.const_data_ptr<int64_t>() + all.numel()};
}

// The attributes of a node, with ONNX's defaults where they are not given.
class Attributes {
 public:
  explicit Attributes(const OperatorNode& node) : node_(node) {}

  int64_t whole(const char* name, int64_t usual) const { return get(name, usual); }
  double number(const char* name, double usual) const { return get(name, usual); }
  std::vector<int64_t> list(const char* name, const std::vector<int64_t>& usual) const {
    return get(name, usual);
  }
  std::string text(const char* name, const std::string& usual) const { return get(name, usual); }

 private:
  template <typename Value>
  Value get(const char* name, const Value& usual) const {
    const auto found = node_.attributes.find(name);
    return found == node_.attributes.end() ? usual : std::get<Value>(found->second);
  }

  const OperatorNode& node_;
};

// ONNX has a padding at the begin of each axis, and then one at the end of each; here both are equal.
std::vector<int64_t> one_sided(const std::vector<int64_t>& pads) {
  return {pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(pads.size() / 2)};
}

torch::Tensor gemm(const Inputs& in, const Attributes& attributes) {
  const torch::Tensor b = attributes.whole("transB", 0) != 0 ? in[1].t() : in[1];
  return torch::addmm(in[2], in[0], b);
}

torch::Tensor conv(const Inputs& in, const Attributes& attributes) {
  return torch::conv2d(in[0], in[1], in.size() > 2 ? in[2] : torch::Tensor(),
                       attributes.list("strides", {1, 1}), one_sided(attributes.list("pads", {0, 0, 0, 0})),
                       attributes.list("dilations", {1, 1}), attributes.whole("group", 1));
}

torch::Tensor conv_transpose(const Inputs& in, const Attributes& attributes) {
  return torch::conv_transpose2d(
      in[0], in[1], in.size() > 2 ? in[2] : torch::Tensor(), attributes.list("strides", {1, 1}),
      one_sided(attributes.list("pads", {0, 0, 0, 0})), attributes.list("output_padding", {0, 0}),
      attributes.whole("group", 1), attributes.list("dilations", {1, 1}));
}

torch::Tensor max_pool(const Inputs& in, const Attributes& attributes) {
  return torch::max_pool2d(in[0], attributes.list("kernel_shape", {}), attributes.list("strides", {1, 1}),
                           one_sided(attributes.list("pads", {0, 0, 0, 0})));
}

torch::Tensor resize(const Inputs& in, const Attributes& /*attributes*/) {
  const std::vector<double> scales = [&] {
    const torch::Tensor all = in.back().to(torch::kFloat64).contiguous();
    return std::vector<double>(all.const_data_ptr<double>(), all.const_data_ptr<double>() + all.numel());
  }();
  const auto scaled = [&](int64_t axis) {
    return static_cast<int64_t>(static_cast<double>(in[0].size(axis)) * scales[static_cast<size_t>(axis)]);
  };
  return torch::upsample_nearest2d(in[0], {scaled(2), scaled(3)});
}

torch::Tensor pad(const Inputs& in, const Attributes& /*attributes*/) {
  const std::vector<int64_t> pads = whole_numbers(in[1]);
  const size_t axes = pads.size() / 2;
  std::vector<int64_t> from_last;
  for (size_t i = axes; i-- > 0;) {
    from_last.push_back(pads[i]);
    from_last.push_back(pads[axes + i]);
  }
  return torch::constant_pad_nd(in[0], from_last, in.size() > 2 ? in[2].item() : torch::Scalar(0));
}

torch::Tensor slice(const Inputs& in, const Attributes& /*attributes*/) {
  torch::Tensor result = in[0];
  const auto starts = whole_numbers(in[1]);
  const auto ends = whole_numbers(in[2]);
  const auto axes = whole_numbers(in[3]);
  const auto steps = in.size() > 4 ? whole_numbers(in[4]) : std::vector<int64_t>(axes.size(), 1);
  for (size_t i = 0; i < axes.size(); ++i) {
    result = result.slice(axes[i], starts[i], ends[i], steps[i]);
  }
  return result;
}

// The sizes of `indices` take the place of the axis.
torch::Tensor gather(const Inputs& in, const Attributes& attributes) {
  const int64_t axis = attributes.whole("axis", 0);
  const torch::Tensor chosen = in[0].index_select(axis, in[1].flatten());
  std::vector<int64_t> sizes = in[0].sizes().vec();
  sizes.erase(sizes.begin() + axis);
  const std::vector<int64_t> inserted = in[1].sizes().vec();
  sizes.insert(sizes.begin() + axis, inserted.begin(), inserted.end());
  return chosen.reshape(sizes);
}

// 0 is a size that stays.
torch::Tensor reshape(const Inputs& in, const Attributes& /*attributes*/) {
  std::vector<int64_t> sizes = whole_numbers(in[1]);
  for (size_t i = 0; i < sizes.size(); ++i) {
    sizes[i] = sizes[i] == 0 ? in[0].size(static_cast<int64_t>(i)) : sizes[i];
  }
  return in[0].reshape(sizes);
}

torch::Tensor layer_normalisation(const Inputs& in, const Attributes& attributes) {
  const std::vector<int64_t> sizes =
      in[0].sizes().slice(static_cast<size_t>(in[0].dim() + attributes.whole("axis", -1))).vec();
  return torch::layer_norm(in[0], sizes, in[1], in[2], attributes.number("epsilon", 1e-5));
}

torch::Tensor instance_normalisation(const Inputs& in, const Attributes& attributes) {
  return torch::instance_norm(in[0], in[1], in[2], {}, {}, /*use_input_stats=*/true, 0,
                              attributes.number("epsilon", 1e-5), false);
}

torch::Tensor batch_normalisation(const Inputs& in, const Attributes& attributes) {
  return torch::batch_norm(in[0], in[1], in[2], in[3], in[4], /*training=*/false, 0,
                           attributes.number("epsilon", 1e-5), false);
}

torch::Tensor cast(const Inputs& in, const Attributes& attributes) {
  constexpr int64_t kFloat = 1;  // TensorProto.DataType
  TORCH_CHECK(attributes.whole("to", 0) == kFloat, "casts are to float32");
  return in[0].to(torch::kFloat32);
}

using Compute = std::function<torch::Tensor(const Inputs&, const Attributes&)>;

template <typename Function>
Compute of_one(Function function) {
  return [function](const Inputs& in, const Attributes&) { return function(in[0]); };
}

template <typename Function>
Compute of_two(Function function) {
  return [function](const Inputs& in, const Attributes&) { return function(in[0], in[1]); };
}

const std::map<std::string, Compute>& operators() {
  using torch::Tensor;
  static const std::map<std::string, Compute> kOperators = {
      {"Gemm", gemm},
      {"Conv", conv},
      {"ConvTranspose", conv_transpose},
      {"MaxPool", max_pool},
      {"Resize", resize},
      {"Pad", pad},
      {"Slice", slice},
      {"Gather", gather},
      {"Reshape", reshape},
      {"Cast", cast},
      {"LayerNormalization", layer_normalisation},
      {"InstanceNormalization", instance_normalisation},
      {"BatchNormalization", batch_normalisation},
      {"Identity", of_one([](const Tensor& x) { return x; })},
      {"Relu", of_one([](const Tensor& x) { return torch::relu(x); })},
      {"Sigmoid", of_one([](const Tensor& x) { return torch::sigmoid(x); })},
      {"Tanh", of_one([](const Tensor& x) { return torch::tanh(x); })},
      {"Softplus", of_one([](const Tensor& x) { return torch::softplus(x); })},
      {"Erf", of_one([](const Tensor& x) { return torch::erf(x); })},
      {"Exp", of_one([](const Tensor& x) { return torch::exp(x); })},
      {"IsNaN", of_one([](const Tensor& x) { return torch::isnan(x); })},
      {"Shape", of_one([](const Tensor& x) { return torch::tensor(x.sizes().vec()); })},
      {"ConstantOfShape", of_one([](const Tensor& x) { return torch::zeros(whole_numbers(x)); })},
      {"Add", of_two([](const Tensor& a, const Tensor& b) { return a + b; })},
      {"Sub", of_two([](const Tensor& a, const Tensor& b) { return a - b; })},
      {"Mul", of_two([](const Tensor& a, const Tensor& b) { return a * b; })},
      {"Div", of_two([](const Tensor& a, const Tensor& b) { return a / b; })},
      {"Greater", of_two([](const Tensor& a, const Tensor& b) { return a > b; })},
      {"MatMul", of_two([](const Tensor& a, const Tensor& b) { return torch::matmul(a, b); })},
      {"Expand", of_two([](const Tensor& a, const Tensor& b) { return a.expand(whole_numbers(b)); })},
      {"LeakyRelu",
       [](const Inputs& in,
          const Attributes& its) { return torch::leaky_relu(in[0], its.number("alpha", 0.01)); }},
      {"Elu",
       [](const Inputs& in, const Attributes& its) { return torch::elu(in[0], its.number("alpha", 1)); }},
      {"Softmax",
       [](const Inputs& in, const Attributes& its) { return torch::softmax(in[0], its.whole("axis", -1)); }},
      {"Concat",
       [](const Inputs& in, const Attributes& its) { return torch::cat(in, its.whole("axis", 0)); }},
      {"Transpose",
       [](const Inputs& in, const Attributes& its) { return in[0].permute(its.list("perm", {})); }},
      {"Where", [](const Inputs& in, const Attributes&) { return torch::where(in[0], in[1], in[2]); }},
      {"ReduceSum",
       [](const Inputs& in,
          const Attributes& its) { return in[0].sum(whole_numbers(in[1]), its.whole("keepdims", 1) != 0); }},
      {"ScatterElements", [](const Inputs& in, const Attributes& its) {
         return in[0].scatter(its.whole("axis", 0), in[1], in[2]);
       }}};
  return kOperators;
}

std::vector<torch::Tensor> computed(const OperatorNode& node, const Inputs& inputs) {
  const Attributes attributes(node);
  if (node.type == "TopK") {
    const auto [values, places] =
        inputs[0].topk(whole_numbers(inputs[1]).front(), attributes.whole("axis", -1));
    return {values, places};
  }
  const auto known = operators().find(node.type);
  TORCH_CHECK(known != operators().end(), "no operator ", node.type);
  return {known->second(inputs, attributes)};
}

}  // namespace

int64_t ValueShape::numel() const { return c10::multiply_integers(of_one); }

std::vector<torch::Tensor> evaluate(const OperatorGraph& graph, const torch::Tensor& input) {
  const torch::NoGradGuard no_grad;
  std::map<std::string, torch::Tensor> values = graph.constants;
  values[graph.input] = input;
  for (const OperatorNode& node : graph.nodes) {
    Inputs inputs;
    for (const std::string& name : node.inputs) {
      if (!name.empty()) {
        inputs.push_back(values.at(name));
      }
    }
    const std::vector<torch::Tensor> outputs = computed(node, inputs);
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      values[node.outputs[i]] = outputs.at(i);
    }
  }
  std::vector<torch::Tensor> outputs;
  for (const std::string& name : graph.outputs) {
    outputs.push_back(values.at(name));
  }
  return outputs;
}

}  // namespace autoencoder
