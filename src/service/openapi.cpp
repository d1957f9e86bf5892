#include "service/openapi.h"

#include <limits>

#include <fmt/format.h>

#include "common/version.h"
#include "service/operations.h"
#include "service/output.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

constexpr double kLargest = std::numeric_limits<float>::max();

// As it is sent, and as it is answered: what is no finite number is null.
Json number_schema() { return {{"type", "number"}, {"minimum", -kLargest}, {"maximum", kLargest}}; }
Json number_or_hole() {
  return {{"type", {"number", "null"}}, {"minimum", -kLargest}, {"maximum", kLargest}};
}
Json answered_number() { return {{"type", {"number", "null"}}}; }

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json list_of(Json items, int64_t count) {
  Json list = list_of(std::move(items));
  list["minItems"] = count;
  list["maxItems"] = count;
  return list;
}

Json object_of(Json properties, const std::vector<std::string>& required) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", required}};
}

// An example or a code as it is sent or answered.
class Schemas {
 public:
  explicit Schemas(const ServedModel& served) : served_(served) {}

  Json code(const Json& number) const { return list_of(number, served_.model().latent_dim()); }

  Json example(const Json& number) const {
    const auto& [channels, height, width] = served_.shape();
    switch (served_.kind) {
      case ExampleKind::kRow:
        return {{"type", "object"}};
      case ExampleKind::kWindow:
        return list_of(list_of(number, width), channels);
      case ExampleKind::kVector:
        if (served_.shape().is_vector()) {
          return list_of(number, width);
        }
        [[fallthrough]];
      case ExampleKind::kPicture:
        break;
    }
    return list_of(list_of(list_of(number, width), height), channels);
  }

  // `most`: examples of one call.
  Json sent(const Operation& operation, int64_t most) const {
    if (operation.draws_codes) {
      return drawn_codes(most);
    }
    if (operation.takes == Content::kCodes) {
      return named_list("codes", code(number_schema()));
    }
    if (served_.kind == ExampleKind::kRow) {
      Json rows = named_list("examples", row());
      rows["anyOf"].push_back(row());  // one by itself
      return rows;
    }
    return named_list("examples", example(operation.takes_holes ? number_or_hole() : number_schema()));
  }

  Json part(const Part& part) const {
    switch (part.content) {
      case Content::kExamples:
        return list_of(example(answered_number()));
      case Content::kCodes:
        return list_of(code(answered_number()));
      case Content::kMaps:
        return list_of(list_of(list_of(list_of(answered_number()))));
      case Content::kShares:
        return list_of({{"type", "string"}});
      case Content::kNumbers:
        break;
    }
    return list_of(answered_number());
  }

 private:
  Json row() const {
    Json properties = Json::object();
    for (const TableColumn& column : served_.schema->columns) {
      properties[column.name] = cell(column);
    }
    Json row = object_of(std::move(properties), {});
    row["additionalProperties"] = false;
    return row;
  }

  static Json cell(const TableColumn& column) {
    if (column.kind == ColumnKind::kTime) {
      return {{"type", {"string", "null"}}, {"description", "written as " + column.time_format}};
    }
    if (has_words(column.kind)) {  // a word that it has not met is taken, too
      return {{"type", {"string", "number", "boolean", "null"}}, {"examples", column.words}};
    }
    return number_or_hole();
  }

  Json named_list(const std::string& name, const Json& item) const {
    Json list = list_of(item);
    list["minItems"] = 1;
    Json object = object_of({{name, list}}, {name});
    object["additionalProperties"] = false;
    return {{"anyOf", {list, object}}};
  }

  static Json drawn_codes(int64_t most) {
    const Json whole = {
        {"type", "integer"}, {"minimum", 0}, {"maximum", std::numeric_limits<int64_t>::max()}};
    return {{"type", "object"},
            {"properties",
             {{"count", {{"type", "integer"}, {"minimum", 1}, {"maximum", most}, {"default", 1}}},
              {"seed", whole},
              {"temperature", {{"type", "number"}, {"minimum", 0.001}, {"maximum", 1000}, {"default", 1}}},
              {"truncate", {{"type", "number"}, {"minimum", 0}, {"maximum", 1000}, {"default", 0}}}}}};
  }

  const ServedModel& served_;
};

