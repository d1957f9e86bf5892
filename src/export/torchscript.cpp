#include "export/torchscript.h"

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <torch/script.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "export/tracing.h"
#include "models/double_precision.h"
#include "models/evaluation_mode.h"

namespace autoencoder {
namespace {

namespace jit = torch::jit;

constexpr int64_t kTracedBatch = 2;
// A trace that bakes in its batch size fails on both; the second alone finds one that broadcasts.
constexpr std::array<int64_t, 2> kCheckedBatches = {1, 5};
constexpr double kAlwaysAllowed = 1e-5;

std::vector<TracedMethod> traced_methods(Autoencoder& model, ExportPart part) {
  if (part == ExportPart::kWhole) {
    return {traced_encode(model), traced_decode(model)};
  }
  TracedMethod half = part == ExportPart::kEncoder ? traced_encode(model) : traced_decode(model);
  half.name = "forward";
  return {half};
}

// --- From a model to a module ---

// The names of the parameters and buffers that a method reads.
std::set<std::string> tensors_read(const Autoencoder& model, const TracedMethod& method) {
  jit::Module module =
      mirror(model, std::make_shared<jit::CompilationUnit>(), [](const auto&) { return true; });
  std::set<std::string> names;
  const auto graph = trace(module, method, kTracedBatch);
  for (const jit::Node* node : graph->nodes()) {
    if (node->kind() == c10::prim::GetAttr) {
      names.insert(path_of(node->output()));
    }
  }
  return names;
}

void add_method(jit::Module& module, const TracedMethod& method) {
  const c10::QualifiedName name(*module.type()->name(), method.name);
  module.type()->addMethod(
      module._ivalue()->compilation_unit()->create_function(name, trace(module, method, kTracedBatch)));
}

// --- Sampling ---

// TorchScript source that reads a parameter. Parts of its name may be numbers: getattr(getattr(self,
// "encoder"), "1").
std::string expression_of(const std::string& parameter) {
  std::string expression = "self";
  std::istringstream parts(parameter);
  for (std::string part; std::getline(parts, part, '.');) {
    expression = fmt::format("getattr({}, \"{}\")", expression, part);
  }
  return expression;
}

std::string sample_source(const Autoencoder& model) {
  return fmt::format(R"(
def sample(self, count: int) -> Tensor:
    like = {}
    return self.decode(torch.randn([count, {}], dtype=like.dtype, device=like.device))
)",
                     expression_of(model.named_parameters().front().key()), model.latent_dim());
}

// --- The file ---

constexpr const char* kForwardSource = R"(
def forward(self, input: Tensor) -> Tensor:
    return self.decode(self.encode(input))
)";

// The file holds copies on the CPU, without gradients: it loads without a GPU, and model(x).numpy() works.
void detach_tensors(const jit::Module& module) {
  for (const jit::Module& part : module.modules()) {
    for (const auto& attribute : part.named_attributes(/*recurse=*/false)) {
      if (attribute.value.isTensor()) {
        const torch::Tensor copy =
            attribute.value.toTensor().detach().to(torch::kCPU, /*non_blocking=*/false, /*copy=*/true);
        part._ivalue()->setAttr(attribute.name, copy);
      }
    }
  }
}

jit::Module make_module(Autoencoder& model, ExportPart part) {
  const std::vector<TracedMethod> methods = traced_methods(model, part);
  Selection selected = [](const std::string&) { return true; };
  if (part != ExportPart::kWhole) {
    selected = [names = tensors_read(model, methods.front())](const std::string& name) {
      return names.contains(name);
    };
  }
  jit::Module module = mirror(model, std::make_shared<jit::CompilationUnit>(), selected);
  for (const TracedMethod& method : methods) {
    add_method(module, method);
  }
  if (part == ExportPart::kWhole) {
    module.define(kForwardSource);
    if (exports_sample(model)) {
      module.define(sample_source(model));
    }
  }
  detach_tensors(module);
  return module;
}

std::string bytes_of(const jit::Module& module, const ExportMetadata& metadata) {
  std::ostringstream stream;
  module.save(stream, jit::ExtraFilesMap(metadata.begin(), metadata.end()));
  return std::move(stream).str();
}

// --- The check ---

torch::Tensor difference(const torch::Tensor& from_file, const torch::Tensor& from_model) {
  TORCH_CHECK(from_file.sizes() == from_model.sizes(), "the exported module gives ", from_file.sizes(),
              ", the model ", from_model.sizes());
  return (from_file - from_model).abs().max().to(torch::kCPU, torch::kFloat64);
}

torch::Tensor run(jit::Module& module, const TracedMethod& method, const torch::Tensor& example) {
  try {
    return module.run_method(method.name, example).toTensor();
  } catch (const std::exception& failure) {
    TORCH_CHECK(false, method.name, " works at the traced batch size of ", kTracedBatch, " but not at ",
                example.size(0), ": reshape with flatten, unflatten or -1 in place of sizes. ",
                failure.what());
  }
}

torch::Tensor sample_difference(jit::Module& module, Autoencoder& model, int64_t count) {
  const auto options = options_of(model);
  const auto same_noise = [&] { return GlobalGeneratorLoan(make_generator(0, options.device())); };
  torch::Tensor sampled;
  {
    const auto loan = same_noise();
    sampled = module.run_method("sample", count).toTensor();
  }
  const auto loan = same_noise();
  return difference(sampled, model.decode(torch::randn({count, model.latent_dim()}, options)));
}

