#include "export/operator_translation.h"

#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <torch/script.h>
#include <torch/types.h>

#include "common/error.h"
#include "export/tracing.h"
#include "run/saved_model.h"

namespace autoencoder {
namespace {

namespace jit = torch::jit;

// Two traces, of so many examples: what differs grows with them.
constexpr int64_t kFewer = 2;
constexpr int64_t kMore = 3;

std::vector<int64_t> sizes_of(const jit::Value* value) {
  const auto type = value->type()->cast<c10::TensorType>();
  const auto sizes = type ? type->sizes().concrete_sizes() : std::nullopt;
  return sizes.value_or(std::vector<int64_t>());
}

bool is_boolean(const jit::Value* value) {
  const auto type = value->type()->cast<c10::TensorType>();
  return type && type->scalarType() == torch::kBool;
}

// The shapes of all values of two traces of the same method.
std::map<const jit::Value*, ValueShape> shapes_of(const jit::Graph& fewer, const jit::Graph& more) {
  std::map<const jit::Value*, ValueShape> shapes;
  const auto compare = [&](const jit::Value* value, const jit::Value* other) {
    const std::vector<int64_t> few = sizes_of(value);
    const std::vector<int64_t> many = sizes_of(other);
    ValueShape& shape = shapes[value];
    for (size_t i = 0; i < few.size(); ++i) {
      const bool grows = few[i] != many.at(i);
      shape.grows.push_back(grows);
      shape.of_one.push_back(grows ? (many[i] - few[i]) / (kMore - kFewer) : few[i]);
    }
  };
  compare(fewer.inputs().at(1), more.inputs().at(1));
  auto other = more.nodes().begin();
  for (const jit::Node* node : fewer.nodes()) {
    TORCH_CHECK(node->kind() == other->kind(), "two traces of one method differ");
    for (size_t i = 0; i < node->outputs().size(); ++i) {
      compare(node->outputs()[i], other->outputs().at(i));
    }
    ++other;
  }
  return shapes;
}

// Translates what the outputs need, each node when it is first asked for.
class Translator {
 public:
  Translator(const Autoencoder& model, const std::string& name, const std::string& input)
      : weights_(weights_of(model)) {
    graph_.name = name;
    graph_.input = input;
  }

  /// Adds what `method` computes of the value called `input`; its result is called `output`.
  void add(jit::Module& module, const TracedMethod& method, const std::string& input,
           const std::string& output) {
    const auto fewer = trace(module, method, kFewer);
    const auto more = trace(module, method, kMore);
    shapes_ = shapes_of(*fewer, *more);
    names_.clear();
    prefix_ = method.name + "_";
    names_[fewer->inputs().at(1)] = input;
    graph_.shapes[input] = shapes_.at(fewer->inputs().at(1));
    const jit::Value* result = fewer->outputs().at(0);
    graph_.nodes.push_back({"Identity", {name_of(result)}, {output}});
    graph_.shapes[output] = shapes_.at(result);
    graph_.outputs.insert(graph_.outputs.begin(), output);
  }

  OperatorGraph take() { return std::move(graph_); }

 private:
  using Rule = void (Translator::*)(const jit::Node& node);
  static const std::map<std::string, Rule>& rules();

  // --- names and shapes ---

  std::string name_of(const jit::Value* value) {
    if (const auto known = names_.find(value); known != names_.end()) {
      return known->second;
    }
    const jit::Node* node = value->node();
    if (node->kind() == c10::prim::GetAttr) {
      return names_[value] = constant(path_of(value), weights_.at(path_of(value)));
    }
    if (node->kind() == c10::prim::Constant) {
      return names_[value] = number(value);
    }
    const std::string kind = node->kind().toQualString();
    const auto rule = rules().find(kind);
    if (rule == rules().end()) {
      throw Error(fmt::format(
          "this model computes {}, for which there is no operator here; export it as TorchScript", kind));
    }
    (this->*rule->second)(*node);
    return names_.at(value);
  }

  const ValueShape& shape_of(const jit::Value* value) const { return shapes_.at(value); }
  int64_t rank_of(const jit::Value* value) const { return std::ssize(shape_of(value).of_one); }

  int64_t axis_in(const jit::Node& node, size_t input, const jit::Value* of) const {
    const int64_t axis = whole(node.inputs()[input]);
    return axis < 0 ? axis + rank_of(of) : axis;
  }

  // --- constants ---

