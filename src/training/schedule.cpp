#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace autoencoder {
namespace {

// How often `patience` epochs in a row brought no smaller loss.
int64_t plateaus(const History& history, int64_t patience) {
  double best = std::numeric_limits<double>::infinity();
  int64_t waited = 0;
  int64_t count = 0;
  for (const EpochRecord& record : history) {
    if (record.monitored_loss() < best) {
      best = record.monitored_loss();
      waited = 0;
    } else if (++waited == patience) {
      waited = 0;
      ++count;
    }
  }
  return count;
}

double cosine(const ScheduleOptions& options, double time, const Position& position) {
  const double span = std::max(static_cast<double>(position.epochs) - options.warmup, 1e-9);
  const double progress = std::clamp((time - options.warmup) / span, 0.0, 1.0);
  return 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

// How many stages of 1, 3, 9 ... epochs are over: stage i begins after (3^i - 1) / 2 of them.
double growing_stages(int64_t epoch) {
  return std::floor(std::log(2.0 * static_cast<double>(epoch) + 1) / std::log(3.0) + 1e-9);
}

int64_t whole_times(int64_t epochs, int64_t period) { return epochs / period; }

double decay(const ScheduleOptions& options, double time, const Position& position, const History& history) {
  const auto decayed = [&](double times) { return std::pow(options.decay_factor, times); };
  switch (options.schedule) {
    case ScheduleKind::kConstant:
      return 1;
    case ScheduleKind::kCosine:
      return cosine(options, time, position);
    case ScheduleKind::kStep:
      return decayed(static_cast<double>(whole_times(position.epoch, options.decay_epochs)));
    case ScheduleKind::kGrowing:
      return decayed(growing_stages(position.epoch));
    case ScheduleKind::kPlateau:
      return decayed(static_cast<double>(plateaus(history, options.decay_epochs)));
  }
  return 1;
}

double epochs_done(const Position& position) {
  return static_cast<double>(position.epoch) +
         static_cast<double>(position.batch) / static_cast<double>(position.batches_per_epoch);
}

}  // namespace

double training_progress(const Position& position) {
  return std::min(epochs_done(position) / static_cast<double>(position.epochs), 1.0);
}

Choices<ScheduleKind> schedule_kinds() {
  return {{"constant", ScheduleKind::kConstant},
          {"cosine", ScheduleKind::kCosine},
          {"step", ScheduleKind::kStep},
          {"growing", ScheduleKind::kGrowing},
          {"plateau", ScheduleKind::kPlateau}};
}

void ScheduleOptions::visit(OptionVisitor& visitor) {
  visitor.choice("schedule", schedule,
                 "learning rate over time: constant, cosine (to 0), step, growing or plateau",
                 schedule_kinds());
  visitor.option("warmup", warmup, "epochs over which the learning rate rises from 0",
                 between(0, kMostEpochs));
  visitor.option("decay-epochs", decay_epochs,
                 "step: epochs between decays; plateau: epochs without a smaller loss before one",
                 between(1, kMostEpochs));
  visitor.option("decay-factor", decay_factor,
                 "step, growing, plateau: what the learning rate is multiplied by", more_than(0, 100));
}

double learning_rate_factor(const ScheduleOptions& options, const Position& position,
                            const History& history) {
  const double time = epochs_done(position);
  const double next_time = time + 1 / static_cast<double>(position.batches_per_epoch);
  const double rise = options.warmup > 0 ? std::min(next_time / options.warmup, 1.0) : 1.0;
  return rise * decay(options, time, position, history);
}

}  // namespace autoencoder
