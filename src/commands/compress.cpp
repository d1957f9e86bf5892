// autoencoder compress RUN: pictures as a file of quantised codes.

#include "tasks/compress.h"

#include <limits>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const CompressResult& result) {
  const std::string quality = result.psnr ? fmt::format("PSNR {:.2f} dB", *result.psnr) : "exact";
  return fmt::format("{}: {} in {}, {:.3f} bits a pixel, {}\n", result.out.string(),
                     counted(result.pictures, "picture"), bytes_text(result.bytes), result.bits_per_pixel,
                     quality) +
         fmt::format("  reading it takes the run's model ({}): autoencoder decompress RUN {}",
                     bytes_text(result.model_bytes), result.out.string());
}

int run_compress(const Arguments& arguments) {
  auto request = request_from<CompressRequest>(arguments);
  request.pictures.assign(arguments.words.begin() + 1, arguments.words.end());
  CountBar bar;
  return answer(compress_pictures(request, bar), request.json, text_of);
}

const CommandRegistration compress_command(
    {.group = CommandGroup::kUse,
     .name = "compress",
     .summary = "pictures as a small file of quantised codes",
     .synopsis = "RUN [PICTURE...]",
     .min_words = 1,
     .max_words = std::numeric_limits<size_t>::max(),
     .examples = {"autoencoder compress runs/conv-mnist-1 ~/digits --out digits.aec",
                  "autoencoder compress runs/conv-mnist-1 ~/digits --extra-error 0.01 --lossless",
                  "autoencoder compress runs/conv-mnist-1 --split test"},
     .options = specs_of<Answered<CompressRequest>>,
     .run = run_compress});

}  // namespace
}  // namespace autoencoder
