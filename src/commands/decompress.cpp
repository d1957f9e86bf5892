// autoencoder decompress RUN FILE: the pictures of a file that `compress` wrote.

#include "tasks/decompress.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const DecompressResult& result) {
  return fmt::format("{}: {}", result.out.string(), counted(result.pictures, "picture"));
}

int run_decompress(const Arguments& arguments) {
  auto request = request_from<DecompressRequest>(arguments);
  request.file = arguments.words.back();
  CountBar bar;
  return answer(decompress_pictures(request, bar), request.json, text_of);
}

const CommandRegistration decompress_command(
    {.group = CommandGroup::kUse,
     .name = "decompress",
     .summary = "the pictures of a file that compress wrote",
     .synopsis = "RUN FILE",
     .min_words = 2,
     .max_words = 2,
     .examples = {"autoencoder decompress runs/conv-mnist-1 digits.aec --out digits"},
     .options = specs_of<Answered<DecompressRequest>>,
     .run = run_decompress});

}  // namespace
}  // namespace autoencoder
