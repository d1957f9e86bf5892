#include "commands/classify_tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "evaluation/features.h"
#include "evaluation/logistic_regression.h"

namespace autoencoder {
namespace {

struct Classifier {
  std::string label;
  Accuracy ProbeOutcome::*accuracy;
};

std::vector<Classifier> classifiers_of(const ClassifyResult& result) {
  return {{counted(result.neighbours, "nearest neighbour"), &ProbeOutcome::nearest_neighbours},
          {"logistic regression", &ProbeOutcome::logistic_regression}};
}

std::string features_text(const ProbeOutcome& outcome) {
  return fmt::format("{} ({})", outcome.features, outcome.dimensions);
}

std::string accuracy_text(const Accuracy& accuracy) {
  const std::string mean = fmt::format("{:.2f}", 100 * accuracy.mean);
  return accuracy.standard_deviation ? fmt::format("{} +- {:.2f}", mean, 100 * *accuracy.standard_deviation)
                                     : mean;
}

// The numbers of labels, in the order in which they were asked for.
std::vector<int64_t> label_counts(const ProbeOutcomes& outcomes) {
  std::vector<int64_t> counts;
  for (const ProbeOutcome& outcome : outcomes) {
    if (counts.empty() || counts.back() != outcome.labels) {
      counts.push_back(outcome.labels);
    }
  }
  return counts;
}

// A line with a cell for each kind of features.
template <typename CellText>
std::string features_line(const std::string& caption, const ProbeOutcomes& outcomes, int64_t labels,
                          CellText cell_text) {
  std::string line = fmt::format("\n{:<30}", caption);
  for (const ProbeOutcome& outcome : outcomes) {
    if (outcome.labels == labels) {
      line += fmt::format(" {:>15}", cell_text(outcome));
    }
  }
  return line;
}

std::string accuracy_line(const std::string& caption, const ProbeOutcomes& outcomes, int64_t labels,
                          const Classifier& classifier) {
  return features_line("  " + caption, outcomes, labels, [&](const ProbeOutcome& outcome) {
    return accuracy_text(outcome.*classifier.accuracy);
  });
}

// A row for each classifier.
std::string one_count_text(const ClassifyResult& result) {
  const int64_t labels = result.outcomes.front().labels;
  std::string text = features_line("accuracy in %", result.outcomes, labels, features_text);
  for (const Classifier& classifier : classifiers_of(result)) {
    text += accuracy_line(classifier.label, result.outcomes, labels, classifier);
  }
  return text;
}

// A table for each classifier, a row for each number of labels.
std::string curves_text(const ClassifyResult& result) {
  std::string text;
  for (const Classifier& classifier : classifiers_of(result)) {
    text += features_line(classifier.label + ", in %", result.outcomes, result.outcomes.front().labels,
                          features_text);
    for (const int64_t labels : label_counts(result.outcomes)) {
      text += accuracy_line(with_thousands(labels) + " labels", result.outcomes, labels, classifier);
    }
  }
  return text;
}

}  // namespace

std::string accuracies_text(const ClassifyResult& result) {
  return result.layout == ProbeLayout::kCurve ? curves_text(result) : one_count_text(result);
}

std::string notes_text(const ClassifyResult& result) {
  std::string text;
  for (const ProbeOutcome& outcome : result.outcomes) {
    if (outcome.stopped_early > 0) {
      text += fmt::format(
          "\nnote: logistic regression on {} with {} labels stopped after {} steps, before it had converged",
          features_text(outcome), with_thousands(outcome.labels), LogisticRegressionOptions().max_steps);
    }
  }
  if (result.shape.size() > kMostPcaPixels) {
    text += fmt::format("\nnote: no PCA; it would take too long with more than {} {}",
                        with_thousands(kMostPcaPixels), result.shape.numbers());
  }
  return text;
}

std::string confusion_text(const ClassifyResult& result) {
  if (result.confusion.empty()) {
    return "";
  }
  const std::string corner = "true \\ predicted";
  size_t width = 5;
  for (const std::string& name : result.class_names) {
    width = std::max(width, name.size());
  }
  const size_t first = std::max(width, corner.size());
  std::string text = fmt::format("\n\nlogistic regression on codes, test examples\n{:<{}}", corner, first);
  for (const std::string& name : result.class_names) {
    text += fmt::format(" {:>{}}", name, width);
  }
  for (size_t row = 0; row < result.confusion.size(); ++row) {
    text += fmt::format("\n{:<{}}", result.class_names[row], first);
    for (const int64_t count : result.confusion[row]) {
      text += fmt::format(" {:>{}}", count, width);
    }
  }
  return text;
}

}  // namespace autoencoder
