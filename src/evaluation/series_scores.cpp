#include "evaluation/series_scores.h"

#include <algorithm>
#include <limits>

#include <torch/types.h>

#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

constexpr const char* kError = "error";
constexpr double kExplained = 0.8;  // of an event's error, by the columns that are named

// Sums over windows, by the steps of all series one behind the other.
class StepSums {
 public:
  explicit StepSums(const Windows& windows) : windows_(windows), beginnings_(windows.of->beginnings()) {
    const int64_t steps = beginnings_[-1].item<int64_t>();
    counts_ = torch::zeros({steps}, torch::kFloat64);
    errors_ = torch::zeros({steps, windows.of->width()}, torch::kFloat64);
    reconstructions_ = torch::zeros_like(errors_);
  }

  // The next windows and what a model makes of them: N x D x 1 x L.
  void add(const torch::Tensor& input, const torch::Tensor& output) {
    const torch::Tensor places = places_of(next_, input.size(0)).flatten();
    const auto by_step = [](const torch::Tensor& windows) {
      return windows.squeeze(2).transpose(1, 2).flatten(0, 1).to(torch::kCPU, torch::kFloat64);
    };
    counts_.index_add_(0, places, torch::ones_like(places, torch::kFloat64));
    errors_.index_add_(0, places, by_step((input - output).square()));
    reconstructions_.index_add_(0, places, by_step(output));
    next_ += input.size(0);
  }

  // All but the scores.
  StepScores result() const {
    const torch::Tensor covered = counts_.nonzero().flatten();
    const auto of_covered = [&](const torch::Tensor& all) { return all.index_select(0, covered); };
    StepScores steps;
    steps.series = torch::bucketize(covered, beginnings_, /*out_int32=*/false, /*right=*/true) - 1;
    steps.step = covered - beginnings_.index_select(0, steps.series);
    const torch::Tensor counts = of_covered(counts_).unsqueeze(1);
    steps.errors = of_covered(errors_) / counts;
    steps.reconstructions = of_covered(reconstructions_) / counts;
    if (const torch::Tensor known = known_anomalies(); known.defined()) {
      steps.is_anomaly = of_covered(known);
    }
    return steps;
  }

 private:
  torch::Tensor places_of(int64_t first, int64_t count) const {
    const torch::Tensor starts = beginnings_.index_select(0, windows_.series.narrow(0, first, count)) +
                                 windows_.first.narrow(0, first, count);
    return starts.unsqueeze(1) + torch::arange(windows_.of->window);
  }

  torch::Tensor known_anomalies() const {
    std::vector<torch::Tensor> known;
    for (const Series& series : windows_.of->series) {
      if (!series.are_anomalies.defined()) {
        return {};
      }
      known.push_back(series.are_anomalies);
    }
    return torch::cat(known);
  }

  Windows windows_;
  torch::Tensor beginnings_;
  torch::Tensor counts_;
  torch::Tensor errors_;
  torch::Tensor reconstructions_;
  int64_t next_ = 0;
};

// What comes of the windows' scores (N) around each of the steps.
torch::Tensor combined_around(const StepScores& steps, const Windows& windows, const torch::Tensor& scores,
                              StepCombination combination) {
  const bool by_mean = combination == StepCombination::kMean;
  double (*const combine)(double, double) =
      by_mean ? [](double sum, double next) { return sum + next; }
              : [](double least, double next) { return std::min(least, next); };
  const torch::Tensor beginnings = windows.of->beginnings();
  const auto places = [&](const torch::Tensor& series, const torch::Tensor& step) {
    return beginnings.index_select(0, series) + step;
  };
  const torch::Tensor all =
      torch::full({beginnings[-1].item<int64_t>()}, by_mean ? 0 : std::numeric_limits<double>::infinity(),
                  torch::kFloat64);
  const torch::Tensor counts = torch::zeros_like(all);
  const torch::Tensor starts = places(windows.series, windows.first);
  const auto start = starts.accessor<int64_t, 1>();
  const auto score = scores.accessor<double, 1>();
  auto of_step = all.accessor<double, 1>();
  auto count = counts.accessor<double, 1>();
  for (int64_t window = 0; window < scores.size(0); ++window) {
    for (int64_t step = start[window]; step < start[window] + windows.of->window; ++step) {
      of_step[step] = combine(of_step[step], score[window]);
      ++count[step];
    }
  }
  return (by_mean ? all / counts : all).index_select(0, places(steps.series, steps.step));
}

