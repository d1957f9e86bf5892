// When training has gone on long enough.
#pragma once

#include "common/log.h"
#include "training/trainer.h"

namespace autoencoder {

/// Stops after `patience` epochs without a smaller monitored loss (Prechelt 1998).
class EarlyStopping : public Observer {
 public:
  EarlyStopping(int64_t patience, Log& log) : patience_(patience), log_(log) {}

  /// A resumed run may have waited long enough before it begins.
  Decision begin(const Workload& workload, const TrainingState& state) override;
  Decision epoch_done(TrainingState& state) override;

 private:
  bool is_over(const TrainingState& state) const;

  int64_t patience_;
  Log& log_;
};

}  // namespace autoencoder
