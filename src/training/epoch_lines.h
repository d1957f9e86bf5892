// What training says of each epoch.
#pragma once

#include "common/log.h"
#include "training/trainer.h"

namespace autoencoder {

/// One line an epoch (of more than a hundred epochs, every so many): losses, their parts, the best so far
/// marked, time and speed.
class EpochLines : public Observer {
 public:
  explicit EpochLines(Log& log) : log_(log) {}
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

 private:
  Log& log_;
  Workload workload_;
};

}  // namespace autoencoder