// errors: D, of an event.
std::vector<int64_t> columns_to_blame(const torch::Tensor& errors) {
  const auto [sorted, order] = errors.sort(0, /*descending=*/true);
  std::vector<int64_t> columns;
  double explained = 0;
  const double all = sorted.sum().item<double>();
  for (int64_t i = 0; i < sorted.size(0) && explained < kExplained * all; ++i) {
    columns.push_back(order[i].item<int64_t>());
    explained += sorted[i].item<double>();
  }
  return columns;
}

}  // namespace

Choices<StepCombination> step_combinations() {
  return {{"least", StepCombination::kLeast}, {"mean", StepCombination::kMean}};
}

std::vector<std::string> step_score_names(Autoencoder& model) {
  std::vector<std::string> names = anomaly_score_names(model);
  std::ranges::stable_partition(names, [](const std::string& name) { return name == "neighbours"; });
  return names;
}

StepScores reconstruct_steps(Autoencoder& model, const Dataset& windows) {
  StepSums sums(windows.windows);
  for_each_batch(model, windows,
                 [&](const Batch& batch) { sums.add(batch.input, model.forward(batch.input)); });
  return sums.result();
}

torch::Tensor scores_of(const StepScores& steps, Autoencoder& model, const Dataset& windows,
                        const StepScore& score, const Normality& normality, uint64_t seed) {
  if (score.name == kError && score.combination == StepCombination::kLeast) {
    return steps.errors.mean(1);
  }
  return combined_around(steps, windows.windows, score_anomalies(model, windows, score.name, normality, seed),
                         score.combination);
}

StepScores score_steps(Autoencoder& model, const Dataset& windows, const StepScore& score,
                       const Normality& normality, uint64_t seed) {
  StepScores steps = reconstruct_steps(model, windows);
  steps.scores = scores_of(steps, model, windows, score, normality, seed);
  return steps;
}

std::vector<StepRun> runs_of(const StepScores& steps, const torch::Tensor& are_chosen) {
  const torch::Tensor chosen = are_chosen.nonzero().flatten();
  std::vector<StepRun> runs;
  const auto place = chosen.accessor<int64_t, 1>();
  const auto series = steps.series.accessor<int64_t, 1>();
  const auto step = steps.step.accessor<int64_t, 1>();
  for (int64_t i = 0; i < chosen.size(0); ++i) {
    const int64_t here = place[i];
    const bool goes_on = !runs.empty() && runs.back().end == here && series[here - 1] == series[here] &&
                         step[here - 1] + 1 == step[here];
    if (goes_on) {
      ++runs.back().end;
    } else {
      runs.push_back({here, here + 1});
    }
  }
  return runs;
}

torch::Tensor point_adjusted(const StepScores& steps, const torch::Tensor& scores) {
  torch::Tensor adjusted = scores.clone();
  for (const auto& [first, end] : runs_of(steps, steps.is_anomaly)) {
    const torch::Tensor of_anomaly = adjusted.slice(0, first, end);
    of_anomaly.fill_(of_anomaly.max());
  }
  return adjusted;
}

StepFigures step_figures(const StepScores& steps, const torch::Tensor& scores) {
  StepFigures figures = {rank(scores, steps.is_anomaly)};
  figures.best_f1 = f1_of(figures.ranking.best_f1());
  figures.best_adjusted_f1 = f1_of(rank(point_adjusted(steps, scores), steps.is_anomaly).best_f1());
  return figures;
}

std::vector<SeriesEvent> events_of(const StepScores& steps, double threshold) {
  std::vector<SeriesEvent> events;
  for (const auto& [first, end] : runs_of(steps, steps.scores >= threshold)) {
    const auto step_at = [&](int64_t place) { return steps.step[place].item<int64_t>(); };
    const torch::Tensor scores = steps.scores.slice(0, first, end);
    const int64_t peak = first + scores.argmax().item<int64_t>();
    events.push_back({steps.series[first].item<int64_t>(), step_at(first), step_at(end - 1), step_at(peak),
                      steps.scores[peak].item<double>(),
                      columns_to_blame(steps.errors.slice(0, first, end).sum(0))});
  }
  return events;
}

}  // namespace autoencoder