Json problem_response(int status) {
  return {{"description", std::string(http::reason_of(status))},
          {"content", {{kProblemType, {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

Json with_problems(Json responses, std::initializer_list<int> statuses) {
  for (const int status : statuses) {
    responses[std::to_string(status)] = problem_response(status);
  }
  return responses;
}

Json binary() { return {{"type", "string"}, {"format", "binary"}}; }

Json parameter(const char* name, const Json& schema, const char* description) {
  return {
      {"name", name}, {"in", "query"}, {"required", false}, {"schema", schema}, {"description", description}};
}

Json request_body(const ServedModel& served, const Operation& operation, const InputLimits& limits) {
  Json content = {{"application/json", {{"schema", Schemas(served).sent(operation, limits.examples)}}}};
  return {{"required", !operation.draws_codes}, {"content", content}};
}

std::string also_taken(const ServedModel& served, const Operation& operation) {
  if (operation.draws_codes) {
    return "The words may stand in the query, too.";
  }
  std::string text = "Bodies may also be application/x-npy or text/csv";
  if (served.has_pictures() && operation.takes == Content::kExamples) {
    text += ", or one image/png or image/jpeg of any size; JSON may hold texts in base64, each a PNG or JPEG";
  }
  return text + ".";
}

// What an answer has besides its parts.
Json facts_of(const ServedModel& served, const Operation& operation) {
  Json facts = {{"model", {{"type", "string"}}}, {"notes", list_of({{"type", "string"}})}};
  if (operation.name == "score") {
    facts["score"] = {{"type", "string"}};
    facts["threshold"] = number_schema();
    facts["anomalies"] = list_of({{"type", "boolean"}});
    facts["reasons"] = list_of({{"type", "string"}});
    facts["maps"] = Schemas(served).part({.name = "maps", .content = Content::kMaps, .values = {}});
  }
  return facts;
}

Content content_of(const std::string& part, const Operation& operation) {
  if (part == operation.gives.front()) {
    return operation.gives_first;
  }
  return part == "codes" ? Content::kCodes : Content::kNumbers;
}

Json answers(const ServedModel& served, const Operation& operation) {
  Json properties = facts_of(served, operation);
  std::vector<std::string> required = {"model"};
  for (const std::string& name : operation.gives) {
    properties[name] =
        Schemas(served).part({.name = name, .content = content_of(name, operation), .values = {}});
    required.push_back(name);
  }
  Json content = Json::object();
  for (const Media media : media_for(served, operation.name, operation.gives_first)) {
    content[name_of(media_types(), media)]["schema"] = media == Media::kJson ? object_of(properties, required)
                                                       : media == Media::kCsv ? Json{{"type", "string"}}
                                                                              : binary();
  }
  return {{"description", "for each that was sent, in their order"}, {"content", content}};
}

Json operation_of(const ServedModel& served, const Operation& operation, const InputLimits& limits) {
  Json parameters = Json::array();
  if (operation.name == "score" && served.kind == ExampleKind::kPicture) {
    parameters.push_back(
        parameter("maps", {{"type", "boolean"}}, "whether the maps of the pictures are wanted"));
  }
  if (served.kind == ExampleKind::kWindow) {
    parameters.push_back(parameter("series", {{"type", "string"}}, "the series in whose units windows are"));
  }
  return {{"operationId", fmt::format("{}_{}", operation.name, served.name)},
          {"summary", fmt::format("{}: {}", served.name, operation.summary)},
          {"description", also_taken(served, operation)},
          {"tags", {served.name}},
          {"parameters", parameters},
          {"requestBody", request_body(served, operation, limits)},
          {"responses", with_problems({{"200", answers(served, operation)}},
                                      {400, 401, 403, 404, 406, 408, 410, 413, 415, 422, 429, 503, 504})}};
}

Json get_operation(const std::string& id, const std::string& summary, const Json& schema,
                   const std::string& type = "application/json") {
  const Json ok = {{"description", summary}, {"content", {{type, {{"schema", schema}}}}}};
  return {{"operationId", id},
          {"summary", summary},
          {"responses", with_problems({{"200", ok}}, {400, 401, 404, 410, 422, 429, 503, 504})}};
}

Json any_object() { return {{"type", "object"}}; }

Json map_operation(const ServedModel& served) {
  Json map = get_operation("map_" + served.name, served.name + ": a map of the codes of its test data",
                           any_object());
  map["parameters"] = {
      parameter("method", {{"enum", {"auto", "code", "pca", "tsne"}}},
                "how codes become points of the plane"),
      parameter("count", {{"type", "integer"}, {"minimum", 2}, {"maximum", 5000}}, "of how many examples")};
  map["tags"] = {served.name};
  return map;
}

Json problem_schema() {
  return object_of({{"type", {{"type", "string"}}},
                    {"title", {{"type", "string"}}},
                    {"status", {{"type", "integer"}}},
                    {"detail", {{"type", "string"}}}},
                   {"type", "title", "status", "detail"});
}

void add_model(Json& paths, const ServedModel& served, const InputLimits& limits) {
  const std::string path = "/v1/models/" + served.name;
  paths[path]["get"] =
      get_operation("describe_" + served.name, served.name + ": what it is and can do", any_object());
  paths[path + "/map"]["get"] = map_operation(served);
  for (const Operation* operation : operations_of(served)) {
    paths[path + "/" + operation->name]["post"] = operation_of(served, *operation, limits);
  }
}

}  // namespace

Json openapi_of(const Shelf& shelf, const InputLimits& limits, bool asks_for_token) {
  Json paths = Json::object();
  paths["/healthz"]["get"] = get_operation("health", "whether the service is there", any_object());
  paths["/metrics"]["get"] =
      get_operation("metrics", "figures for Prometheus", {{"type", "string"}}, "text/plain; version=0.0.4");
  paths["/v1/models"]["get"] = get_operation("list_models", "the models that are served", any_object());
  for (const auto& served : shelf.all()) {
    add_model(paths, *served, limits);
  }
  Json api = {{"openapi", "3.1.0"},
              {"info",
               {{"title", "autoencoder"},
                {"version", program_version()},
                {"description", fmt::format("Trained autoencoders. One call may send up to {} examples.",
                                            limits.examples)}}},
              {"paths", paths},
              {"components", {{"schemas", {{"Problem", problem_schema()}}}}}};
  if (asks_for_token) {
    api["components"]["securitySchemes"]["token"] = {{"type", "http"}, {"scheme", "bearer"}};
    api["security"] = {{{"token", Json::array()}}};
  }
  return api;
}

}  // namespace autoencoder::service
