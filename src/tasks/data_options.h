// Where a command's data comes from: a name, a file of numbers, a folder of IDX files, a folder of pictures.
#pragma once

#include <string>

#include "common/options.h"
#include "common/text.h"
#include "data/dataset.h"
#include "data/scaling.h"
#include "data/split.h"

namespace autoencoder {

/// Which data.
struct SourceOptions : Options {
  std::string data = "mnist";
  std::string data_dir;
  int64_t image_size = 0;
  int64_t image_channels = 0;
  std::string label_column;
  std::string target;
  int64_t points = 0;
  double noise = -1;
  int64_t data_seed = 0;

  void visit(OptionVisitor& visitor) override;
};

/// Which data, and how training divides it.
struct TrainingDataOptions : Options {
  SourceOptions source;
  double validation_fraction = 0.2;
  double test_fraction = 0.2;
  int64_t limit = 0;
  std::string only_labels;
  ScalingKind scale = ScalingKind::kNone;

  void visit(OptionVisitor& visitor) override;
  SplitRequest split_request(uint64_t seed) const {
    return {validation_fraction, test_fraction, limit, seed, split_words(only_labels)};
  }
};

/// Opens the data. Throws Error where there is none, or where it is not as it should be.
DataSource open_source(const SourceOptions& options);

/// The same options with every path absolute and the folder filled in where a named data set was found: what
/// a run keeps, so that it finds its data from any folder.
SourceOptions located(const SourceOptions& options);

}  // namespace autoencoder