  std::string constant(const std::string& name, const torch::Tensor& value) {
    const bool is_number = value.is_floating_point();
    graph_.constants[name] =
        value.detach().cpu().to(is_number ? torch::kFloat32 : value.scalar_type()).contiguous().clone();
    return name;
  }

  std::string list(const std::vector<int64_t>& values) {
    return constant(fmt::format("{}list{}", prefix_, graph_.constants.size()),
                    torch::tensor(values, torch::kInt64));
  }

  std::string float_constant(double value) {
    return constant(fmt::format("{}number{}", prefix_, graph_.constants.size()),
                    torch::tensor(static_cast<float>(value)));
  }

  // A number in an expression, also one that was traced as a tensor without dimensions.
  std::string number(const jit::Value* value) { return float_constant(real(value)); }

  static c10::IValue fixed(const jit::Value* value) {
    const auto constant = jit::toIValue(value);
    if (!constant) {
      throw Error("this model computes with sizes that depend on its input; export it as TorchScript");
    }
    return *constant;
  }
  static int64_t whole(const jit::Value* value) { return fixed(value).toInt(); }
  static double real(const jit::Value* value) {
    const c10::IValue constant = fixed(value);
    return constant.isTensor() ? constant.toTensor().item<double>() : constant.toScalar().toDouble();
  }
  static bool yes(const jit::Value* value) { return fixed(value).toBool(); }
  static bool is_none(const jit::Value* value) {
    const auto constant = jit::toIValue(value);
    return constant && constant->isNone();
  }
  static std::vector<int64_t> wholes(const jit::Value* value) {
    if (value->node()->kind() != c10::prim::ListConstruct) {
      return fixed(value).toIntVector();
    }
    std::vector<int64_t> all;
    for (const jit::Value* each : value->node()->inputs()) {
      all.push_back(whole(each));
    }
    return all;
  }

  // --- nodes ---

  std::string add_node(const std::string& type, std::vector<std::string> inputs,
                       std::map<std::string, Attribute> attributes = {}) {
    const std::string output = fmt::format("{}{}", prefix_, graph_.nodes.size());
    graph_.nodes.push_back({type, std::move(inputs), {output}, std::move(attributes)});
    return output;
  }

  void give(const jit::Value* value, const std::string& name) {
    names_[value] = name;
    graph_.shapes.try_emplace(name, shape_of(value));
  }

  void give_node(const jit::Node& node, const std::string& type, std::vector<std::string> inputs,
                 std::map<std::string, Attribute> attributes = {}) {
    give(node.output(), add_node(type, std::move(inputs), std::move(attributes)));
  }

  std::string input(const jit::Node& node, size_t index) { return name_of(node.inputs()[index]); }

  std::string as_float(const jit::Value* value) {
    const std::string name = name_of(value);
    return is_boolean(value) ? add_node("Cast", {name}, {{"to", int64_t{1}}}) : name;
  }

  // The value in other sizes; the one that grows takes what is left.
  std::string reshaped(const std::string& name, const ValueShape& shape) {
    std::vector<int64_t> sizes = shape.of_one;
    for (size_t i = 0; i < sizes.size(); ++i) {
      sizes[i] = shape.grows[i] ? -1 : sizes[i];
    }
    return add_node("Reshape", {name, list(sizes)});
  }

  // --- rules ---

  void pass(const jit::Node& node) { give(node.output(), input(node, 0)); }
  void reshape(const jit::Node& node) {
    give(node.output(), reshaped(input(node, 0), shape_of(node.output())));
  }

  template <const char* kType>
  void unary(const jit::Node& node) {
    give_node(node, kType, {input(node, 0)});
  }

  template <const char* kType>
  void binary(const jit::Node& node) {
    if (node.inputs().size() > 2 && real(node.inputs()[2]) != 1) {
      throw Error("this model adds multiples, for which there is no operator here; export it as TorchScript");
    }
    give_node(node, kType, {as_float(node.inputs()[0]), as_float(node.inputs()[1])});
  }

  void addmm(const jit::Node& node) {
    const jit::Value* weight = node.inputs()[2];
    const bool is_turned = weight->node()->kind() == c10::aten::t;
    const std::string name = name_of(is_turned ? weight->node()->inputs()[0] : weight);
    give_node(node, "Gemm", {input(node, 1), name, input(node, 0)}, {{"transB", int64_t{is_turned ? 1 : 0}}});
  }

