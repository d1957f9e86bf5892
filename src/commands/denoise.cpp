// autoencoder denoise RUN PICTURE...: pictures through a model that learned to restore them.

#include "tasks/denoise.h"

#include <limits>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const DenoiseResult& result) {
  std::string text = fmt::format("{}: {} restored", result.out.string(), counted(result.pictures, "picture"));
  if (result.quality) {
    const auto& [before, after] = *result.quality;
    text += fmt::format("\n  PSNR {:.2f} dB before, {:.2f} dB after; SSIM {:.4f} before, {:.4f} after",
                        before.psnr, after.psnr, before.ssim, after.ssim);
  }
  return text;
}

int run_denoise(const Arguments& arguments) {
  auto request = request_from<DenoiseRequest>(arguments);
  request.pictures = {arguments.words.begin() + 1, arguments.words.end()};
  CountBar bar;
  return answer(denoise_pictures(request, bar), request.json, text_of);
}

const CommandRegistration denoise_command(
    {.group = CommandGroup::kUse,
     .name = "denoise",
     .summary = "pictures through a model that learned to restore them",
     .synopsis = "RUN PICTURE...",
     .min_words = 2,
     .max_words = std::numeric_limits<size_t>::max(),
     .examples = {"autoencoder denoise runs/denoising-mnist-1 ~/noisy --out ~/restored",
                  "autoencoder denoise runs/denoising-mnist-1 noisy/1.png noisy/2.png --clean originals",
                  "autoencoder denoise runs/denoising-mnist-1 ~/clean --corruption gaussian:0.3"},
     .options = specs_of<Answered<DenoiseRequest>>,
     .run = run_denoise});

}  // namespace
}  // namespace autoencoder
