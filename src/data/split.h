// Training, validation and test split of a data source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/options.h"
#include "data/dataset.h"

namespace autoencoder {

/// What decides which part an example belongs to.
enum class SplitBy {
  kAuto,    ///< time where examples are windows of series, else chance
  kRandom,  ///< chance, by seed
  kTime,    ///< its place: first what is learned from, then what validates, then the test
};

/// "auto", "random", "time".
Choices<SplitBy> split_ways();

/// How a source is divided. A source with a test split of its own keeps it whole, and test_fraction is not
/// used; likewise one with a validation split, and validation_fraction.
struct SplitRequest {
  double validation_fraction = 0.2;  ///< of the source's training examples; [0, 1)
  double test_fraction = 0.2;        ///< of them, likewise; the rest are learned from
  int64_t limit = 0;  ///< use only so many of the source's training examples, chosen by seed; 0: all
  uint64_t seed = 0;
  /// Learn from, and validate with, examples of these labels alone (by name, or by number where they have
  /// none); the test split keeps all. Empty: of all labels.
  std::vector<std::string> only_labels = {};
  /// By time no part shares a step with another: each series is divided by the fractions of its steps, and
  /// windows across a boundary are in no part.
  SplitBy by = SplitBy::kAuto;
};

/// Positions in DataSource::train, and in DataSource::test where the source has a test split. int64,
/// disjoint.
struct Split {
  torch::Tensor train;
  torch::Tensor validation;
  torch::Tensor test;
  int64_t source_examples = 0;       ///< size of DataSource::train
  int64_t source_test_examples = 0;  ///< size of DataSource::test
  std::string source_digest = "";    ///< digest_of the source; empty where nobody has computed it

  bool source_has_test() const { return source_test_examples > 0; }
};

/// The same request on the same source gives the same split. Throws Error where the fractions leave nothing
/// to learn from, on labels that are not there, and where a part that is asked for holds no whole window.
Split split_source(const DataSource& source, const SplitRequest& request);

/// Of every number of the source's examples, labels and responses, and of their order.
std::string digest_of(const DataSource& source);

/// Throws Error where the source is not the one that was split, example for example: what was held out then
/// would be learned from now.
void check_source(const DataSource& source, const Split& split);

std::vector<std::string> split_names();  ///< train, validation, test, all

/// A part of a source, by name: examples of `split`. "all" is everything, the source's own test split last.
/// Throws Error where that part is empty, and where the source is not as large as the one that was split.
/// Of the images a view, as Examples::chosen gives it.
Dataset select_split(const DataSource& source, const Split& split, const std::string& name);

}  // namespace autoencoder