  void linear(const jit::Node& node) {
    const std::string turned =
        add_node("Transpose", {input(node, 1)}, {{"perm", std::vector<int64_t>{1, 0}}});
    const std::string product = add_node("MatMul", {input(node, 0), turned});
    give(node.output(), is_none(node.inputs()[2]) ? product : add_node("Add", {product, input(node, 2)}));
  }

  void turn(const jit::Node& node) {
    give_node(node, "Transpose", {input(node, 0)}, {{"perm", std::vector<int64_t>{1, 0}}});
  }

  void permute(const jit::Node& node) {
    give_node(node, "Transpose", {input(node, 0)}, {{"perm", wholes(node.inputs()[1])}});
  }

  void transpose(const jit::Node& node) {
    std::vector<int64_t> order;
    for (int64_t i = 0; i < rank_of(node.inputs()[0]); ++i) {
      order.push_back(i);
    }
    std::swap(order.at(static_cast<size_t>(axis_in(node, 1, node.inputs()[0]))),
              order.at(static_cast<size_t>(axis_in(node, 2, node.inputs()[0]))));
    give_node(node, "Transpose", {input(node, 0)}, {{"perm", order}});
  }

  static std::vector<int64_t> both_sides(std::vector<int64_t> pads) {
    const std::vector<int64_t> other = pads;
    pads.insert(pads.end(), other.begin(), other.end());
    return pads;
  }

  void convolution(const jit::Node& node) {
    std::vector<std::string> inputs = {input(node, 0), input(node, 1)};
    if (!is_none(node.inputs()[2])) {
      inputs.push_back(input(node, 2));
    }
    std::map<std::string, Attribute> attributes = {{"strides", wholes(node.inputs()[3])},
                                                   {"pads", both_sides(wholes(node.inputs()[4]))},
                                                   {"dilations", wholes(node.inputs()[5])},
                                                   {"group", whole(node.inputs()[8])}};
    const bool is_transposed = yes(node.inputs()[6]);
    if (is_transposed) {
      attributes["output_padding"] = wholes(node.inputs()[7]);
    }
    give_node(node, is_transposed ? "ConvTranspose" : "Conv", inputs, attributes);
  }

  void max_pool(const jit::Node& node) {
    const std::vector<int64_t> kernel = wholes(node.inputs()[1]);
    const std::vector<int64_t> strides = wholes(node.inputs()[2]);
    give_node(node, "MaxPool", {input(node, 0)},
              {{"kernel_shape", kernel},
               {"strides", strides.empty() ? kernel : strides},
               {"pads", both_sides(wholes(node.inputs()[3]))}});
  }

  void upsample(const jit::Node& node) {
    const ValueShape& from = shape_of(node.inputs()[0]);
    const ValueShape& to = shape_of(node.output());
    torch::Tensor scales = torch::ones({4});
    for (int64_t axis = 2; axis < 4; ++axis) {
      const auto place = static_cast<size_t>(axis);
      scales[axis] = static_cast<double>(to.of_one[place]) / static_cast<double>(from.of_one[place]);
    }
    const std::string name = constant(fmt::format("{}scales{}", prefix_, graph_.constants.size()), scales);
    give_node(node, "Resize", {input(node, 0), "", name},
              {{"mode", std::string("nearest")},
               {"coordinate_transformation_mode", std::string("asymmetric")},
               {"nearest_mode", std::string("floor")}});
  }

  // LibTorch pads from the last axis on, ONNX has all beginnings before all ends.
  void pad(const jit::Node& node) {
    const std::vector<int64_t> given = wholes(node.inputs()[1]);
    const auto rank = static_cast<size_t>(rank_of(node.inputs()[0]));
    std::vector<int64_t> pads(2 * rank, 0);
    for (size_t i = 0; i < given.size() / 2; ++i) {
      pads[rank - 1 - i] = given[2 * i];
      pads[2 * rank - 1 - i] = given[2 * i + 1];
    }
    give_node(node, "Pad", {input(node, 0), list(pads), number(node.inputs()[2])});
  }

  std::string sliced(const std::string& name, int64_t axis, int64_t start, int64_t end, int64_t step) {
    return add_node("Slice", {name, list({start}), list({end}), list({axis}), list({step})});
  }

  void narrow(const jit::Node& node) {
    const int64_t start = whole(node.inputs()[2]);
    give(node.output(), sliced(input(node, 0), axis_in(node, 1, node.inputs()[0]), start,
                               start + whole(node.inputs()[3]), 1));
  }

