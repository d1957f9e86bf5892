#include "tasks/classify.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/classes.h"
#include "evaluation/features.h"
#include "evaluation/probe.h"

namespace autoencoder {
namespace {

// --- what is asked ---

void check_usage(const ClassifyRequest& request) {
  if (request.labels > 0 && !request.curve.empty()) {
    throw UsageError("--labels and --curve are both given; --curve alone names the numbers of labels");
  }
  if (request.draws > 1 && request.labels == 0 && request.curve.empty()) {
    throw UsageError(fmt::format(
        "--draws is {}, but without --labels or --curve all examples are used and every draw is the same",
        request.draws));
  }
}

// The numbers of labels to learn from.
std::vector<int64_t> label_counts(const ClassifyRequest& request, int64_t available) {
  if (request.curve.empty()) {
    return {request.labels > 0 ? request.labels : available};
  }
  return request.curve;
}

void check_label_counts(const std::vector<int64_t>& counts, int64_t available, int64_t neighbours) {
  const auto [fewest, most] = std::minmax_element(counts.begin(), counts.end());
  if (*most > available) {
    throw Error(fmt::format("{} labels are asked for, but the training split has {}", with_thousands(*most),
                            with_thousands(available)));
  }
  if (*fewest < 2) {
    throw Error(fmt::format("labels is {}; two classes need at least 2", *fewest));
  }
  if (neighbours > *fewest) {
    throw Error(
        fmt::format("neighbours is {}, but there are only {} labels to learn from; lower --neighbours",
                    neighbours, *fewest));
  }
}

// --- the data ---

// Examples to learn from and to be tested on, with their classes.
struct ClassifyData {
  Dataset train;
  Dataset test;
  ProbeLabels labels;
  std::vector<std::string> class_names;
  std::string text;
};

void check_labelled(const DescribedData& data) {
  if (!data.examples.labels.defined()) {
    throw Error(fmt::format(
        "{}: no labels, so there is nothing to classify; give labelled data with --data, or the column of "
        "the labels with --label-column",
        data.text));
  }
}

void check_classes(const ClassifyData& data) {
  const int64_t first = data.labels.train[0].item<int64_t>();
  if ((data.labels.train == first).all().item<bool>()) {
    throw Error(
        fmt::format("all {} training examples are of class {}; two classes are the least there is to "
                    "tell apart",
                    with_thousands(data.train.size()), data.class_names[static_cast<size_t>(first)]));
  }
}

ClassifyData open_classify_data(const OpenRun& run, const RunDataRequest& request) {
  const RunSource source(run, request.source);
  // Never "all", which is what other data without a test split would give: it holds the training examples.
  const DescribedData test = source.select(request.split.empty() ? "test" : request.split);
  check_labelled(test);
  const DescribedData train = source.select("train");
  check_labelled(train);
  const int64_t count = train.examples.size();
  const Classes classes =
      number_classes(torch::cat({train.examples.labels, test.examples.labels}), train.examples.label_names);
  const ProbeLabels labels = {classes.numbers.narrow(0, 0, count),
                              classes.numbers.narrow(0, count, test.examples.size()),
                              static_cast<int64_t>(classes.names.size())};
  return {train.examples, test.examples, labels, classes.names, test.text};
}

// --- what comes of it ---

double mean_over_draws(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Accuracy accuracy_of(const std::vector<double>& draws) {
  const double mean = mean_over_draws(draws);
  if (draws.size() < 2) {
    return {mean, std::nullopt};
  }
  double squares = 0;
  for (const double value : draws) {
    squares += (value - mean) * (value - mean);
  }
  return {mean, std::sqrt(squares / static_cast<double>(draws.size() - 1))};
}

ProbeOutcome outcome_of(const ProbeFeatures& features, int64_t labels, const ProbeResult& result) {
  return {.features = features.name,
          .dimensions = features.train.size(1),
          .labels = labels,
          .nearest_neighbours = accuracy_of(result.nearest_neighbours),
          .logistic_regression = accuracy_of(result.logistic_regression),
          .stopped_early = result.stopped_early};
}

std::vector<std::vector<int64_t>> confusion_rows(const torch::Tensor& confusion) {
  std::vector<std::vector<int64_t>> rows;
  for (const torch::Tensor& row : confusion.contiguous().unbind()) {
    rows.emplace_back(row.const_data_ptr<int64_t>(), row.const_data_ptr<int64_t>() + row.numel());
  }
  return rows;
}

ClassifyResult unmeasured(const OpenRun& run, const ClassifyData& data, const ClassifyRequest& request) {
  return {.run = run.directory.path().string(),
          .data = data.text,
          .shape = data.train.shape(),
          .images = data.test.size(),
          .training_images = data.train.size(),
          .class_names = data.class_names,
          .neighbours = request.neighbours,
          .draws = request.draws,
          .layout = request.curve.empty() ? ProbeLayout::kOneCount : ProbeLayout::kCurve,
          .outcomes = {},
          .confusion = {}};
}

// Adds the outcomes of all features with so many labels.
void probe_all(ClassifyResult& result, const std::vector<ProbeFeatures>& features, const ProbeLabels& labels,
               const ProbeRequest& probes, Progress& progress) {
  for (const ProbeFeatures& each : features) {
    const ProbeResult probed = probe(each, labels, probes);
    result.outcomes.push_back(outcome_of(each, probes.labels, probed));
    if (each.name == "codes") {
      result.confusion = confusion_rows(probed.confusion);
    }
    progress.advance(1);
  }
}

Json accuracy_json(const ProbeOutcome& outcome, const std::string& classifier, const Accuracy& accuracy) {
  Json json = {{"classifier", classifier},
               {"features", outcome.features},
               {"dimensions", outcome.dimensions},
               {"labels", outcome.labels},
               {"accuracy", accuracy.mean}};
  if (accuracy.standard_deviation) {
    json["standard_deviation"] = *accuracy.standard_deviation;
  }
  return json;
}

Json outcomes_json(const ProbeOutcomes& outcomes) {
  Json rows = Json::array();
  for (const ProbeOutcome& outcome : outcomes) {
    rows.push_back(accuracy_json(outcome, "nearest_neighbours", outcome.nearest_neighbours));
    rows.push_back(accuracy_json(outcome, "logistic_regression", outcome.logistic_regression));
    rows.back()["stopped_early"] = outcome.stopped_early;
  }
  return rows;
}

}  // namespace

void ClassifyRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Classifiers");
  visitor.option("labels", labels, "learn from only so many labelled training examples; 0: all",
                 between(0, kMostExamples));
  visitor.option("curve", curve, "several numbers of labels instead, such as 10,100,1000",
                 between(2, kMostExamples));
  visitor.option("draws", draws, "draw these examples so often: gives mean and standard deviation",
                 between(1, 100'000));
  visitor.option("neighbours", neighbours, "how many nearest examples vote", between(1, kMostExamples));
  visitor.option("seed", seed, "draws the labelled examples");
  visitor.group("Output");
  visitor.option("confusion", confusion,
                 "print which classes logistic regression on the codes takes for which");
}

Json ClassifyResult::to_json() const {
  Json json = {{"images", images},       {"training_images", training_images},
               {"classes", class_names}, {"neighbours", neighbours},
               {"draws", draws},         {"results", outcomes_json(outcomes)}};
  if (!confusion.empty()) {
    json["confusion"] = confusion;
  }
  return json;
}

ClassifyResult classify_run(const ClassifyRequest& request, Progress& progress) {
  check_usage(request);
  const OpenRun run = open_requested(request);
  const ClassifyData data = open_classify_data(run, request);
  check_classes(data);
  const std::vector<int64_t> counts = label_counts(request, data.train.size());
  check_label_counts(counts, data.train.size(), request.neighbours);
  const std::vector<ProbeFeatures> features = compared_features(run.model(), data.train, data.test);
  ClassifyResult result = unmeasured(run, data, request);
  progress.begin("classifying", static_cast<int64_t>(counts.size() * features.size()));
  for (const int64_t count : counts) {
    probe_all(result, features, data.labels,
              {.labels = count,
               .draws = request.draws,
               .neighbours = request.neighbours,
               .seed = static_cast<uint64_t>(request.seed)},
              progress);
  }
  if (!request.confusion) {
    result.confusion.clear();
  }
  return result;
}

}  // namespace autoencoder
