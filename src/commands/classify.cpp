// autoencoder classify RUN: what a run's codes are worth to other tasks, by classifiers that learn from them.

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/classify_report.h"
#include "commands/command.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/text.h"
#include "data/classes.h"
#include "evaluation/features.h"
#include "evaluation/probe.h"

namespace autoencoder {
namespace {

constexpr const char* kCodes = "codes";

struct ClassifyOptions : RunDataOptions {
  int64_t labels = 0;
  std::vector<int64_t> curve;
  int64_t draws = 1;
  int64_t neighbours = 5;
  int64_t seed = 0;
  bool confusion = false;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
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
    visitor.option("json", json, "print JSON");
  }
};

// Examples to learn from and to be tested on, with their classes.
struct ClassifyData {
  Dataset train;
  Dataset test;
  ProbeLabels labels;
  std::vector<std::string> class_names;
  std::string text;
};

void check_labelled(const RunData& data) {
  if (!data.examples.labels.defined()) {
    throw Error(fmt::format(
        "{}: no labels, so there is nothing to classify; give labelled data with --data, or the column of "
        "the labels with --label-column",
        data.text));
  }
}

ClassifyData open_classify_data(const OpenRun& run, const RunDataOptions& options) {
  const RunSource source(run, options.source);
  // Never "all", which is what other data without a test split would give: it holds the training examples.
  const RunData test = source.select(options.split.empty() ? "test" : options.split);
  check_labelled(test);
  const RunData train = source.select("train");
  check_labelled(train);
  const int64_t count = train.examples.size();
  const Classes classes =
      number_classes(torch::cat({train.examples.labels, test.examples.labels}), train.examples.label_names);
  const ProbeLabels labels = {classes.numbers.narrow(0, 0, count),
                              classes.numbers.narrow(0, count, test.examples.size()),
                              static_cast<int64_t>(classes.names.size())};
  return {train.examples, test.examples, labels, classes.names, test.text};
}

void check_usage(const ClassifyOptions& options) {
  if (options.labels > 0 && !options.curve.empty()) {
    throw UsageError("--labels and --curve are both given; --curve alone names the numbers of labels");
  }
  if (options.draws > 1 && options.labels == 0 && options.curve.empty()) {
    throw UsageError(fmt::format(
        "--draws is {}, but without --labels or --curve all examples are used and every draw is the same",
        options.draws));
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

// The numbers of labels to learn from.
std::vector<int64_t> label_counts(const ClassifyOptions& options, int64_t available) {
  if (options.curve.empty()) {
    return {options.labels > 0 ? options.labels : available};
  }
  return options.curve;
}

void check_counts(const std::vector<int64_t>& counts, int64_t available, int64_t neighbours) {
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

ProbeReport measure(const std::vector<ProbeFeatures>& features, const ClassifyData& data,
                    const std::vector<int64_t>& counts, const ClassifyOptions& options) {
  ProbeReport report = {{}, options.neighbours, data.class_names};
  for (const int64_t count : counts) {
    const ProbeRequest request = {.labels = count,
                                  .draws = options.draws,
                                  .neighbours = options.neighbours,
                                  .seed = static_cast<uint64_t>(options.seed)};
    for (const ProbeFeatures& each : features) {
      report.outcomes.push_back({each.name, each.train.size(1), count, probe(each, data.labels, request)});
    }
  }
  return report;
}

void print_classify_json(const ProbeReport& report, const ClassifyData& data,
                         const ClassifyOptions& options) {
  Json json = {{"images", data.test.size()},  {"training_images", data.train.size()},
               {"classes", data.class_names}, {"neighbours", options.neighbours},
               {"draws", options.draws},      {"results", accuracies_json(report)}};
  if (options.confusion) {
    json["confusion"] = confusion_json(report, kCodes);
  }
  answer_in_json(json);
}

void print_classify_tables(const ProbeReport& report, const ClassifyData& data,
                           const ClassifyOptions& options) {
  if (options.curve.empty()) {
    print_accuracies(report);
  } else {
    print_label_curves(report);
  }
  print_notes(report);
  if (data.train.shape().size() > kMostPcaPixels) {
    fmt::print("note: no PCA; it would take too long with more than {} {}\n", with_thousands(kMostPcaPixels),
               data.train.shape().numbers());
  }
  if (options.confusion) {
    print_confusion(report, kCodes);
  }
}

int run_classify(const Arguments& arguments) {
  const auto options = options_from<ClassifyOptions>(arguments);
  check_usage(options);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const ClassifyData data = open_classify_data(opened, options);
  check_classes(data);
  const std::vector<int64_t> counts = label_counts(options, data.train.size());
  check_counts(counts, data.train.size(), options.neighbours);
  if (!options.json) {
    fmt::print("{} on the {}, {} classes; classifiers learn from {} training images\n",
               opened.directory.path().string(), data.text, data.labels.classes,
               with_thousands(*std::max_element(counts.begin(), counts.end())));
    std::fflush(stdout);  // what follows takes its time
  }
  const std::vector<ProbeFeatures> features = compared_features(opened.model(), data.train, data.test);
  const ProbeReport report = measure(features, data, counts, options);
  if (options.json) {
    print_classify_json(report, data, options);
  } else {
    print_classify_tables(report, data, options);
  }
  return 0;
}

}  // namespace

Command classify_command() {
  return {.name = "classify",
          .summary = "what the codes are worth to classifiers, beside pixels and PCA",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder classify runs/dense-mnist-1",
                       "autoencoder classify runs/dense-mnist-1 --labels 100 --draws 5 --confusion",
                       "autoencoder classify runs/vae-mnist-1 --curve 10,100,1000 --draws 5 --json"},
          .options = specs_of<ClassifyOptions>,
          .run = run_classify};
}

}  // namespace autoencoder
