#include "export/tracing.h"

#include <cctype>

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

namespace jit = torch::jit;

torch::Tensor random_input(const Autoencoder& model, int64_t batch) {
  const auto& [channels, height, width] = model.input_shape();
  const at::Generator rng = make_generator(derive_seed(0, "export", static_cast<uint64_t>(batch)));
  return torch::rand({batch, channels, height, width}, rng).to(options_of(model));
}

// The class's own name, as Python shows it: "Linear" of torch::nn::LinearImpl.
std::string class_name(const torch::nn::Module& module) {
  const std::string& full = module.name();
  std::string name = full.substr(full.find_last_of(':') + 1);
  std::erase_if(name, [](unsigned char letter) { return std::isalnum(letter) == 0; });
  return name.ends_with("Impl") ? name.substr(0, name.size() - 4) : name;
}

// A graph that holds a device, or a tensor that does not move with the module, runs on the traced device
// alone.
void check_portable(const jit::Graph& graph, const std::string& method) {
  for (const jit::Node* node : graph.nodes()) {
    if (node->kind() != c10::prim::Constant) {
      continue;
    }
    const c10::IValue constant = *jit::toIValue(node->output());
    TORCH_CHECK(!constant.isDevice(), method, " bakes in the device ", constant.toDevice(),
                ": make tensors with zeros_like and the like, or register them as buffers");
    // A number in an expression is traced as a tensor without dimensions, on the CPU, and goes with every
    // device.
    const bool fixed =
        constant.isTensor() && !(constant.toTensor().dim() == 0 && constant.toTensor().is_cpu());
    TORCH_CHECK(!fixed, method,
                " bakes in a tensor that is neither parameter nor buffer of the model: register it");
  }
}

}  // namespace

torch::TensorOptions options_of(const Autoencoder& model) { return model.parameters().front().options(); }

TracedMethod traced_encode(Autoencoder& model) {
  return {"encode", "input", [&](const torch::Tensor& input) { return model.encode(input); },
          [&](int64_t batch) { return random_input(model, batch); }};
}

TracedMethod traced_decode(Autoencoder& model) {
  return {"decode", "code", [&](const torch::Tensor& code) { return model.decode(code); },
          [&](int64_t batch) { return model.encode(random_input(model, batch)); }};
}

jit::Module mirror(const torch::nn::Module& source, const std::shared_ptr<jit::CompilationUnit>& unit,
                   const Selection& selected, const std::string& prefix) {
  jit::Module module(c10::QualifiedName("__torch__", class_name(source)), unit, /*shouldMangle=*/true);
  module.register_attribute("training", c10::BoolType::get(), false);
  for (const auto& parameter : source.named_parameters(/*recurse=*/false)) {
    if (selected(prefix + parameter.key())) {
      module.register_parameter(parameter.key(), parameter.value(), /*is_buffer=*/false);
    }
  }
  for (const auto& buffer : source.named_buffers(/*recurse=*/false)) {
    if (selected(prefix + buffer.key())) {
      module.register_buffer(buffer.key(), buffer.value());
    }
  }
  for (const auto& child : source.named_children()) {
    jit::Module copy = mirror(*child.value(), unit, selected, prefix + child.key() + ".");
    if (copy.buffers().size() + copy.parameters().size() > 0) {
      module.register_module(child.key(), copy);
    }
  }
  return module;
}

std::shared_ptr<jit::Graph> trace(jit::Module& module, const TracedMethod& method, int64_t batch) {
  const auto compute = [&](jit::Stack inputs) -> jit::Stack {
    return {method.compute(inputs.at(0).toTensor())};
  };
  const auto no_names = [](const torch::Tensor&) { return std::string(); };
  const auto [state, outputs] =
      jit::tracer::trace({method.example(batch)}, compute, no_names, /*strict=*/true,
                         /*force_outplace=*/false, &module, {method.argument});
  check_portable(*state->graph, method.name);
  return state->graph;
}

std::string path_of(const jit::Value* value) {
  const jit::Node* node = value->node();
  if (node->kind() != c10::prim::GetAttr) {
    return "";
  }
  const std::string parent = path_of(node->input());
  return (parent.empty() ? "" : parent + ".") + node->s(c10::attr::name);
}

}  // namespace autoencoder
