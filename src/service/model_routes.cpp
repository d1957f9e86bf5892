#include "service/model_routes.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/random.h"
#include "service/output.h"
#include "service/problem.h"
#include "service/words.h"

namespace autoencoder::service {
namespace {

http::Response json_response(const Json& json) { return {.body = json_text(json) + "\n"}; }

http::Response list_models(const Shelf& shelf) {
  Json models = Json::array();
  for (const auto& served : shelf.all()) {
    models.push_back(card_of(*served));
  }
  return json_response({{"models", models}});
}

// Codes from the prior.
Input draw_codes(const ServedModel& served, const Operation& operation, const http::Request& request,
                 const InputLimits& limits) {
  const torch::NoGradGuard no_grad;
  const Words words(request);
  const int64_t count = words.whole("count", 1, 1, limits.examples);
  const int64_t seed = words.whole("seed", 0, 0, std::numeric_limits<int64_t>::max());
  const NoiseShape noise = {.temperature = words.number("temperature", 1, 0.001, 1000),
                            .truncation = words.number("truncate", 0, 0, 1000)};
  const auto rng = make_generator(derive_seed(static_cast<uint64_t>(seed), "samples"));
  const torch::Tensor codes = served.model().generative()->sample_codes(count, noise, rng);
  return prepared_input(served, operation, codes, words.text("series", ""), limits);
}

// JSON of a table's rows always tells the reasons, a picture of scores is their maps.
bool is_detailed(const ServedModel& served, Media media, const http::Request& request) {
  return served.kind == ExampleKind::kRow ? media == Media::kJson
                                          : media == Media::kPng || is_wanted(request, "maps");
}

void operate(const Workshop& workshop, const Call& call, const http::Reply& reply) {
  const auto served = workshop.shelf.find(call.words[0]);
  const Operation& operation = find_operation(*served, call.words[1]);
  const Media media =
      chosen_media(call.request.header("Accept"), media_for(*served, operation.name, operation.gives_first));
  Input input = operation.draws_codes ? draw_codes(*served, operation, call.request, workshop.limits)
                                      : read_input(*served, operation, call.request, workshop.limits);
  const auto respond = [served, media](const std::vector<Part>& parts, const Input& input) {
    return response_of({served, parts, input}, media);
  };
  const bool has_details = operation.detailed != nullptr && is_detailed(*served, media, call.request);
  compute(workshop, call.request,
          {served, has_details ? operation.detailed : &operation, std::move(input), respond}, reply);
}

}  // namespace

Json card_of(const ServedModel& served) {
  Json card = description_of(served);
  card["operations"] = Json::array();
  for (const Operation* operation : operations_of(served)) {
    card["operations"].push_back(operation->name);
  }
  return card;
}

std::vector<Route> model_routes(const Workshop& workshop) {
  return {{"GET", "/v1/models", at_once([workshop](const Call&) { return list_models(workshop.shelf); })},
          {"GET", "/v1/models/{name}", at_once([workshop](const Call& call) {
             return json_response(card_of(*workshop.shelf.find(call.words[0])));
           })},
          {"POST", "/v1/models/{name}/{operation}",
           [workshop](const Call& call, const http::Reply& reply) { operate(workshop, call, reply); }}};
}

}  // namespace autoencoder::service