// Those that are traced, and what is made of them in the file.
std::vector<TracedMethod> callable_methods(Autoencoder& model, ExportPart part) {
  std::vector<TracedMethod> methods = traced_methods(model, part);
  if (part == ExportPart::kWhole) {
    methods.push_back({"forward", "input", [&](const torch::Tensor& input) { return model.forward(input); },
                       methods.front().example});
  }
  return methods;
}

// The largest difference between the module in `bytes` and the model. NaN where either gives NaN.
double compare(const std::string& bytes, Autoencoder& model, ExportPart part) {
  std::istringstream stream(bytes);
  jit::Module module = jit::load(stream, options_of(model).device());
  std::vector<torch::Tensor> differences;
  for (const int64_t batch : kCheckedBatches) {
    for (const TracedMethod& method : callable_methods(model, part)) {
      const torch::Tensor example = method.example(batch);
      differences.push_back(difference(run(module, method, example), method.compute(example)));
    }
    if (module.find_method("sample")) {
      differences.push_back(sample_difference(module, model, batch));
    }
  }
  return std::abs(torch::stack(differences).max().item<double>());  // NaN may come with a sign
}

using Results = std::vector<torch::Tensor>;

double largest_difference(const Results& some, const Results& exact) {
  double largest = 0;
  for (size_t i = 0; i < exact.size(); ++i) {
    largest = std::max(largest, difference(some[i].to(torch::kFloat64), exact[i]).item<double>());
  }
  return largest;
}

// As if each sum of n terms that they are in were rounded as one of float32 is. Taken back with the double
// precision that the model is in.
void round_weights(const Autoencoder& model) {
  constexpr double kUnit = 0x1p-24;
  torch::Generator generator = make_generator(0);
  for (const torch::Tensor& weight : model.parameters()) {
    if (weight.dim() >= 2 && weight.size(0) > 0) {
      const int64_t terms = weight.numel() / weight.size(0);
      const torch::Tensor signs = torch::empty_like(weight).bernoulli_(0.5, generator).mul_(2).sub_(1);
      torch::Tensor(weight).addcmul_(weight, signs, std::sqrt(static_cast<double>(terms)) * kUnit);
    }
  }
}

// How far results in float32 may lie from those in float64: as the model's own do, or, where that is more, as
// those with rounded weights.
double rounding_error(Autoencoder& model, ExportPart part) {
  std::vector<TracedMethod> methods = callable_methods(model, part);
  if (part == ExportPart::kWhole && exports_sample(model)) {
    methods.push_back(
        {"sample", "code", [&](const torch::Tensor& code) { return model.decode(code); },
         [&](int64_t batch) {
           return torch::randn({batch, model.latent_dim()}, make_generator(0), options_of(model));
         }});
  }
  Results inputs;
  for (const TracedMethod& method : methods) {
    inputs.push_back(method.example(kCheckedBatches.back()));
  }
  const auto results = [&](torch::Dtype type) {
    Results all;
    for (size_t i = 0; i < methods.size(); ++i) {
      all.push_back(methods[i].compute(inputs[i].to(type)));
    }
    return all;
  };
  const Results own = results(torch::kFloat32);
  const DoublePrecision in_double(model);
  const Results exact = results(torch::kFloat64);
  round_weights(model);
  return std::max(largest_difference(own, exact), largest_difference(results(torch::kFloat64), exact));
}

// What the file may differ by. It and the model sum the same terms, n to a number, in other orders. Either is
// off by at most n u times the sum of the terms' sizes (Higham 2002, eq. 3.7; u = 2^-24), layer upon layer;
// where large terms cancel, as behind weights that have grown, that is any number of times what is put out.
// So the error is measured, on the model against itself in float64, in place of a bound over all layers that
// would let everything pass. A library that adds a few terms at a time is off by far less than one that adds
// them one by one: of that the sum is, nearly always, an exact one of terms that are off by sqrt(n) u (Higham
// & Mary 2019, theorem 2.4). The largest of some numbers may be a few times that of others: eight times what
// was measured. A missing layer or another weight is off by all of the output.
double allowed_difference(Autoencoder& model, ExportPart part) {
  constexpr double kOrdersOfSummation = 8;
  return std::max(kAlwaysAllowed, kOrdersOfSummation * rounding_error(model, part));
}

}  // namespace

// Only codes of a prior that torch.randn draws can be sampled there.
bool exports_sample(Autoencoder& model) {
  Generative* generative = model.generative();
  if (generative == nullptr) {
    return false;
  }
  const torch::NoGradGuard no_grad;
  const torch::Tensor noise = torch::randn({4, model.latent_dim()}, make_generator(0));
  return torch::equal(generative->sample_codes(4, {}, make_generator(0)), noise);
}

ExportCheck export_torchscript(Autoencoder& model, const std::filesystem::path& path,
                               const ExportMetadata& metadata, ExportPart part) {
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(model);
  const std::string bytes = bytes_of(make_module(model, part), metadata);
  const ExportCheck check = {compare(bytes, model, part)};
  // Not `>`: a difference of NaN fails, too.
  if (!(check.largest_difference <= kAlwaysAllowed)) {
    const double allowed = allowed_difference(model, part);
    if (!(check.largest_difference <= allowed)) {
      throw Error(fmt::format(
          "{}: not written, since the exported module differs from the model by {:.1e} (allowed: {:.0e}); "
          "look whether the weights are finite",
          path.string(), check.largest_difference, allowed));
    }
  }
  write_file(path, bytes);
  return check;
}

}  // namespace autoencoder
