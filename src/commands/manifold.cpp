// autoencoder manifold RUN: what a code of two numbers stands for, everywhere.

#include "tasks/manifold.h"

#include <fmt/format.h>

#include "cli/answer.h"

namespace autoencoder {
namespace {

std::string text_of(const ManifoldResult& result) {
  return fmt::format("{}: {} x {} pictures between the codes of the {}", result.out.string(), result.size,
                     result.size, result.data);
}

int run_manifold(const Arguments& arguments) {
  const auto request = request_from<ManifoldRequest>(arguments);
  return answer(draw_manifold(request), request.json, text_of);
}

const CommandRegistration manifold_command(
    {.group = CommandGroup::kLook,
     .name = "manifold",
     .summary = "the pictures that a code of two numbers stands for, on a lattice",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder manifold runs/vae-mnist-1 --size 30"},
     .options = specs_of<Answered<ManifoldRequest>>,
     .run = run_manifold});

}  // namespace
}  // namespace autoencoder
