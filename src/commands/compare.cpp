// autoencoder compare RUN RUN ...: runs side by side, in figures and on the same images.

#include "tasks/compare.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"

namespace autoencoder {
namespace {

std::string line_of(const std::vector<std::string>& cells) {
  static constexpr std::array kWidths = {-28, 11, 6, 9, 7, 8, 9, 10};  // negative: to the left
  std::string line;
  for (size_t i = 0; i < kWidths.size(); ++i) {
    line += kWidths[i] < 0 ? fmt::format("{:<{}}", cells[i], -kWidths[i])
                           : fmt::format(" {:>{}}", cells[i], kWidths[i]);
  }
  return line;
}

std::string text_of(const CompareResult& result) {
  std::string text = fmt::format("{}\n{}", result.data, line_of(comparison_header(result.noun)));
  for (const std::vector<std::string>& cells : rows_text(result.rows)) {
    text += fmt::format("\n{}", line_of(cells));
  }
  if (result.picture) {
    text += fmt::format("\n\n{}: the same images through every model", result.picture->string());
  }
  return text;
}

int run_compare(const Arguments& arguments) {
  auto request = request_from<CompareRequest>(arguments);
  request.others.assign(arguments.words.begin() + 1, arguments.words.end());
  CountBar bar;
  return answer(compare_runs(request, bar), request.json, text_of);
}

const CommandRegistration compare_command(
    {.group = CommandGroup::kMeasure,
     .name = "compare",
     .summary = "runs side by side, in figures and on the same images",
     .synopsis = "RUN RUN ...",
     .min_words = 1,
     .max_words = std::numeric_limits<size_t>::max(),
     .examples = {"autoencoder compare runs/dense-mnist-1 runs/conv-mnist-1 --with-pca"},
     .options = specs_of<Answered<CompareRequest>>,
     .run = run_compare});

}  // namespace
}  // namespace autoencoder
