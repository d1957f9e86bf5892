#include "commands/classify_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/text.h"
#include "evaluation/logistic_regression.h"

namespace autoencoder {
namespace {

struct ProbeClassifier {
  std::string name;   // for machines
  std::string label;  // for people
  std::vector<double> ProbeResult::*accuracies;
};

std::vector<ProbeClassifier> probe_classifiers(int64_t neighbours) {
  return {{"nearest_neighbours", counted(neighbours, "nearest neighbour"), &ProbeResult::nearest_neighbours},
          {"logistic_regression", "logistic regression", &ProbeResult::logistic_regression}};
}

double mean_over_draws(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Divided by the number of draws - 1.
double deviation_over_draws(const std::vector<double>& values) {
  const double mean = mean_over_draws(values);
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::string accuracy_text(const std::vector<double>& draws) {
  const std::string mean = fmt::format("{:.2f}", 100 * mean_over_draws(draws));
  return draws.size() < 2 ? mean : fmt::format("{} +- {:.2f}", mean, 100 * deviation_over_draws(draws));
}

std::string features_text(const ProbeOutcome& outcome) {
  return fmt::format("{} ({})", outcome.features, outcome.dimensions);
}

// The numbers of labels, in the order in which they were asked for.
std::vector<int64_t> label_counts(const ProbeReport& report) {
  std::vector<int64_t> counts;
  for (const ProbeOutcome& outcome : report.outcomes) {
    if (counts.empty() || counts.back() != outcome.labels) {
      counts.push_back(outcome.labels);
    }
  }
  return counts;
}

template <typename CellText>
void print_columns(const ProbeReport& report, int64_t labels, const std::string& caption,
                   CellText cell_text) {
  fmt::print("{:<30}", caption);
  for (const ProbeOutcome& outcome : report.outcomes) {
    if (outcome.labels == labels) {
      fmt::print(" {:>15}", cell_text(outcome));
    }
  }
  fmt::print("\n");
}

void print_accuracy_row(const ProbeReport& report, int64_t labels, const std::string& caption,
                        const ProbeClassifier& classifier) {
  print_columns(report, labels, "  " + caption, [&](const ProbeOutcome& outcome) {
    return accuracy_text(outcome.result.*classifier.accuracies);
  });
}

Json outcome_json(const ProbeOutcome& outcome, const ProbeClassifier& classifier) {
  const std::vector<double>& draws = outcome.result.*classifier.accuracies;
  Json json = {{"classifier", classifier.name},
               {"features", outcome.features},
               {"dimensions", outcome.dimensions},
               {"labels", outcome.labels},
               {"accuracy", mean_over_draws(draws)}};
  if (draws.size() > 1) {
    json["standard_deviation"] = deviation_over_draws(draws);
  }
  return json;
}

const torch::Tensor& last_confusion(const ProbeReport& report, const std::string& features) {
  const auto found = std::find_if(report.outcomes.rbegin(), report.outcomes.rend(),
                                  [&](const ProbeOutcome& outcome) { return outcome.features == features; });
  TORCH_CHECK(found != report.outcomes.rend(), "nothing was measured on ", features);
  return found->result.confusion;
}

std::vector<std::vector<int64_t>> confusion_rows(const torch::Tensor& confusion) {
  std::vector<std::vector<int64_t>> rows;
  for (const torch::Tensor& row : confusion.contiguous().unbind()) {
    rows.emplace_back(row.const_data_ptr<int64_t>(), row.const_data_ptr<int64_t>() + row.numel());
  }
  return rows;
}

}  // namespace

void print_accuracies(const ProbeReport& report) {
  const int64_t labels = report.outcomes.front().labels;
  print_columns(report, labels, "accuracy in %", features_text);
  for (const ProbeClassifier& classifier : probe_classifiers(report.neighbours)) {
    print_accuracy_row(report, labels, classifier.label, classifier);
  }
}

void print_label_curves(const ProbeReport& report) {
  for (const ProbeClassifier& classifier : probe_classifiers(report.neighbours)) {
    print_columns(report, report.outcomes.front().labels, classifier.label + ", in %", features_text);
    for (const int64_t labels : label_counts(report)) {
      print_accuracy_row(report, labels, with_thousands(labels) + " labels", classifier);
    }
  }
}

void print_notes(const ProbeReport& report) {
  for (const ProbeOutcome& outcome : report.outcomes) {
    if (outcome.result.stopped_early > 0) {
      fmt::print(
          "note: logistic regression on {} with {} labels stopped after {} steps, before it had converged\n",
          features_text(outcome), with_thousands(outcome.labels), LogisticRegressionOptions().max_steps);
    }
  }
}

void print_confusion(const ProbeReport& report, const std::string& features) {
  const std::string corner = "true \\ predicted";
  size_t width = 5;
  for (const std::string& name : report.class_names) {
    width = std::max(width, name.size());
  }
  const size_t first = std::max(width, corner.size());
  fmt::print("\nlogistic regression on {}, test examples\n{:<{}}", features, corner, first);
  for (const std::string& name : report.class_names) {
    fmt::print(" {:>{}}", name, width);
  }
  fmt::print("\n");
  const auto rows = confusion_rows(last_confusion(report, features));
  for (size_t row = 0; row < rows.size(); ++row) {
    fmt::print("{:<{}}", report.class_names[row], first);
    for (const int64_t count : rows[row]) {
      fmt::print(" {:>{}}", count, width);
    }
    fmt::print("\n");
  }
}

Json accuracies_json(const ProbeReport& report) {
  Json rows = Json::array();
  for (const ProbeOutcome& outcome : report.outcomes) {
    for (const ProbeClassifier& classifier : probe_classifiers(report.neighbours)) {
      rows.push_back(outcome_json(outcome, classifier));
    }
    rows.back()["stopped_early"] =
        outcome.result.stopped_early;  // of logistic regression, the last classifier
  }
  return rows;
}

Json confusion_json(const ProbeReport& report, const std::string& features) {
  return confusion_rows(last_confusion(report, features));
}

}  // namespace autoencoder
