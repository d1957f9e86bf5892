// autoencoder rate RUN: how many bits a model's compression takes, beside other codecs.

#include "tasks/rate.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string table_of(const GroupedRates& group) {
  std::string text = fmt::format("\n{:<40} {:>10} {:>9}\n", group.caption, "bits/pixel", "PSNR, dB");
  for (const Rate& rate : group.rates) {
    text += fmt::format("  {:<14} {:<23} {:>10.4f} {:>9}\n", rate.codec, rate.setting, rate.bits_per_pixel,
                        rate.psnr ? fmt::format("{:.2f}", *rate.psnr) : "exact");
  }
  return text + fmt::format("  {}\n", group.chart.string());
}

std::string text_of(const RateResult& result) {
  std::string text =
      fmt::format("{}: {} of the {}\n", result.run, counted(result.images, "image"), result.data);
  for (const GroupedRates& group : result.groups) {
    text += table_of(group);
  }
  return text +
         fmt::format(
             "\nThe model itself, which both sides must have, takes {}; it is not in the figures above.",
             bytes_text(result.model_bytes));
}

int run_rate(const Arguments& arguments) {
  const auto request = request_from<RateRequest>(arguments);
  CountBar bar;
  return answer(measure_rates(request, bar), request.json, text_of);
}

const CommandRegistration rate_command(
    {.group = CommandGroup::kMeasure,
     .name = "rate",
     .summary = "bits a pixel of compressed pictures, beside JPEG, WebP and PNG",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder rate runs/conv-mnist-1",
                  "autoencoder rate runs/conv-mnist-1 --count 10000 --json"},
     .options = specs_of<Answered<RateRequest>>,
     .run = run_rate});

}  // namespace
}  // namespace autoencoder
