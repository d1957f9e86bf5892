// autoencoder runs [FOLDER]: the runs in a folder.

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/text.h"
#include "tasks/list_runs.h"

namespace autoencoder {
namespace {

std::string runs_row(const RunSummary& run) {
  const std::string best = run.best ? fmt::format("{:.6g}", run.best->monitored_loss()) : "none yet";
  return fmt::format("{:<28} {:<12} {:<14} {:>6} {:>10} {:>8} {:>10}", run.run.string(), run.model, run.data,
                     run.epochs, best, duration_text(run.train_seconds), bytes_text(run.bytes));
}

std::string text_of(const ListRunsResult& result) {
  std::string text = fmt::format("{:<28} {:<12} {:<14} {:>6} {:>10} {:>8} {:>10}", "run", "model", "data",
                                 "epochs", "best loss", "time", "size");
  for (const RunSummary& run : result.runs) {
    text += fmt::format("\n{}", runs_row(run));
  }
  return text;
}

int run_runs(const Arguments& arguments) {
  auto request = options_from<Answered<ListRunsRequest>>(arguments);
  if (!arguments.words.empty()) {
    request.folder = arguments.words.front();
  }
  return answer(summarise_runs(request), request.json, text_of);
}

const CommandRegistration runs_command({.group = CommandGroup::kTrain,
                                        .name = "runs",
                                        .summary = "the runs in a folder: model, data, best loss, time, size",
                                        .synopsis = "[FOLDER]",
                                        .min_words = 0,
                                        .max_words = 1,
                                        .examples = {"autoencoder runs",
                                                     "autoencoder runs elsewhere/runs --json"},
                                        .options = specs_of<Answered<ListRunsRequest>>,
                                        .run = run_runs});

}  // namespace
}  // namespace autoencoder
