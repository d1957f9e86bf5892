// autoencoder latent RUN: a map of the codes.

#include "tasks/latent.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const LatentResult& result) {
  return fmt::format("{}: {} points of the {}; {}", result.out.string(), with_thousands(result.points()),
                     result.data, result.map.text);
}

int run_latent(const Arguments& arguments) {
  const auto request = request_from<LatentRequest>(arguments);
  CountBar bar;
  return answer(map_codes(request, bar), request.json, text_of);
}

const CommandRegistration latent_command(
    {.group = CommandGroup::kLook,
     .name = "latent",
     .summary = "a map of the codes, coloured by label",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder latent runs/dense-mnist-1",
                  "autoencoder latent runs/vae-mnist-1 --method tsne --out tsne.png"},
     .options = specs_of<Answered<LatentRequest>>,
     .run = run_latent});

}  // namespace
}  // namespace autoencoder
