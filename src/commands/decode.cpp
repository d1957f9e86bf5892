// autoencoder decode RUN CODES: a file of codes back to what they stand for.

#include "tasks/decode.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const DecodeResult& result) {
  return fmt::format("{}: {} decoded", result.out.string(), counted(result.decoded, result.shape.noun()));
}

int run_decode(const Arguments& arguments) {
  auto request = request_from<DecodeRequest>(arguments);
  request.codes = arguments.words.back();
  CountBar bar;
  return answer(decode_codes(request, bar), request.json, text_of);
}

const CommandRegistration decode_command(
    {.group = CommandGroup::kUse,
     .name = "decode",
     .summary = "codes from a .npy or .csv, back to pictures or numbers",
     .synopsis = "RUN CODES",
     .min_words = 2,
     .max_words = 2,
     .examples = {"autoencoder decode runs/dense-mnist-1 codes.npy --out pictures",
                  "autoencoder decode runs/dense-mnist-1 codes.csv --out grid.png"},
     .options = specs_of<Answered<DecodeRequest>>,
     .run = run_decode});

}  // namespace
}  // namespace autoencoder
