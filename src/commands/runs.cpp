// autoencoder runs [FOLDER]: the runs in a folder.

#include <filesystem>

#include <fmt/format.h>

#include "commands/command.h"
#include "common/error.h"
#include "common/text.h"
#include "run/history.h"
#include "run/run_directory.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

struct RunsOptions : Options {
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("json", json, "print JSON");
  }
};

uint64_t folder_size(const fs::path& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

Json describe_run(const RunDirectory& run) {
  const Json config = read_config(run.config());
  const History history = read_history(run.metrics());
  Json row = {{"run", run.path().string()},
              {"model", config.value("model", "?")},
              {"data", fs::path(config.value("data", "?")).filename().string()},
              {"epochs", history.size()},
              {"bytes", folder_size(run.path())}};
  row["train_seconds"] = training_seconds(history);
  if (!history.empty()) {
    row["best_loss"] = history[best_record(history)].monitored_loss();
    row["best_epoch"] = history[best_record(history)].epoch;
  }
  return row;
}

void print_row(const Json& row) {
  const std::string best =
      row.contains("best_loss") ? fmt::format("{:.6g}", row["best_loss"].get<double>()) : "none yet";
  fmt::print("{:<28} {:<12} {:<14} {:>6} {:>10} {:>8} {:>10}\n", row["run"].get<std::string>(),
             row["model"].get<std::string>(), row["data"].get<std::string>(), row["epochs"].get<int64_t>(),
             best, duration_text(row["train_seconds"].get<double>()),
             bytes_text(row["bytes"].get<uint64_t>()));
}

int run_runs(const Arguments& arguments) {
  const auto options = options_from<RunsOptions>(arguments);
  const fs::path folder = arguments.words.empty() ? "runs" : arguments.words.front();
  if (!fs::is_directory(folder)) {
    throw Error(fmt::format(
        "{}: no such folder; runs are in 'runs' of the folder where 'autoencoder train' was called",
        folder.string()));
  }
  Json rows = Json::array();
  for (const RunDirectory& directory : list_runs(folder)) {
    rows.push_back(describe_run(directory));
  }
  if (options.json) {
    answer_in_json(rows);
    return 0;
  }
  fmt::print("{:<28} {:<12} {:<14} {:>6} {:>10} {:>8} {:>10}\n", "run", "model", "data", "epochs",
             "best loss", "time", "size");
  for (const Json& row : rows) {
    print_row(row);
  }
  return 0;
}

}  // namespace

Command runs_command() {
  return {.name = "runs",
          .summary = "the runs in a folder: model, data, best loss, time, size",
          .synopsis = "[FOLDER]",
          .min_words = 0,
          .max_words = 1,
          .examples = {"autoencoder runs", "autoencoder runs elsewhere/runs --json"},
          .options = specs_of<RunsOptions>,
          .run = run_runs};
}

}  // namespace autoencoder
