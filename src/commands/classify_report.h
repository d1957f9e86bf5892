// What `autoencoder classify` says of its measurements, to people and to machines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/options.h"
#include "evaluation/probe.h"

namespace autoencoder {

/// What was measured on one kind of features with one number of labels.
struct ProbeOutcome {
  std::string features;
  int64_t dimensions = 0;
  int64_t labels = 0;
  ProbeResult result;
};

/// All of them, with the same kinds of features for each number of labels, and what they have in common.
struct ProbeReport {
  std::vector<ProbeOutcome> outcomes;
  int64_t neighbours = 0;
  std::vector<std::string> class_names;
};

/// A row for each classifier and a column for each kind of features, of one number of labels.
void print_accuracies(const ProbeReport& report);

/// The same for several numbers of labels: a table for each classifier, a row for each number.
void print_label_curves(const ProbeReport& report);

/// Where the figures might be better than they are.
void print_notes(const ProbeReport& report);

/// The last confusion matrix of the features: true classes down, predicted ones across.
void print_confusion(const ProbeReport& report, const std::string& features);

/// Accuracies are in [0, 1].
Json accuracies_json(const ProbeReport& report);
Json confusion_json(const ProbeReport& report, const std::string& features);

}  // namespace autoencoder
