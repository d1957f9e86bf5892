#include "training/early_stopping.h"

#include <fmt/format.h>

namespace autoencoder {

bool EarlyStopping::is_over(const TrainingState& state) const {
  return patience_ > 0 && !state.history.empty() && epochs_since_best(state.history) >= patience_;
}

Decision EarlyStopping::begin(const Workload& /*workload*/, const TrainingState& state) {
  return is_over(state) ? Decision::kStop : Decision::kContinue;
}

Decision EarlyStopping::epoch_done(TrainingState& state) {
  if (!is_over(state)) {
    return Decision::kContinue;
  }
  log_.say(fmt::format("no smaller loss for {} epochs: stopping early", patience_));
  return Decision::kStop;
}

}  // namespace autoencoder
