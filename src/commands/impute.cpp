// autoencoder impute RUN TABLE: a table with its holes filled.

#include "tasks/impute.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string figures_of(const ImputeResult& result) {
  std::string text =
      fmt::format("{:<24} {:<9} {:>12} {:>22}", "column", "measure", "filled", "by its mean or mode");
  for (const ColumnFigure& figure : result.figures) {
    text += fmt::format("\n{:<24} {:<9} {:>12.4g} {:>22.4g}", figure.name, measure_of(figure), figure.value,
                        figure.baseline);
  }
  if (const auto error = result.mean_relative_error()) {
    text +=
        fmt::format("\nmean RMSE of the columns of numbers, in their standard deviations: {:.3f}", *error);
  }
  return text;
}

std::string text_of(const ImputeResult& result) {
  std::string text;
  for (const std::string& note : result.notes) {
    text += fmt::format("note: {}\n", note);
  }
  if (result.out.empty()) {
    return text + fmt::format("{} of {} hidden and filled again\n\n{}", counted(result.filled, "cell"),
                              counted(result.rows, "row"), figures_of(result));
  }
  for (const auto& path : result.out) {
    text += fmt::format("{}: {}, {} filled\n", path.string(), counted(result.rows, "row"),
                        counted(result.filled, "hole"));
  }
  text.pop_back();
  return text;
}

int run_impute(const Arguments& arguments) {
  auto request = request_from<ImputeRequest>(arguments);
  request.table.data = arguments.words[1];
  CountBar bar;
  return answer(impute_table(request, bar), request.json, text_of);
}

const CommandRegistration impute_command(
    {.group = CommandGroup::kUse,
     .name = "impute",
     .summary = "a table with its holes filled",
     .synopsis = "RUN TABLE",
     .min_words = 2,
     .max_words = 2,
     .examples = {"autoencoder impute runs/dense-patients-1 patients.csv --out full.csv",
                  "autoencoder impute runs/vae-patients-1 patients.csv --draws 5 --out full.csv",
                  "autoencoder impute runs/dense-patients-1 patients.csv --hide 0.2"},
     .options = specs_of<Answered<ImputeRequest>>,
     .run = run_impute});

}  // namespace
}  // namespace autoencoder
