// autoencoder encode RUN: the codes of a data set, as a file of numbers.

#include "tasks/encode.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const EncodeResult& result) {
  return noted(fmt::format("{}: {} of {} numbers{}, {}", result.out.string(), counted(result.codes, "code"),
                           result.latent_dim, result.has_labels ? ", with labels" : "", result.data),
               result.notes);
}

int run_encode(const Arguments& arguments) {
  const auto request = request_from<EncodeRequest>(arguments);
  CountBar bar;
  return answer(encode_data(request, bar), request.json, text_of);
}

const CommandRegistration encode_command(
    {.group = CommandGroup::kUse,
     .name = "encode",
     .summary = "the codes of a data set, as .npy or .csv",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder encode runs/dense-mnist-1 --out codes.npy",
                  "autoencoder encode runs/dense-mnist-1 --split all --out codes.csv",
                  "autoencoder encode runs/dense-mnist-1 --data ~/pictures --out codes.npy"},
     .options = specs_of<Answered<EncodeRequest>>,
     .run = run_encode});

}  // namespace
}  // namespace autoencoder
