// autoencoder regress RUN: how well a number can be told from a run's codes.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/text.h"
#include "evaluation/features.h"
#include "evaluation/nearest_neighbours.h"
#include "evaluation/ridge_regression.h"
#include "evaluation/standardisation.h"

namespace autoencoder {
namespace {

const std::vector<double> kPenalties = {1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5};

struct RegressOptions : RunDataOptions {
  int64_t neighbours = 5;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Regression");
    visitor.option("neighbours", neighbours, "how many nearest examples are averaged",
                   between(1, kMostExamples));
    visitor.option("json", json, "print JSON");
  }
};

struct RegressData {
  Dataset train;
  Dataset test;
  std::string text;
};

RegressData open_regress_data(const OpenRun& run, const RegressOptions& options) {
  const RunSource source(run, options.source);
  // Never "all", which is what other data without a test split would give: it holds the training examples.
  const RunData test = source.select(options.split.empty() ? "test" : options.split);
  if (!test.examples.targets.defined()) {
    throw Error(
        fmt::format("{}: nothing to predict; train on a table with --target COLUMN, and the model does "
                    "not see that column",
                    test.text));
  }
  const RunData train = source.select("train");
  if (options.neighbours > train.examples.size()) {
    throw Error(
        fmt::format("neighbours is {}, but there are only {} examples to learn from; lower --neighbours",
                    options.neighbours, with_thousands(train.examples.size())));
  }
  return {train.examples, test.examples, test.text};
}

// How far predictions are off.
struct RegressionErrors {
  double r2 = 0;  // share of the test targets' variance that is told
  double rmse = 0;
  double mae = 0;
};

RegressionErrors errors_of(const torch::Tensor& predicted, const torch::Tensor& targets) {
  const torch::Tensor truth = targets.to(torch::kFloat64);
  const torch::Tensor off = predicted.to(torch::kFloat64) - truth;
  const auto mean = [](const torch::Tensor& values) { return values.mean().item<double>(); };
  const double squared = mean(off.square());
  return {1 - squared / mean((truth - truth.mean()).square()), std::sqrt(squared), mean(off.abs())};
}

// Of the targets of the nearest examples, in standardised features.
torch::Tensor neighbours_mean(const ProbeFeatures& features, const torch::Tensor& targets, int64_t count) {
  const Standardisation standardisation = fit_standardisation(features.train);
  const torch::Tensor nearest =
      nearest_neighbours(standardisation.apply(features.train), standardisation.apply(features.test), count)
          .indices;
  return targets.index_select(0, nearest.flatten()).view_as(nearest).mean(1);
}

struct RegressionOutcome {
  std::string features;
  int64_t dimensions = 0;
  RegressionErrors ridge;
  RegressionErrors neighbours;
};

std::vector<RegressionOutcome> measure(Autoencoder& model, const RegressData& data, int64_t neighbours) {
  std::vector<RegressionOutcome> outcomes;
  for (const ProbeFeatures& features : compared_features(model, data.train, data.test)) {
    const RidgeRegression ridge = fit_ridge_regression(features.train, data.train.targets, kPenalties);
    outcomes.push_back(
        {features.name, features.train.size(1), errors_of(ridge.predict(features.test), data.test.targets),
         errors_of(neighbours_mean(features, data.train.targets, neighbours), data.test.targets)});
  }
  return outcomes;
}

Json errors_json(const RegressionErrors& errors) {
  return {{"r2", errors.r2}, {"rmse", errors.rmse}, {"mae", errors.mae}};
}

void print_json(const std::vector<RegressionOutcome>& outcomes, const RegressData& data) {
  Json results = Json::array();
  for (const RegressionOutcome& outcome : outcomes) {
    results.push_back({{"features", outcome.features},
                       {"dimensions", outcome.dimensions},
                       {"ridge", errors_json(outcome.ridge)},
                       {"nearest_neighbours", errors_json(outcome.neighbours)}});
  }
  answer_in_json(
      {{"examples", data.test.size()}, {"training_examples", data.train.size()}, {"results", results}});
}

void print_table(const std::vector<RegressionOutcome>& outcomes, int64_t neighbours) {
  fmt::print("{:<34} {:>8} {:>10} {:>10}\n", "", "R^2", "RMSE", "MAE");
  const auto print_row = [](const std::string& name, const RegressionErrors& errors) {
    fmt::print("{:<34} {:>8.4f} {:>10.4g} {:>10.4g}\n", name, errors.r2, errors.rmse, errors.mae);
  };
  for (const RegressionOutcome& outcome : outcomes) {
    const std::string features = fmt::format("{} ({})", outcome.features, outcome.dimensions);
    print_row(fmt::format("ridge on {}", features), outcome.ridge);
    print_row(fmt::format("{} neighbours on {}", neighbours, features), outcome.neighbours);
  }
}

int run_regress(const Arguments& arguments) {
  const auto options = options_from<RegressOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RegressData data = open_regress_data(opened, options);
  const std::vector<RegressionOutcome> outcomes = measure(opened.model(), data, options.neighbours);
  if (options.json) {
    print_json(outcomes, data);
    return 0;
  }
  fmt::print("{} on the {}; regressions learn from {} training examples\n", opened.directory.path().string(),
             data.text, with_thousands(data.train.size()));
  print_table(outcomes, options.neighbours);
  return 0;
}

}  // namespace

Command regress_command() {
  return {.name = "regress",
          .summary = "how well the codes tell a number, beside raw features and PCA",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder regress runs/dense-houses-1",
                       "autoencoder regress runs/dense-houses-1 --neighbours 10 --json"},
          .options = specs_of<RegressOptions>,
          .run = run_regress};
}

}  // namespace autoencoder
