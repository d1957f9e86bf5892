// A progress bar, on a terminal.
#pragma once

#include <chrono>
#include <string>

#include "common/progress.h"
#include "training/trainer.h"

namespace autoencoder {

/// Epoch, loss, images/s and remaining time on standard error, redrawn a few times a second and wiped at an
/// epoch's end.
class ProgressBar : public Observer {
 public:
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision step_done(TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

  /// Whether standard error is a terminal, so that a bar can be seen.
  static bool can_be_seen();

 private:
  using Clock = std::chrono::steady_clock;

  std::string text(TrainingState& state);

  Workload workload_;
  Clock::time_point drawn_ = Clock::now();
  Clock::time_point started_;
  int64_t steps_ = 0;  // since started_
};

/// How far a task is, on standard error where that is a terminal; wiped when all is done.
class CountBar : public Progress {
 public:
  CountBar() = default;
  ~CountBar() override;
  CountBar(const CountBar&) = delete;
  CountBar& operator=(const CountBar&) = delete;

  void begin(const std::string& work, int64_t total) override;
  void advance(int64_t count) override;

 private:
  void wipe() const;

  using Clock = std::chrono::steady_clock;

  std::string work_;
  int64_t total_ = 0;
  int64_t done_ = 0;
  bool is_seen_ = ProgressBar::can_be_seen();
  Clock::time_point drawn_ = Clock::now();
};

}  // namespace autoencoder
