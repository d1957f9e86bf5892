#include "training/epoch_lines.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/text.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostLines = 100;

std::string means_text(const LossMeans& means) {
  std::string text = fmt::format("{:<10.6g}", means.total);
  std::vector<std::string> parts;
  parts.reserve(means.terms.size());
  for (const auto& [name, value] : means.terms) {
    parts.push_back(fmt::format("{} {:.5g}", name, value));
  }
  return parts.empty() ? text : fmt::format("{} ({})", text, join(parts));
}

void add_means(Json& facts, const std::string& part, const LossMeans& means) {
  facts[part + "_loss"] = means.total;
  for (const auto& [name, value] : means.terms) {
    facts[part + "_" + name] = value;
  }
}

// By the names of metrics.csv.
Json facts_of(const EpochRecord& record, int64_t epochs) {
  Json facts = {{"event", "epoch"},
                {"epoch", record.epoch},
                {"epochs", epochs},
                {"learning_rate", record.learning_rate},
                {"train_seconds", record.train_seconds},
                {"images_per_second", record.images_per_second}};
  add_means(facts, "train", record.train);
  if (record.validation) {
    add_means(facts, "validation", *record.validation);
  }
  return facts;
}

}  // namespace

Decision EpochLines::begin(const Workload& workload, const TrainingState& /*state*/) {
  workload_ = workload;
  return Decision::kContinue;
}

Decision EpochLines::epoch_done(TrainingState& state) {
  const EpochRecord& record = state.history.back();
  const int64_t stride = std::max<int64_t>(1, workload_.epochs / kMostLines);
  if (record.epoch % stride != 0 && record.epoch != workload_.epochs) {
    return Decision::kContinue;
  }
  std::string line =
      fmt::format("epoch {:>3}/{}  train {}", record.epoch, workload_.epochs, means_text(record.train));
  if (record.validation) {
    line += "  validation " + means_text(*record.validation);
  }
  log_.say(fmt::format("{}  {:>6}  {:>8} {}s/s{}", line, duration_text(record.train_seconds),
                       with_thousands(static_cast<int64_t>(record.images_per_second)), workload_.noun,
                       epochs_since_best(state.history) == 0 ? "  best" : ""),
           facts_of(record, workload_.epochs));
  return Decision::kContinue;
}

}  // namespace autoencoder
