// How strange each step of a series is, where a model sees windows of it; and what that tells of anomalies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/options.h"
#include "data/dataset.h"
#include "evaluation/anomaly.h"
#include "evaluation/ranking.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// The steps that a window covers, series after series.
struct StepScores {
  torch::Tensor series;           ///< M, int64: which one of Dataset::windows
  torch::Tensor step;             ///< M, int64: position in it, rising within each
  torch::Tensor scores;           ///< M, float64
  torch::Tensor errors;           ///< M x D, float64: squared error of each column, standardised
  torch::Tensor reconstructions;  ///< M x D, float64, standardised
  torch::Tensor is_anomaly;       ///< M, bool; undefined where that is not known

  int64_t size() const { return scores.size(0); }
};

/// How a step's score comes of those of the windows that cover it.
enum class StepCombination {
  /// The least of them. A step is as strange as every window around it is at least, so that one strange step
  /// does not make all those near it strange. Of error the step's own: the squared error of its
  /// reconstruction, mean over its columns and over the windows that cover the step.
  kLeast,
  /// Their mean: what lies around something strange is strange, too, the less the farther.
  kMean,
};

Choices<StepCombination> step_combinations();

/// The scores that steps have, the usual one first: those of anomaly_scores_of, neighbours before all others.
std::vector<std::string> step_score_names(Autoencoder& model);

/// What a step is scored by.
struct StepScore {
  std::string name;
  StepCombination combination = StepCombination::kLeast;
};

/// The steps that windows (all of them with Dataset::windows) cover, without scores.
StepScores reconstruct_steps(Autoencoder& model, const Dataset& windows);

/// Scores of these steps (M, float64), as reconstruct_steps of the same windows gave them.
torch::Tensor scores_of(const StepScores& steps, Autoencoder& model, const Dataset& windows,
                        const StepScore& score, const Normality& normality, uint64_t seed);

/// Both: scores of the steps that windows (all of them with Dataset::windows) cover.
StepScores score_steps(Autoencoder& model, const Dataset& windows, const StepScore& score,
                       const Normality& normality, uint64_t seed);

/// The scores (M) after point adjustment (Xu et al. 2018): every step of a known anomaly has the largest
/// score in it, so that one step found counts as all of them. It inflates F1: random scores reach high ones
/// (Kim et al. 2022, "Towards a rigorous evaluation of time-series anomaly detection").
torch::Tensor point_adjusted(const StepScores& steps, const torch::Tensor& scores);

/// How well scores tell anomalous steps.
struct StepFigures {
  Ranking ranking;
  double best_f1 = 0;
  double best_adjusted_f1 = 0;  ///< with point adjustment
};

/// Which steps are anomalies must be known, and both kinds be there.
StepFigures step_figures(const StepScores& steps, const torch::Tensor& scores);

/// Steps in a row that score at least the threshold.
struct SeriesEvent {
  int64_t series = 0;
  int64_t start = 0;
  int64_t end = 0;   ///< the last of them
  int64_t peak = 0;  ///< the step with the largest score
  double score = 0;  ///< that one
  /// The fewest columns that make up four fifths of the event's error, the largest share first.
  std::vector<int64_t> columns;
};

/// In the order of series and steps.
std::vector<SeriesEvent> events_of(const StepScores& steps, double threshold);

/// Positions [first, end) in `steps` of what belongs together: runs of `are_chosen` (M, bool) in one series.
struct StepRun {
  int64_t first = 0;
  int64_t end = 0;
};
std::vector<StepRun> runs_of(const StepScores& steps, const torch::Tensor& are_chosen);

}  // namespace autoencoder
