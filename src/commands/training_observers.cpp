#include "commands/training_observers.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "common/files.h"
#include "common/text.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostLines = 100;

std::string means_text(const LossMeans& means) {
  std::string text = fmt::format("{:<10.6g}", means.total);
  std::vector<std::string> parts;
  for (const auto& [name, value] : means.terms) {
    parts.push_back(fmt::format("{} {:.5g}", name, value));
  }
  return parts.empty() ? text : fmt::format("{} ({})", text, join(parts));
}

}  // namespace

Verdict EpochLines::epoch_done(TrainingState& state) {
  const EpochRecord& record = state.history.back();
  const int64_t stride = std::max<int64_t>(1, epochs_ / kMostLines);
  if (record.epoch % stride != 0 && record.epoch != epochs_) {
    return Verdict::kContinue;
  }
  std::string line = fmt::format("epoch {:>3}/{}  train {}", record.epoch, epochs_, means_text(record.train));
  if (record.validation) {
    line += "  validation " + means_text(*record.validation);
  }
  log_.say(fmt::format("{}  {:>6}  {:>8} images/s{}", line, duration_text(record.train_seconds),
                       with_thousands(static_cast<int64_t>(record.images_per_second)),
                       epochs_since_best(state.history) == 0 ? "  best" : ""));
  return Verdict::kContinue;
}

Verdict RunKeeper::epoch_done(TrainingState& state) {
  write_file(run_.metrics(), to_csv(state.history));
  save_last(state);
  if (epochs_since_best(state.history) == 0) {
    write_file(run_.best_checkpoint(), read_file(run_.last_checkpoint()));
  }
  return Verdict::kContinue;
}

void RunKeeper::save_last(const TrainingState& state) const {
  save_checkpoint(run_.last_checkpoint(), saved_, optimizer_, state);
}

bool EarlyStopping::is_over(const TrainingState& state) const {
  return patience_ > 0 && !state.history.empty() && epochs_since_best(state.history) >= patience_;
}

Verdict EarlyStopping::epoch_done(TrainingState& state) {
  if (!is_over(state)) {
    return Verdict::kContinue;
  }
  log_.say(fmt::format("no smaller loss for {} epochs: stopping early", patience_));
  return Verdict::kStop;
}

}  // namespace autoencoder