  void slice(const jit::Node& node) {
    const int64_t start = is_none(node.inputs()[2]) ? 0 : whole(node.inputs()[2]);
    const int64_t end =
        is_none(node.inputs()[3]) ? std::numeric_limits<int64_t>::max() : whole(node.inputs()[3]);
    give(node.output(),
         sliced(input(node, 0), axis_in(node, 1, node.inputs()[0]), start, end, whole(node.inputs()[4])));
  }

  // Windows of an axis: their places instead of it, and their contents as the last axis.
  void unfold(const jit::Node& node) {
    const jit::Value* from = node.inputs()[0];
    const int64_t axis = axis_in(node, 1, from);
    const int64_t size = whole(node.inputs()[2]);
    const int64_t step = whole(node.inputs()[3]);
    const int64_t windows = shape_of(node.output()).of_one.at(static_cast<size_t>(axis));
    const torch::Tensor places = step * torch::arange(windows).unsqueeze(1) + torch::arange(size);
    const std::string indices = constant(fmt::format("{}places{}", prefix_, graph_.constants.size()), places);
    const std::string gathered = add_node("Gather", {name_of(from), indices}, {{"axis", axis}});
    std::vector<int64_t> order;
    for (int64_t i = 0; i <= rank_of(from); ++i) {
      if (i != axis + 1) {
        order.push_back(i);
      }
    }
    order.push_back(axis + 1);
    give_node(node, "Transpose", {gathered}, {{"perm", order}});
  }

  void index_select(const jit::Node& node) {
    give_node(node, "Gather", {input(node, 0), input(node, 2)},
              {{"axis", axis_in(node, 1, node.inputs()[0])}});
  }

  // What is made of a list: a part of it for each of its values.
  void unpack(const jit::Node& node) {
    const jit::Node& from = *node.inputs()[0]->node();
    const jit::Value* whole_value = from.inputs()[0];
    const bool is_chunk = from.kind() == c10::aten::chunk;
    TORCH_CHECK(is_chunk || from.kind() == c10::aten::unbind, "a list of ", from.kind().toQualString());
    const int64_t axis = axis_in(from, is_chunk ? 2 : 1, whole_value);
    int64_t start = 0;
    for (int64_t i = 0; i < std::ssize(node.outputs()); ++i) {
      const jit::Value* part = node.outputs()[static_cast<size_t>(i)];
      if (!part->hasUses()) {
        start += is_chunk ? shape_of(part).of_one.at(static_cast<size_t>(axis)) : 1;
        continue;
      }
      if (is_chunk) {
        const int64_t end = start + shape_of(part).of_one.at(static_cast<size_t>(axis));
        give(part, sliced(name_of(whole_value), axis, start, end, 1));
        start = end;
      } else {
        const std::string place =
            constant(fmt::format("{}place{}", prefix_, graph_.constants.size()), torch::tensor(i));
        give(part, add_node("Gather", {name_of(whole_value), place}, {{"axis", axis}}));
      }
    }
  }

  void concatenate(const jit::Node& node) {
    std::vector<std::string> parts;
    for (const jit::Value* part : node.inputs()[0]->node()->inputs()) {
      parts.push_back(name_of(part));
    }
    give_node(node, "Concat", parts, {{"axis", axis_in(node, 1, node.output())}});
  }

  void softmax(const jit::Node& node) {
    give_node(node, "Softmax", {input(node, 0)}, {{"axis", axis_in(node, 1, node.inputs()[0])}});
  }

  void sum(const jit::Node& node) {
    give_node(node, "ReduceSum", {input(node, 0), list(wholes(node.inputs()[1]))},
              {{"keepdims", int64_t{yes(node.inputs()[2]) ? 1 : 0}}});
  }

  void leaky_relu(const jit::Node& node) {
    give_node(node, "LeakyRelu", {input(node, 0)}, {{"alpha", real(node.inputs()[1])}});
  }

  void elu(const jit::Node& node) {
    give_node(node, "Elu", {input(node, 0)}, {{"alpha", real(node.inputs()[1])}});
  }

  void silu(const jit::Node& node) {
    const std::string x = input(node, 0);
    give_node(node, "Mul", {x, add_node("Sigmoid", {x})});
  }

