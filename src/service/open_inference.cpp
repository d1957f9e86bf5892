#include "service/open_inference.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/text.h"
#include "common/version.h"
#include "service/json_body.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

constexpr const char* kBinaryHeader = "Inference-Header-Content-Length";

// --- what there is ---

struct TensorName {
  const char* name;
  const char* part;  // of an operation
};
constexpr std::array<TensorName, 3> kOutputs = {
    {{"reconstruction", "reconstructions"}, {"code", "codes"}, {"error", "errors"}}};

Json tensor_json(const char* name, const std::vector<int64_t>& shape) {
  return {{"name", name}, {"datatype", "FP32"}, {"shape", shape}};
}

Json metadata_of(const ServedModel& served) {
  const auto& [channels, height, width] = served.shape();
  const std::vector<int64_t> example = {-1, channels, height, width};
  return {{"name", served.name},
          {"versions", {"1"}},
          {"platform", "autoencoder"},
          {"inputs", {tensor_json("input", example)}},
          {"outputs",
           {tensor_json("reconstruction", example), tensor_json("code", {-1, served.model().latent_dim()}),
            tensor_json("error", {-1}), tensor_json("score", {-1})}}};
}

// --- requests ---

const Choices<torch::ScalarType>& data_types() {
  static const Choices<torch::ScalarType> kTypes = {{"FP32", torch::kFloat32}, {"FP64", torch::kFloat64},
                                                    {"FP16", torch::kFloat16}, {"BF16", torch::kBFloat16},
                                                    {"UINT8", torch::kUInt8},  {"INT8", torch::kInt8},
                                                    {"INT16", torch::kInt16},  {"INT32", torch::kInt32},
                                                    {"INT64", torch::kInt64},  {"BOOL", torch::kBool}};
  return kTypes;
}

// A body's JSON, and the bytes of tensors behind it.
struct InferBody {
  Json json;
  std::string_view bytes;
};

InferBody divided(const http::Request& request) {
  const std::string_view length = request.header(kBinaryHeader);
  if (length.empty()) {
    return {parse_body(request.body), {}};
  }
  const auto size = number_from<size_t>(length);
  if (!size || *size > request.body.size()) {
    throw Problem(400,
                  fmt::format("{} is {}, of a body of {} bytes", kBinaryHeader, length, request.body.size()));
  }
  const std::string_view body = request.body;
  return {parse_body(body.substr(0, *size)), body.substr(*size)};
}

std::vector<int64_t> shape_of(const Json& tensor) {
  std::vector<int64_t> shape;
  int64_t numbers = 1;
  for (const Json& size : tensor.at("shape")) {
    shape.push_back(size.get<int64_t>());
    if (shape.back() < 0 || __builtin_mul_overflow(numbers, shape.back(), &numbers)) {
      throw Problem(400, "a tensor's shape has sizes from 0 on");
    }
  }
  return shape;
}

// Nested or flat.
void add_numbers(std::vector<double>& numbers, const Json& data) {
  for (const Json& value : data) {
    if (value.is_array()) {
      add_numbers(numbers, value);
    } else {
      numbers.push_back(value.is_boolean() ? static_cast<double>(value.get<bool>()) : value.get<double>());
    }
  }
}

Problem other_count(const Json& tensor, size_t found) {
  return {400, fmt::format("tensor {}: its shape is {}, but its data are {}", tensor.at("name").dump(),
                           tensor.at("shape").dump(), found)};
}

torch::Tensor tensor_in_json(const Json& tensor, const std::vector<int64_t>& shape) {
  std::vector<double> numbers;
  add_numbers(numbers, tensor.at("data"));
  if (std::ssize(numbers) != c10::multiply_integers(shape)) {
    throw other_count(tensor, numbers.size());
  }
  return torch::tensor(numbers, torch::kFloat64).view(shape);
}

torch::Tensor tensor_in_bytes(const Json& tensor, const std::vector<int64_t>& shape, torch::ScalarType type,
                              std::string_view bytes) {
  const auto size = tensor.at("parameters").at("binary_data_size").get<size_t>();
  const auto numbers = static_cast<size_t>(c10::multiply_integers(shape));
  const size_t of_each = c10::elementSize(type);
  if (size > bytes.size() || size % of_each != 0 || size / of_each != numbers) {
    throw other_count(tensor, size);
  }
  torch::Tensor values = torch::empty(shape, type);
  std::memcpy(values.data_ptr(), bytes.data(), size);
  return values;
}

