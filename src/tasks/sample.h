// New examples from codes drawn at random, as a picture, or as the rows of a table.
#pragma once

#include <filesystem>
#include <string>

#include "common/progress.h"
#include "evaluation/code_distribution.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct SampleRequest : RunRequest {
  int64_t count = 64;
  int64_t seed = 0;
  std::string prior = "auto";
  std::string class_name;
  NoiseShape noise;
  std::string out;
  std::string codes;
  SourceOptions source;

  SampleRequest() { source.data = ""; }
  void visit(OptionVisitor& visitor) override;
};

struct SampleResult {
  std::filesystem::path out;    ///< the picture, or the table
  std::filesystem::path codes;  ///< the codes; empty where they were not asked for
  int64_t count = 0;
  std::string origin;  ///< "codes from the prior"

  Json to_json() const;
};

/// Draws the codes and writes the picture of what they stand for, of a run of tables' rows those rows, with
/// its columns, as .csv; the same seed gives the same. Throws
/// UsageError on a prior that there is not, or that does not go with a class; Error as open_requested, where
/// the model has no prior, where there are too few training examples or none of that class, and where a file
/// cannot be written.
SampleResult draw_samples(const SampleRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