  // x / 2 (1 + erf(x / sqrt 2))
  void gelu(const jit::Node& node) {
    const std::string x = input(node, 0);
    const std::string error = add_node("Erf", {add_node("Mul", {x, float_constant(std::sqrt(0.5))})});
    const std::string half = add_node("Mul", {x, float_constant(0.5)});
    give_node(node, "Mul", {half, add_node("Add", {error, float_constant(1)})});
  }

  void batch_norm(const jit::Node& node) {
    give_node(node, "BatchNormalization",
              {input(node, 0), input(node, 1), input(node, 2), input(node, 3), input(node, 4)},
              {{"epsilon", real(node.inputs()[7])}});
  }

  void layer_norm(const jit::Node& node) {
    const auto axes = std::ssize(wholes(node.inputs()[1]));
    give_node(node, "LayerNormalization", {input(node, 0), input(node, 2), input(node, 3)},
              {{"axis", -axes}, {"epsilon", real(node.inputs()[4])}});
  }

  // Each group as a channel of its own, and the weights after that.
  void group_norm(const jit::Node& node) {
    const ValueShape& shape = shape_of(node.inputs()[0]);
    const int64_t groups = whole(node.inputs()[1]);
    const std::string grouped = add_node("Reshape", {input(node, 0), list({0, groups, -1})});
    const std::string ones = constant(fmt::format("{}ones{}", prefix_, groups), torch::ones({groups}));
    const std::string zeros = constant(fmt::format("{}zeros{}", prefix_, groups), torch::zeros({groups}));
    const std::string normal =
        add_node("InstanceNormalization", {grouped, ones, zeros}, {{"epsilon", real(node.inputs()[4])}});
    const std::string back = reshaped(normal, shape);
    const auto of_channels = [&](const jit::Value* weight) {
      return add_node("Reshape", {name_of(weight), list({shape.of_one.at(1), 1, 1})});
    };
    give_node(node, "Add",
              {add_node("Mul", {back, of_channels(node.inputs()[2])}), of_channels(node.inputs()[3])});
  }

  // softmax(q k^T / sqrt(d)) v
  void attention(const jit::Node& node) {
    const int64_t rank = rank_of(node.inputs()[1]);
    std::vector<int64_t> order;
    for (int64_t i = 0; i < rank - 2; ++i) {
      order.push_back(i);
    }
    order.insert(order.end(), {rank - 1, rank - 2});
    const std::string keys = add_node("Transpose", {input(node, 1)}, {{"perm", order}});
    const double scale = 1 / std::sqrt(static_cast<double>(shape_of(node.inputs()[0]).of_one.back()));
    const std::string scaled =
        add_node("Mul", {add_node("MatMul", {input(node, 0), keys}), float_constant(scale)});
    give_node(node, "MatMul", {add_node("Softmax", {scaled}, {{"axis", int64_t{-1}}}), input(node, 2)});
  }

  void fill(const jit::Node& node) {
    give_node(node, "Where", {input(node, 1), number(node.inputs()[2]), input(node, 0)});
  }

  void to(const jit::Node& node) { give(node.output(), as_float(node.inputs()[0])); }

  void expand_as(const jit::Node& node) {
    give_node(node, "Expand", {input(node, 0), add_node("Shape", {input(node, 1)})});
  }

  void zeros_like(const jit::Node& node) {
    give_node(node, "ConstantOfShape", {add_node("Shape", {input(node, 0)})});
  }

  void topk(const jit::Node& node) {
    const std::string values = fmt::format("{}{}", prefix_, graph_.nodes.size() + 1);
    const std::string input_name = input(node, 0);
    const std::string count = list({whole(node.inputs()[1])});
    graph_.nodes.push_back({"TopK",
                            {input_name, count},
                            {values + "_values", values + "_places"},
                            {{"axis", axis_in(node, 2, node.inputs()[0])}}});
    give(node.outputs()[0], values + "_values");
    give(node.outputs()[1], values + "_places");
  }

  void scatter(const jit::Node& node) {
    give_node(node, "ScatterElements", {input(node, 0), input(node, 2), input(node, 3)},
              {{"axis", axis_in(node, 1, node.inputs()[0])}});
  }

  NamedTensors weights_;
  OperatorGraph graph_;
  std::map<const jit::Value*, ValueShape> shapes_;
  std::map<const jit::Value*, std::string> names_;
  std::string prefix_;

