#include "tasks/regress.h"

#include <cmath>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "evaluation/features.h"
#include "evaluation/nearest_neighbours.h"
#include "evaluation/ridge_regression.h"
#include "evaluation/standardisation.h"

namespace autoencoder {
namespace {

const std::vector<double> kPenalties = {1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5};

struct RegressData {
  Dataset train;
  Dataset test;
  std::string text;
};

RegressData open_regress_data(const OpenRun& run, const RegressRequest& request) {
  const RunSource source(run, request.source);
  // Never "all", which is what other data without a test split would give: it holds the training examples.
  const DescribedData test = source.select(request.split.empty() ? "test" : request.split);
  if (!test.examples.responses.defined()) {
    throw Error(
        fmt::format("{}: nothing to predict; train on a table with --target COLUMN, and the model does "
                    "not see that column",
                    test.text));
  }
  const DescribedData train = source.select("train");
  if (request.neighbours > train.examples.size()) {
    throw Error(
        fmt::format("neighbours is {}, but there are only {} examples to learn from; lower --neighbours",
                    request.neighbours, with_thousands(train.examples.size())));
  }
  return {train.examples, test.examples, test.text};
}

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

std::vector<RegressionOutcome> measure(Autoencoder& model, const RegressData& data, int64_t neighbours) {
  std::vector<RegressionOutcome> outcomes;
  for (const ProbeFeatures& features : compared_features(model, data.train, data.test)) {
    const RidgeRegression ridge = fit_ridge_regression(features.train, data.train.responses, kPenalties);
    outcomes.push_back(
        {features.name, features.train.size(1), errors_of(ridge.predict(features.test), data.test.responses),
         errors_of(neighbours_mean(features, data.train.responses, neighbours), data.test.responses)});
  }
  return outcomes;
}

Json errors_json(const RegressionErrors& errors) {
  return {{"r2", errors.r2}, {"rmse", errors.rmse}, {"mae", errors.mae}};
}

}  // namespace

void RegressRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Regression");
  visitor.option("neighbours", neighbours, "how many nearest examples are averaged",
                 between(1, kMostExamples));
}

Json RegressResult::to_json() const {
  Json results = Json::array();
  for (const RegressionOutcome& outcome : outcomes) {
    results.push_back({{"features", outcome.features},
                       {"dimensions", outcome.dimensions},
                       {"ridge", errors_json(outcome.ridge)},
                       {"nearest_neighbours", errors_json(outcome.neighbours)}});
  }
  return {{"examples", examples}, {"training_examples", training_examples}, {"results", results}};
}

RegressResult regress_run(const RegressRequest& request) {
  const OpenRun run = open_requested(request);
  const RegressData data = open_regress_data(run, request);
  return {run.directory.path().string(),
          data.text,
          data.test.size(),
          data.train.size(),
          request.neighbours,
          measure(run.model(), data, request.neighbours)};
}

}  // namespace autoencoder
