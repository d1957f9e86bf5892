#include "export/onnx.h"

#include <protozero/pbf_builder.hpp>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/version.h"
#include "export/graph_check.h"

namespace autoencoder {
namespace {

constexpr int64_t kIrVersion = 8;
constexpr size_t kMostBytes = (size_t{1} << 31) - (size_t{1} << 20);

// The fields of onnx/onnx.proto that are written.
enum class ModelField : protozero::pbf_tag_type {
  kIrVersion = 1,
  kProducerName = 2,
  kProducerVersion = 3,
  kGraph = 7,
  kOpsetImport = 8,
  kMetadata = 14
};
enum class OpsetField : protozero::pbf_tag_type { kVersion = 2 };
enum class EntryField : protozero::pbf_tag_type { kKey = 1, kValue = 2 };
enum class GraphField : protozero::pbf_tag_type {
  kNode = 1,
  kName = 2,
  kInitializer = 5,
  kInput = 11,
  kOutput = 12
};
enum class NodeField : protozero::pbf_tag_type {
  kInput = 1,
  kOutput = 2,
  kName = 3,
  kOpType = 4,
  kAttribute = 5
};
enum class AttributeField : protozero::pbf_tag_type {
  kName = 1,
  kFloat = 2,
  kInt = 3,
  kString = 4,
  kInts = 8,
  kType = 20
};
enum class TensorField : protozero::pbf_tag_type { kDims = 1, kDataType = 2, kName = 8, kRawData = 9 };
enum class PortField : protozero::pbf_tag_type { kName = 1, kType = 2 };
enum class TypeField : protozero::pbf_tag_type { kTensor = 1 };
enum class TensorTypeField : protozero::pbf_tag_type { kElement = 1, kShape = 2 };
enum class ShapeField : protozero::pbf_tag_type { kDimension = 1 };
enum class DimensionField : protozero::pbf_tag_type { kValue = 1, kParameter = 2 };

enum AttributeType : int32_t { kFloatType = 1, kIntType = 2, kStringType = 3, kIntsType = 7 };

template <typename Field>
using Builder = protozero::pbf_builder<Field>;

int32_t data_type(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32:
      return 1;
    case torch::kInt64:
      return 7;
    case torch::kBool:
      return 9;
    default:
      TORCH_CHECK(false, "no constant of ONNX is ", type);
  }
}

void write_attribute(Builder<NodeField>& node, const std::string& name, const Attribute& value) {
  Builder<AttributeField> attribute(node, NodeField::kAttribute);
  attribute.add_string(AttributeField::kName, name);
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    attribute.add_int64(AttributeField::kInt, *whole);
    attribute.add_enum(AttributeField::kType, kIntType);
  } else if (const auto* number = std::get_if<double>(&value)) {
    attribute.add_float(AttributeField::kFloat, static_cast<float>(*number));
    attribute.add_enum(AttributeField::kType, kFloatType);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    attribute.add_bytes(AttributeField::kString, *text);
    attribute.add_enum(AttributeField::kType, kStringType);
  } else {
    for (const int64_t each : std::get<std::vector<int64_t>>(value)) {
      attribute.add_int64(AttributeField::kInts, each);
    }
    attribute.add_enum(AttributeField::kType, kIntsType);
  }
}

void write_node(Builder<GraphField>& graph, const OperatorNode& its) {
  Builder<NodeField> node(graph, GraphField::kNode);
  for (const std::string& input : its.inputs) {
    node.add_string(NodeField::kInput, input);
  }
  for (const std::string& output : its.outputs) {
    node.add_string(NodeField::kOutput, output);
  }
  node.add_string(NodeField::kName, its.outputs.front());
  node.add_string(NodeField::kOpType, its.type);
  for (const auto& [name, value] : its.attributes) {
    write_attribute(node, name, value);
  }
}

void write_constant(Builder<GraphField>& graph, const std::string& name, const torch::Tensor& value) {
  Builder<TensorField> tensor(graph, GraphField::kInitializer);
  for (const int64_t size : value.sizes()) {
    tensor.add_int64(TensorField::kDims, size);
  }
  tensor.add_int32(TensorField::kDataType, data_type(value.scalar_type()));
  tensor.add_string(TensorField::kName, name);
  tensor.add_bytes(TensorField::kRawData, static_cast<const char*>(value.const_data_ptr()), value.nbytes());
}

void write_value(Builder<GraphField>& graph, GraphField field, const std::string& name,
                 const ValueShape& its) {
  Builder<PortField> value(graph, field);
  value.add_string(PortField::kName, name);
  Builder<TypeField> type(value, PortField::kType);
  Builder<TensorTypeField> tensor(type, TypeField::kTensor);
  tensor.add_int32(TensorTypeField::kElement, data_type(torch::kFloat32));
  Builder<ShapeField> shape(tensor, TensorTypeField::kShape);
  for (size_t i = 0; i < its.of_one.size(); ++i) {
    Builder<DimensionField> dimension(shape, ShapeField::kDimension);
    if (its.grows[i]) {
      dimension.add_string(DimensionField::kParameter, "N");
    } else {
      dimension.add_int64(DimensionField::kValue, its.of_one[i]);
    }
  }
}

void write_graph(Builder<ModelField>& model, const OperatorGraph& its) {
  Builder<GraphField> graph(model, ModelField::kGraph);
  graph.add_string(GraphField::kName, its.name);
  for (const OperatorNode& node : its.nodes) {
    write_node(graph, node);
  }
  for (const auto& [name, value] : its.constants) {
    write_constant(graph, name, value);
  }
  write_value(graph, GraphField::kInput, its.input, its.shapes.at(its.input));
  for (const std::string& output : its.outputs) {
    write_value(graph, GraphField::kOutput, output, its.shapes.at(output));
  }
}

size_t constant_bytes(const OperatorGraph& graph) {
  size_t bytes = 0;
  for (const auto& [name, value] : graph.constants) {
    bytes += value.nbytes();
  }
  return bytes;
}

}  // namespace

std::string onnx_bytes(const OperatorGraph& graph, const ExportMetadata& metadata) {
  if (constant_bytes(graph) > kMostBytes) {
    throw Error("the weights have 2 GiB and more, which one ONNX file cannot hold; export it as TorchScript");
  }
  std::string bytes;
  Builder<ModelField> model(bytes);
  model.add_int64(ModelField::kIrVersion, kIrVersion);
  model.add_string(ModelField::kProducerName, "autoencoder");
  model.add_string(ModelField::kProducerVersion, program_version());
  write_graph(model, graph);
  {
    Builder<OpsetField> opset(model, ModelField::kOpsetImport);
    opset.add_int64(OpsetField::kVersion, kOpset);
  }
  for (const auto& [name, value] : metadata) {
    Builder<EntryField> entry(model, ModelField::kMetadata);
    entry.add_string(EntryField::kKey, name);
    entry.add_string(EntryField::kValue, value);
  }
  return bytes;
}

ExportCheck export_onnx(Autoencoder& model, const std::filesystem::path& path, const ExportMetadata& metadata,
                        ExportPart part) {
  const CheckedGraph checked = checked_graph(model, path, part);
  write_file(path, onnx_bytes(checked.graph, metadata));
  return checked.check;
}

}  // namespace autoencoder
