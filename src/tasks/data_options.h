// Which data training takes, and how it divides it.
#pragma once

#include <string>

#include "common/options.h"
#include "common/text.h"
#include "data/scaling.h"
#include "data/source.h"
#include "data/split.h"

namespace autoencoder {

/// Which data, and how training divides it.
struct TrainingDataOptions : Options {
  SourceOptions source;
  double validation_fraction = 0.2;
  double test_fraction = 0.2;
  int64_t limit = 0;
  std::string only_labels;
  ScalingKind scale = ScalingKind::kAuto;
  SplitBy split_by = SplitBy::kAuto;

  void visit(OptionVisitor& visitor) override;
  SplitRequest split_request(uint64_t seed) const {
    return {validation_fraction, test_fraction, limit, seed, split_words(only_labels), split_by};
  }
};

}  // namespace autoencoder
