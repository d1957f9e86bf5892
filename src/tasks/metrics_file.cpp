#include "tasks/metrics_file.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/memory.h"

namespace autoencoder {
namespace {

constexpr auto kInterval = std::chrono::seconds(10);

std::string escaped(const std::string& label) {
  std::string text;
  for (const char letter : label) {
    if (letter == '\n') {
      text += "\\n";
      continue;
    }
    if (letter == '\\' || letter == '"') {
      text += '\\';
    }
    text += letter;
  }
  return text;
}

// Gauges of one run.
class Gauges {
 public:
  explicit Gauges(const std::string& run) : run_(escaped(run)) {}

  template <typename Number>
  void add(const char* name, const char* help, Number value) {
    text_ += fmt::format(
        "# HELP autoencoder_{0} {1}\n# TYPE autoencoder_{0} gauge\nautoencoder_{0}{{run=\"{2}\"}} {3}\n",
        name, help, run_, value);
  }

  const std::string& text() const { return text_; }

 private:
  std::string run_;
  std::string text_;
};

}  // namespace

std::string MetricsFile::text(const TrainingState& state, bool is_running) const {
  Gauges gauges(run_);
  gauges.add("training_running", "Whether training goes on.", is_running ? 1 : 0);
  gauges.add("epochs", "Epochs to train.", workload_.epochs);
  gauges.add("epochs_done", "Epochs finished.", state.epoch);
  gauges.add("steps_per_epoch", "Steps of an epoch.", workload_.batches_per_epoch);
  gauges.add("steps_done", "Steps finished of the present epoch.", state.batch);
  gauges.add("training_seconds", "Time spent training, without validation.",
             training_seconds(state.history) + state.seconds);
  if (!state.history.empty()) {
    const EpochRecord& last = state.history.back();
    gauges.add("train_loss", "Training loss of the last epoch.", last.train.total);
    if (last.validation) {
      gauges.add("validation_loss", "Validation loss of the last epoch.", last.validation->total);
    }
    const EpochRecord& best = state.history[best_record(state.history)];
    gauges.add("best_loss", "Smallest loss of an epoch: of validation where there is one.",
               best.monitored_loss());
    gauges.add("best_epoch", "The epoch that had it.", best.epoch);
    gauges.add("learning_rate", "Learning rate at the end of the last epoch.", last.learning_rate);
    gauges.add("examples_per_second", "Examples a second in the last epoch.", last.images_per_second);
  }
  gauges.add("resident_bytes", "Memory of the process.", resident_bytes());
  gauges.add("peak_resident_bytes", "The most that it has had.", peak_resident_bytes());
  return gauges.text();
}

Decision MetricsFile::begin(const Workload& workload, const TrainingState& state) {
  workload_ = workload;
  write_file(path_, text(state, true), Durability::kCanBeMadeAgain);
  written_ = Clock::now();
  return Decision::kContinue;
}

Decision MetricsFile::step_done(TrainingState& state) {
  if (Clock::now() - written_ >= kInterval) {
    try_to_write(state);
  }
  return Decision::kContinue;
}

Decision MetricsFile::epoch_done(TrainingState& state) {
  try_to_write(state);
  return Decision::kContinue;
}

void MetricsFile::end(const TrainingState& state) {
  write_file(path_, text(state, false), Durability::kCanBeMadeAgain);
}

void MetricsFile::try_to_write(const TrainingState& state) {
  written_ = Clock::now();
  try {
    write_file(path_, text(state, true), Durability::kCanBeMadeAgain);
  } catch (const Error&) {  // it is watched from afar: that is no reason to stop
  }
}

}  // namespace autoencoder