  static constexpr char kRelu[] = "Relu";
  static constexpr char kSigmoid[] = "Sigmoid";
  static constexpr char kTanh[] = "Tanh";
  static constexpr char kSoftplus[] = "Softplus";
  static constexpr char kExp[] = "Exp";
  static constexpr char kIsNaN[] = "IsNaN";
  static constexpr char kAdd[] = "Add";
  static constexpr char kSub[] = "Sub";
  static constexpr char kMul[] = "Mul";
  static constexpr char kDiv[] = "Div";
  static constexpr char kGreater[] = "Greater";
  static constexpr char kMatMul[] = "MatMul";
};

const std::map<std::string, Translator::Rule>& Translator::rules() {
  static const std::map<std::string, Rule> kRules = {
      {"aten::relu", &Translator::unary<kRelu>},
      {"aten::sigmoid", &Translator::unary<kSigmoid>},
      {"aten::tanh", &Translator::unary<kTanh>},
      {"aten::softplus", &Translator::unary<kSoftplus>},
      {"aten::exp", &Translator::unary<kExp>},
      {"aten::isnan", &Translator::unary<kIsNaN>},
      {"aten::add", &Translator::binary<kAdd>},
      {"aten::add_", &Translator::binary<kAdd>},
      {"aten::sub", &Translator::binary<kSub>},
      {"aten::mul", &Translator::binary<kMul>},
      {"aten::div", &Translator::binary<kDiv>},
      {"aten::gt", &Translator::binary<kGreater>},
      {"aten::matmul", &Translator::binary<kMatMul>},
      {"aten::addmm", &Translator::addmm},
      {"aten::linear", &Translator::linear},
      {"aten::t", &Translator::turn},
      {"aten::permute", &Translator::permute},
      {"aten::transpose", &Translator::transpose},
      {"aten::_convolution", &Translator::convolution},
      {"aten::max_pool2d", &Translator::max_pool},
      {"aten::upsample_nearest2d", &Translator::upsample},
      {"aten::constant_pad_nd", &Translator::pad},
      {"aten::narrow", &Translator::narrow},
      {"aten::slice", &Translator::slice},
      {"aten::unfold", &Translator::unfold},
      {"aten::index_select", &Translator::index_select},
      {"prim::ListUnpack", &Translator::unpack},
      {"aten::cat", &Translator::concatenate},
      {"aten::softmax", &Translator::softmax},
      {"aten::sum", &Translator::sum},
      {"aten::leaky_relu", &Translator::leaky_relu},
      {"aten::elu", &Translator::elu},
      {"aten::silu", &Translator::silu},
      {"aten::gelu", &Translator::gelu},
      {"aten::batch_norm", &Translator::batch_norm},
      {"aten::layer_norm", &Translator::layer_norm},
      {"aten::group_norm", &Translator::group_norm},
      {"aten::scaled_dot_product_attention", &Translator::attention},
      {"aten::masked_fill", &Translator::fill},
      {"aten::to", &Translator::to},
      {"aten::expand_as", &Translator::expand_as},
      {"aten::zeros_like", &Translator::zeros_like},
      {"aten::topk", &Translator::topk},
      {"aten::scatter", &Translator::scatter},
      {"aten::dropout", &Translator::pass},
      {"aten::contiguous", &Translator::pass},
      {"aten::detach", &Translator::pass},
      {"aten::flatten", &Translator::reshape},
      {"aten::unflatten", &Translator::reshape},
      {"aten::reshape", &Translator::reshape},
      {"aten::view", &Translator::reshape}};
  return kRules;
}

jit::Module whole_mirror(const Autoencoder& model) {
  return mirror(model, std::make_shared<jit::CompilationUnit>(), [](const std::string&) { return true; });
}

}  // namespace

OperatorGraph encoder_graph(Autoencoder& model) {
  jit::Module module = whole_mirror(model);
  Translator translator(model, "encoder", "input");
  translator.add(module, traced_encode(model), "input", "code");
  return translator.take();
}

OperatorGraph decoder_graph(Autoencoder& model) {
  jit::Module module = whole_mirror(model);
  Translator translator(model, "decoder", "code");
  translator.add(module, traced_decode(model), "code", "reconstruction");
  return translator.take();
}

OperatorGraph whole_graph(Autoencoder& model) {
  jit::Module module = whole_mirror(model);
  Translator translator(model, "autoencoder", "input");
  translator.add(module, traced_encode(model), "input", "code");
  translator.add(module, traced_decode(model), "code", "reconstruction");
  return translator.take();
}

}  // namespace autoencoder
