// autoencoder interpolate RUN: pictures on the way from one example to another.

#include "tasks/interpolate.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace autoencoder {
namespace {

std::string text_of(const InterpolateResult& result) {
  return fmt::format("{}: {} {} walks of {} pictures, {}", result.out.string(), result.indices.size() - 1,
                     result.path, result.steps, result.data);
}

int run_interpolate(const Arguments& arguments) {
  const auto request = request_from<InterpolateRequest>(arguments);
  return answer(interpolate_codes(request), request.json, text_of);
}

const CommandRegistration interpolate_command(
    {.group = CommandGroup::kLook,
     .name = "interpolate",
     .summary = "pictures on the way from one example to another",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder interpolate runs/vae-mnist-1 --indices 3,17,42",
                  "autoencoder interpolate runs/vae-mnist-1 --indices 3,17 --path spherical --steps 16"},
     .options = specs_of<Answered<InterpolateRequest>>,
     .run = run_interpolate});

}  // namespace
}  // namespace autoencoder
