// What a report shows of a model's work on examples: reconstructions, the map of the codes, errors by class.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "data/classes.h"
#include "data/corruption.h"
#include "data/dataset.h"
#include "models/autoencoder.h"
#include "report/report.h"

namespace autoencoder {

/// Some examples, and what a model makes of them. On the CPU.
struct MeasuredExamples {
  Dataset data;
  torch::Tensor positions;  ///< N, in the split
  std::string text;         ///< which examples these are, for people
  Classes classes;          ///< nothing where there are no labels
  Corruption corruption;    ///< with which the model saw them
  torch::Tensor codes;      ///< N x D
  torch::Tensor errors;     ///< N, mean error (evaluation/column_errors.h)
};

/// `most` examples at most, chosen at random but the same in every call; 0: all. The model must be in
/// evaluation mode; it sees them corrupted, and is held to the clean ones.
MeasuredExamples measure_examples(Autoencoder& model, const DescribedData& pool, const Corruption& corruption,
                                  int64_t most);

/// Some examples over their reconstructions, the worst and the best; points as points, windows of
/// series as lines, other vectors in tables.
report::Section reconstructions_section(Autoencoder& model, const MeasuredExamples& measured);

/// The codes as a map of at most a thousand dots that show their examples.
report::Section codes_section(Autoencoder& model, const MeasuredExamples& measured);

/// Mean error of each class; no blocks where there are no labels.
report::Section classes_section(const MeasuredExamples& measured);

}  // namespace autoencoder
