#include "tasks/list_runs.h"

#include <fmt/format.h>

#include "common/error.h"
#include "run/run_directory.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

uint64_t bytes_in(const fs::path& folder) {
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    bytes += entry.is_regular_file() ? entry.file_size() : 0;
  }
  return bytes;
}

RunSummary summary_of_run(const RunDirectory& run) {
  const Json config = read_config(run.config());
  const History history = read_history(run.metrics());
  RunSummary summary = {.run = run.path(),
                        .model = config.value("model", "?"),
                        .data = fs::path(config.value("data", "?")).filename().string(),
                        .epochs = history.size(),
                        .bytes = bytes_in(run.path()),
                        .train_seconds = training_seconds(history),
                        .best = {}};
  if (!history.empty()) {
    summary.best = history[best_record(history)];
  }
  return summary;
}

}  // namespace

void ListRunsRequest::visit(OptionVisitor& /*visitor*/) {}

Json RunSummary::to_json() const {
  Json json = {{"run", run.string()}, {"model", model}, {"data", data},
               {"epochs", epochs},    {"bytes", bytes}, {"train_seconds", train_seconds}};
  if (best) {
    json["best_loss"] = best->monitored_loss();
    json["best_epoch"] = best->epoch;
  }
  return json;
}

Json ListRunsResult::to_json() const {
  Json json = Json::array();
  for (const RunSummary& run : runs) {
    json.push_back(run.to_json());
  }
  return json;
}

ListRunsResult summarise_runs(const ListRunsRequest& request) {
  if (!fs::is_directory(request.folder)) {
    throw Error(fmt::format(
        "{}: no such folder; runs are in 'runs' of the folder where 'autoencoder train' was called",
        request.folder.string()));
  }
  ListRunsResult result;
  for (const RunDirectory& run : list_runs(request.folder)) {
    result.runs.push_back(summary_of_run(run));
  }
  return result;
}

}  // namespace autoencoder
