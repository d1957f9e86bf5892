// A progress bar, on a terminal.
#pragma once

#include <chrono>
#include <string>

#include "training/trainer.h"

namespace autoencoder {

/// What the bar needs to know beforehand.
struct Workload {
  int64_t epochs = 0;
  int64_t batches_per_epoch = 0;
  int64_t examples_per_epoch = 0;
  std::string noun = "image";  ///< what an example is called
};

/// Epoch, loss, images/s and remaining time on standard error, redrawn a few times a second and wiped at an
/// epoch's end.
class ProgressBar : public Observer {
 public:
  explicit ProgressBar(const Workload& workload) : workload_(workload) {}

  Verdict step_done(TrainingState& state) override;
  Verdict epoch_done(TrainingState& state) override;

  /// Whether standard error is a terminal, so that a bar can be seen.
  static bool can_be_seen();

 private:
  using Clock = std::chrono::steady_clock;

  std::string text(TrainingState& state);

  Workload workload_;
  Clock::time_point drawn_ = Clock::now();
  Clock::time_point started_ = Clock::now();
  int64_t steps_ = 0;  // since started_
};

/// How far a command is with its examples, on standard error where that is a terminal; wiped at the end.
class CountBar {
 public:
  /// `work` is what is done to them: "encoding".
  CountBar(std::string work, int64_t total);
  ~CountBar();
  CountBar(const CountBar&) = delete;
  CountBar& operator=(const CountBar&) = delete;

  void advance(int64_t count);

 private:
  using Clock = std::chrono::steady_clock;

  std::string work_;
  int64_t total_;
  int64_t done_ = 0;
  bool is_seen_;
  Clock::time_point drawn_ = Clock::now();
};

}  // namespace autoencoder