struct NamedInput {
  bool is_code = false;
  torch::Tensor values;
};

NamedInput input_in(const InferBody& body) {
  const Json& inputs = body.json.at("inputs");
  if (inputs.size() != 1) {
    throw Problem(400, fmt::format("{} inputs; a model takes one, \"input\" or \"code\"", inputs.size()));
  }
  const Json& tensor = inputs.front();
  const auto name = tensor.at("name").get<std::string>();
  const auto datatype = tensor.at("datatype").get<std::string>();
  const auto type = find_choice(data_types(), datatype);
  if (name != "input" && name != "code") {
    throw Problem(400, fmt::format("there is no input '{}'; a model takes \"input\" or \"code\"", name));
  }
  if (!type) {
    throw Problem(400,
                  fmt::format("datatype {}: it must be one of {}", datatype, join(keys_of(data_types()))));
  }
  const std::vector<int64_t> shape = shape_of(tensor);
  const bool is_binary =
      tensor.contains("parameters") && tensor.at("parameters").contains("binary_data_size");
  const torch::Tensor values =
      is_binary ? tensor_in_bytes(tensor, shape, *type, body.bytes)
                : tensor_in_json(tensor, shape).to(*type == torch::kUInt8 ? *type : torch::kFloat32);
  return {name == "code", values};
}

// --- answers ---

struct WantedOutput {
  std::string name;
  bool is_binary = false;
};

bool is_binary(const Json& of, const char* parameter) {
  return of.contains("parameters") && of.at("parameters").value(parameter, false);
}

std::vector<WantedOutput> outputs_in(const Json& json, bool is_code) {
  const bool usually_binary = is_binary(json, "binary_data_output");
  std::vector<WantedOutput> wanted;
  if (json.contains("outputs")) {
    for (const Json& output : json.at("outputs")) {
      const bool is_chosen = output.contains("parameters") && output.at("parameters").contains("binary_data");
      wanted.push_back({output.at("name"), is_chosen ? is_binary(output, "binary_data") : usually_binary});
    }
  }
  if (wanted.empty()) {
    wanted.push_back({"reconstruction", usually_binary});
    if (!is_code) {
      wanted.push_back({"code", usually_binary});
      wanted.push_back({"error", usually_binary});
    }
  }
  return wanted;
}

// The operation that gives all of them.
const Operation& operation_for(const ServedModel& served, bool is_code,
                               const std::vector<WantedOutput>& outputs) {
  const auto are_all = [&](const char* name) {
    return std::ranges::all_of(outputs, [&](const WantedOutput& output) { return output.name == name; });
  };
  if (!is_code && are_all("score")) {
    return find_operation(served, "score");
  }
  if (!is_code && are_all("code")) {
    return find_operation(served, "encode");
  }
  for (const WantedOutput& output : outputs) {
    const bool is_known =
        output.name == "reconstruction" || (!is_code && (output.name == "code" || output.name == "error"));
    if (!is_known) {
      throw Problem(
          400, fmt::format("there is no output '{}' beside the others: {}", output.name,
                           is_code ? "a code has \"reconstruction\""
                                   : "an input has \"reconstruction\", \"code\" and \"error\", or \"score\" "
                                     "alone"));
    }
  }
  return find_operation(served, is_code ? "decode" : "reconstruct");
}

const torch::Tensor& part_called(const std::vector<Part>& parts, const std::string& output) {
  const auto known =
      std::ranges::find_if(kOutputs, [&](const TensorName& each) { return output == each.name; });
  const std::string name = known == kOutputs.end() ? "scores" : known->part;
  const auto found = std::ranges::find_if(parts, [&](const Part& part) { return part.name == name; });
  return found == parts.end() ? parts.front().values : found->values;
}

// What an answer is made of.
struct Inference {
  std::string model;
  Json id;
  std::vector<WantedOutput> outputs;
};

