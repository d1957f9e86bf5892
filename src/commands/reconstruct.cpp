// autoencoder reconstruct RUN: originals beside their reconstructions.

#include "tasks/reconstruct.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const ReconstructResult& result) {
  return noted(fmt::format("{}: {}, mean squared error {:.5f}", result.out.string(),
                           counted(result.examples, result.shape.noun()), result.mean_squared_error),
               result.note);
}

int run_reconstruct(const Arguments& arguments) {
  auto request = options_from<ReconstructRequest>(arguments);
  request.run = arguments.words.front();
  print_answer(text_of(reconstruct_examples(request)));
  return 0;
}

const CommandRegistration reconstruct_command(
    {.group = CommandGroup::kLook,
     .name = "reconstruct",
     .summary = "a picture of originals beside their reconstructions",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder reconstruct runs/dense-mnist-1 --count 20 --out digits.png",
                  "autoencoder reconstruct runs/conv-mnist-1 --indices 3,17,42 --layout pairs --show-code"},
     .options = specs_of<ReconstructRequest>,
     .run = run_reconstruct});

}  // namespace
}  // namespace autoencoder
