// autoencoder sample RUN: new images from codes drawn at random.

#include "tasks/sample.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const SampleResult& result) {
  return fmt::format("{}: {}, {}", result.out.string(),
                     counted(result.count, result.out.extension() == ".csv" ? "row" : "image"),
                     result.origin);
}

int run_sample(const Arguments& arguments) {
  const auto request = request_from<SampleRequest>(arguments);
  CountBar bar;
  return answer(draw_samples(request, bar), request.json, text_of);
}

const CommandRegistration sample_command(
    {.group = CommandGroup::kLook,
     .name = "sample",
     .summary = "new images: codes from the prior, decoded",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder sample runs/vae-mnist-1 --count 100 --seed 7 --out samples.png",
                  "autoencoder sample runs/dense-mnist-1 --prior gmm:50",
                  "autoencoder sample runs/vae-mnist-1 --class 7 --temperature 0.8"},
     .options = specs_of<Answered<SampleRequest>>,
     .run = run_sample});

}  // namespace
}  // namespace autoencoder
