// The learning rate as a function of how far training has come. It keeps no state: what it needs of the past
// is in the history, so that a resumed run goes on exactly.
#pragma once

#include "common/options.h"
#include "run/history.h"

namespace autoencoder {

enum class ScheduleKind { kConstant, kCosine, kStep, kGrowing, kPlateau };

/// "constant", "cosine", "step", "growing", "plateau".
Choices<ScheduleKind> schedule_kinds();

struct ScheduleOptions : Options {
  ScheduleKind schedule = ScheduleKind::kConstant;
  double warmup = 0;
  int64_t decay_epochs = 10;
  double decay_factor = 0.1;

  void visit(OptionVisitor& visitor) override;
};

/// A point in training.
struct Position {
  int64_t epoch = 0;  ///< epochs finished
  int64_t batch = 0;  ///< batches of the present epoch finished
  int64_t batches_per_epoch = 1;
  int64_t epochs = 1;  ///< in all
};

/// 0 at the start, 1 at the end.
double training_progress(const Position& position);

/// What the base learning rate is multiplied by in the step that follows `position`.
/// constant: 1. cosine: from 1 to 0 over the epochs after warm-up (Loshchilov & Hutter 2017, eq. 5). step:
/// decay_factor every decay_epochs. growing: decay_factor after 1, 3, 9, 27 ... more epochs (Burda et al.
/// 2016, section 5). plateau: decay_factor each time that decay_epochs epochs in a row brought no smaller
/// monitored loss. Over the first `warmup` epochs all of it is scaled up linearly.
double learning_rate_factor(const ScheduleOptions& options, const Position& position, const History& history);

}  // namespace autoencoder
