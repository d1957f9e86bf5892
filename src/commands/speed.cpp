// autoencoder speed RUN: how fast a model encodes and reconstructs, by batch size.

#include "tasks/speed.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const SpeedResult& result) {
  const auto rate = [&](double per_second) {
    return fmt::format("{} {}s/s", with_thousands(static_cast<int64_t>(per_second)), result.noun);
  };
  std::string text = fmt::format("{:>10}  {:>16}  {:>16}", "batch", "encode", "reconstruct");
  for (const BatchSpeed& speed : result.speeds) {
    text += fmt::format("\n{:>10}  {:>16}  {:>16}", with_thousands(speed.batch_size), rate(speed.encode),
                        rate(speed.reconstruct));
  }
  return noted(result.blas.empty() ? text : fmt::format("{}\nproducts by {}", text, result.blas),
               result.note);
}

int run_speed(const Arguments& arguments) {
  const auto request = request_from<SpeedRequest>(arguments);
  CountBar bar;
  return answer(measure_speed(request, bar), request.json, text_of);
}

const CommandRegistration speed_command(
    {.group = CommandGroup::kMeasure,
     .name = "speed",
     .summary = "images a second that a model encodes and reconstructs, by batch size",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder speed runs/dense-mnist-1",
                  "autoencoder speed runs/dense-mnist-1 --batch-sizes 1,256 --device cuda"},
     .options = specs_of<Answered<SpeedRequest>>,
     .run = run_speed});

}  // namespace
}  // namespace autoencoder
