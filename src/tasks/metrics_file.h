// Training as Prometheus reads it: a text file, for the node exporter's collector or whoever looks.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "training/trainer.h"

namespace autoencoder {

/// Writes a file of gauges (Prometheus' text format 0.0.4) before the first step, after every epoch, some
/// times a minute in between, and at the end: epochs and steps done and to do, losses, learning rate, speed,
/// memory, and whether training goes on. Whoever reads it never sees half of one.
class MetricsFile : public Observer {
 public:
  /// `run`: what each gauge is labelled with.
  MetricsFile(std::filesystem::path path, std::string run) : path_(std::move(path)), run_(std::move(run)) {}

  /// Throws Error where the file cannot be written. Later on that ends nothing.
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision step_done(TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

  /// Training has ended. Throws Error where that cannot be written.
  void end(const TrainingState& state);

 private:
  using Clock = std::chrono::steady_clock;

  std::string text(const TrainingState& state, bool is_running) const;
  void try_to_write(const TrainingState& state);

  std::filesystem::path path_;
  std::string run_;
  Workload workload_;
  Clock::time_point written_ = {};
};

}  // namespace autoencoder
