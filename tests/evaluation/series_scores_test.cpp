#include "evaluation/series_scores.h"

#include <algorithm>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"
#include "tests/support/series.h"

namespace autoencoder {
namespace {

using testing::counting_series;
using testing::whole_numbers;

// Two series of two columns, of random numbers, in overlapping windows of 8.
Dataset random_windows() {
  auto set = std::make_shared<SeriesSet>(*counting_series({21, 13}, 2, 8, 3));
  const at::Generator rng = make_generator(7);
  for (Series& series : set->series) {
    series.steps = torch::rand({series.length(), 2}, rng, torch::kFloat32);
    series.are_anomalies = series.steps.select(1, 0) > 0.8;
  }
  Dataset data;
  data.windows = all_windows(set);
  data.images = examples_of(data.windows);
  return data;
}

std::shared_ptr<Autoencoder> small_model() {
  torch::manual_seed(2);
  auto model = make_model({{"model", "conv1d"}, {"channels", {4}}, {"latent-dim", 2}}, {2, 1, 8});
  model->eval();
  return model;
}

// Of each window that covers the step, what `of` says.
std::vector<double> around(const Windows& windows, int64_t series, int64_t step,
                           const std::function<double(int64_t window, int64_t place)>& of) {
  std::vector<double> values;
  for (int64_t i = 0; i < windows.first.size(0); ++i) {
    const int64_t place = step - windows.first[i].item<int64_t>();
    if (windows.series[i].item<int64_t>() == series && place >= 0 && place < windows.of->window) {
      values.push_back(of(i, place));
    }
  }
  return values;
}

// Steps of scores that are known already: 1 column.
StepScores steps_of(const std::vector<int64_t>& series, const std::vector<int64_t>& step,
                    const std::vector<double>& scores) {
  StepScores steps;
  steps.series = torch::tensor(series);
  steps.step = torch::tensor(step);
  steps.scores = torch::tensor(scores, torch::kFloat64);
  steps.errors = steps.scores.unsqueeze(1);
  return steps;
}

TEST(SeriesScores, ErrorOfAStepIsTheMeanOverColumnsAndTheWindowsAroundIt) {
  const torch::NoGradGuard no_grad;
  const auto model = small_model();
  const Dataset data = random_windows();
  const StepScores steps = score_steps(*model, data, {"error"}, {}, 0);
  // The last window of 21 steps begins at 12, that of 13 at 3: steps 20, and 11 and 12, are in none.
  EXPECT_EQ(steps.size(), 20 + 11);
  const torch::Tensor input = data.images.all();
  const torch::Tensor squares = (input - model->forward(input)).square().squeeze(2);
  for (int64_t i = 0; i < steps.size(); ++i) {
    const std::vector<double> errors =
        around(data.windows, steps.series[i].item<int64_t>(), steps.step[i].item<int64_t>(),
               [&](int64_t window, int64_t place) {
                 return squares[window].select(1, place).mean().item<double>();
               });
    const double mean = torch::tensor(errors).mean().item<double>();
    EXPECT_NEAR(steps.scores[i].item<double>(), mean, 1e-5) << i;
  }
}

TEST(SeriesScores, AnyOtherScoreIsTheLeastOfTheWindowsAroundAStep) {
  const torch::NoGradGuard no_grad;
  const auto model = small_model();
  const Dataset data = random_windows();
  const StepScores steps = score_steps(*model, data, {"relative-error"}, {}, 0);
  const torch::Tensor scores = score_anomalies(*model, data, "relative-error", {}, 0);
  for (int64_t i = 0; i < steps.size(); ++i) {
    const std::vector<double> of_windows =
        around(data.windows, steps.series[i].item<int64_t>(), steps.step[i].item<int64_t>(),
               [&](int64_t window, int64_t /*place*/) { return scores[window].item<double>(); });
    EXPECT_DOUBLE_EQ(steps.scores[i].item<double>(), *std::ranges::min_element(of_windows)) << i;
  }
}

TEST(SeriesScores, CombinedByTheirMeanEveryScoreIsThatOfTheWindowsAroundAStep) {
  const torch::NoGradGuard no_grad;
  const auto model = small_model();
  const Dataset data = random_windows();
  for (const char* name : {"error", "relative-error"}) {
    const StepScores steps = score_steps(*model, data, {name, StepCombination::kMean}, {}, 0);
    const torch::Tensor scores = score_anomalies(*model, data, name, {}, 0);
    for (int64_t i = 0; i < steps.size(); ++i) {
      const std::vector<double> of_windows =
          around(data.windows, steps.series[i].item<int64_t>(), steps.step[i].item<int64_t>(),
                 [&](int64_t window, int64_t /*place*/) { return scores[window].item<double>(); });
      EXPECT_NEAR(steps.scores[i].item<double>(), torch::tensor(of_windows).mean().item<double>(), 1e-6)
          << name << " " << i;
    }
  }
}

// The codes' distances to those of the 5 nearest windows that begin at least 8 steps away.
TEST(SeriesScores, NeighboursOfAWindowDoNotOverlapIt) {
  const torch::NoGradGuard no_grad;
  const auto model = small_model();
  auto set = std::make_shared<SeriesSet>(*counting_series({40, 30}, 2, 8));
  const at::Generator rng = make_generator(7);
  for (Series& series : set->series) {
    series.steps = torch::rand({series.length(), 2}, rng, torch::kFloat32);
  }
  Dataset data;
  data.windows = all_windows(set);
  data.images = examples_of(data.windows);
  const Normality normality = learn_normality(*model, data, rng);
  const std::vector<double> scores = numbers_in(score_anomalies(*model, data, "neighbours", normality, 0));
  const torch::Tensor codes = model->encode(data.images.all()).to(torch::kFloat64);
  const torch::Tensor all = torch::cdist(codes, codes, 2, 2);
  for (int64_t i = 0; i < data.size(); ++i) {
    const torch::Tensor overlaps = (data.windows.series == data.windows.series[i])
                                       .logical_and((data.windows.first - data.windows.first[i]).abs() < 8);
    const torch::Tensor others = all[i].masked_select(overlaps.logical_not());
    const torch::Tensor nearest = std::get<0>(others.topk(5, 0, /*largest=*/false));
    EXPECT_NEAR(scores[static_cast<size_t>(i)], nearest.mean().item<double>(), 1e-5) << i;
  }
  EXPECT_TRUE(normality.joint.places.defined());
}

TEST(SeriesScores, OfFewWindowsThoseThatOverlapAreNeighbours) {
  const torch::NoGradGuard no_grad;
  const Dataset data = random_windows();
  EXPECT_FALSE(learn_normality(*small_model(), data, make_generator(1)).places.defined());
}

TEST(SeriesScores, KnowsTheLabelsOfTheStepsThatItScores) {
  const torch::NoGradGuard no_grad;
  const Dataset data = random_windows();
  const StepScores steps = score_steps(*small_model(), data, {"error"}, {}, 0);
  for (int64_t i = 0; i < steps.size(); ++i) {
    const Series& series = data.windows.of->series[static_cast<size_t>(steps.series[i].item<int64_t>())];
    EXPECT_TRUE(torch::equal(steps.is_anomaly[i], series.are_anomalies[steps.step[i].item<int64_t>()]));
  }
}

TEST(SeriesScores, NeighboursAreTheUsualScore) {
  const std::vector<std::string> names = step_score_names(*small_model());
  EXPECT_EQ(names.front(), "neighbours");
  EXPECT_EQ(std::ranges::count(names, "error"), 1);
  EXPECT_EQ(names.size(), anomaly_score_names(*small_model()).size());
}

TEST(SeriesScores, EventsEndWithTheirSeriesAndAtAGap) {
  const StepScores steps = steps_of({0, 0, 0, 1, 1, 1, 1}, {4, 5, 6, 0, 1, 3, 4}, {1, 5, 7, 6, 5, 9, 5});
  const std::vector<SeriesEvent> events = events_of(steps, 5);
  ASSERT_EQ(events.size(), 3);
  EXPECT_EQ(events[0].start, 5);
  EXPECT_EQ(events[0].end, 6);
  EXPECT_EQ(events[0].peak, 6);
  EXPECT_EQ(events[0].score, 7);
  EXPECT_EQ(events[1].series, 1);
  EXPECT_EQ(events[1].end, 1);
  EXPECT_EQ(events[2].start, 3);
  EXPECT_EQ(events[2].peak, 3);
}

TEST(SeriesScores, AnEventNamesTheColumnsThatMakeItUp) {
  StepScores steps = steps_of({0, 0}, {0, 1}, {9, 9});
  steps.errors = torch::tensor({{1.0, 6.0, 3.0}, {1.0, 6.0, 3.0}}, torch::kFloat64);
  EXPECT_THAT(events_of(steps, 5).at(0).columns, ::testing::ElementsAre(1, 2));
  steps.errors = torch::tensor({{0.5, 9.0, 0.5}, {0.5, 9.0, 0.5}}, torch::kFloat64);
  EXPECT_THAT(events_of(steps, 5).at(0).columns, ::testing::ElementsAre(1));
}

TEST(SeriesScores, PointAdjustmentFindsAllOfAnAnomalyByOneStep) {
  StepScores steps = steps_of({0, 0, 0, 0, 0, 1}, {0, 1, 2, 3, 4, 0}, {1, 2, 8, 3, 5, 4});
  steps.is_anomaly = torch::tensor({0, 1, 1, 1, 0, 1}).to(torch::kBool);
  EXPECT_THAT(whole_numbers(point_adjusted(steps, steps.scores)), ::testing::ElementsAre(1, 8, 8, 8, 5, 4));
  EXPECT_THAT(whole_numbers(steps.scores), ::testing::ElementsAre(1, 2, 8, 3, 5, 4));
  const StepFigures figures = step_figures(steps, steps.scores);
  // At 2 all four anomalies are found with one false alarm; adjusted, at 8 three of them without any, at 4
  // all.
  EXPECT_DOUBLE_EQ(figures.best_f1, 2 * 0.8 / 1.8);
  EXPECT_DOUBLE_EQ(figures.best_adjusted_f1, 2 * 0.8 / 1.8);
  steps.scores[4] = 0;
  EXPECT_DOUBLE_EQ(step_figures(steps, steps.scores).best_f1, 1);
}

TEST(SeriesScores, PointAdjustmentMakesRandomScoresLookGood) {
  const at::Generator rng = make_generator(1);
  StepScores steps = steps_of({0}, {0}, {0});
  steps.series = torch::zeros({2000}, torch::kInt64);
  steps.step = torch::arange(2000);
  steps.scores = torch::rand({2000}, rng, torch::kFloat64);
  steps.is_anomaly = (steps.step >= 800) & (steps.step < 1000);
  const StepFigures figures = step_figures(steps, steps.scores);
  EXPECT_LT(figures.best_f1, 0.25);
  EXPECT_GT(figures.best_adjusted_f1, 0.9);
}

}  // namespace
}  // namespace autoencoder
