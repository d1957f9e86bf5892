// autoencoder traverse RUN: what each dimension of the code does.

#include "tasks/traverse.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace autoencoder {
namespace {

std::string text_of(const TraverseResult& result) {
  return fmt::format("{}: {} dimensions of {}, example {} of the {}", result.out.string(),
                     result.dimensions.size(), result.latent_dim, result.index, result.data);
}

int run_traverse(const Arguments& arguments) {
  const auto request = request_from<TraverseRequest>(arguments);
  return answer(traverse_code(request), request.json, text_of);
}

const CommandRegistration traverse_command(
    {.group = CommandGroup::kLook,
     .name = "traverse",
     .summary = "what each dimension of the code does to a picture",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder traverse runs/vae-mnist-1 --index 7",
                  "autoencoder traverse runs/vae-mnist-1 --dimensions 0,3,5 --range 2"},
     .options = specs_of<Answered<TraverseRequest>>,
     .run = run_traverse});

}  // namespace
}  // namespace autoencoder