http::Response response_of(const Inference& inference, const std::vector<Part>& parts) {
  std::string text =
      fmt::format(R"({{"model_name":{},"model_version":"1")", json_text(Json(inference.model)));
  if (!inference.id.is_null()) {
    text += ",\"id\":" + json_text(inference.id);
  }
  text += ",\"outputs\":[";
  std::string bytes;
  for (const WantedOutput& output : inference.outputs) {
    const torch::Tensor values = part_called(parts, output.name).to(torch::kFloat32).contiguous();
    text += text.ends_with('[') ? "" : ",";
    text += fmt::format(R"({{"name":"{}","datatype":"FP32","shape":)", output.name);
    text += Json(values.sizes().vec()).dump();
    if (output.is_binary) {
      text += fmt::format(R"(,"parameters":{{"binary_data_size":{}}}}})", values.nbytes());
      bytes.append(static_cast<const char*>(values.const_data_ptr()), values.nbytes());
    } else {
      text += ",\"data\":";
      append_numbers(text, values.flatten());
      text += "}";
    }
  }
  text += "]}";
  if (bytes.empty()) {
    return {.body = text};
  }
  return {.type = "application/octet-stream",
          .body = text + bytes,
          .headers = {{kBinaryHeader, std::to_string(text.size())}}};
}

void infer(const Workshop& workshop, const Call& call, const http::Reply& reply) {
  const auto served = workshop.shelf.find(call.words[0]);
  const InferBody body = divided(call.request);
  const NamedInput named = input_in(body);
  const Inference inference = {served->name, body.json.value("id", Json()),
                               outputs_in(body.json, named.is_code)};
  const Operation& operation = operation_for(*served, named.is_code, inference.outputs);
  Input input = prepared_input(*served, operation, named.values, "", workshop.limits);
  const auto respond = [inference](std::vector<Part> parts, const Input& input) {
    for (Part& part : parts) {
      part.values = part.content == Content::kExamples ? input.restored(part.values) : part.values;
    }
    return response_of(inference, parts);
  };
  compute(workshop, call.request, {served, &operation, std::move(input), respond}, reply);
}

// The protocol's errors have a member of their own, and 400 where a request's content is wrong.
http::Response as_protocol_error(const Problem& problem) {
  http::Response response = problem.response();
  Json json = Json::parse(response.body);
  json["error"] = problem.what();
  response.body = json_text(json) + "\n";
  return response;
}

void infer_or_tell(const Workshop& workshop, const Call& call, const http::Reply& reply) {
  const auto tell = [&](const Problem& problem) {
    reply([response = as_protocol_error(problem)] { return response; });
  };
  try {
    infer(workshop, call, reply);
  } catch (const Problem& problem) {
    tell(problem);
  } catch (const Json::exception& error) {
    tell(Problem(400, fmt::format("the body is no request of this protocol: {}", error.what())));
  }
}

Route get(const std::string& pattern, std::function<Json(const Call&)> make) {
  return {"GET", pattern, at_once([make = std::move(make)](const Call& call) {
            return http::Response{.body = json_text(make(call)) + "\n"};
          })};
}

}  // namespace

std::vector<Route> open_inference_routes(const Workshop& workshop) {
  std::vector<Route> routes = {get("/v2",
                                   [](const Call&) -> Json {
                                     return {{"name", "autoencoder"},
                                             {"version", program_version()},
                                             {"extensions", {"binary_tensor_data"}}};
                                   }),
                               get("/v2/health/live",
                                   [](const Call&) -> Json {
                                     return {{"live", true}};
                                   }),
                               get("/v2/health/ready", [](const Call&) -> Json {
                                 return {{"ready", true}};
                               })};
  for (const std::string model : {"/v2/models/{name}", "/v2/models/{name}/versions/1"}) {
    routes.push_back(get(
        model, [workshop](const Call& call) { return metadata_of(*workshop.shelf.find(call.words[0])); }));
    routes.push_back(get(model + "/ready", [workshop](const Call& call) -> Json {
      return {{"name", workshop.shelf.find(call.words[0])->name}, {"ready", true}};
    }));
    routes.push_back({"POST", model + "/infer", [workshop](const Call& call, const http::Reply& reply) {
                        infer_or_tell(workshop, call, reply);
                      }});
  }
  return routes;
}

}  // namespace autoencoder::service
