// A finished run, opened for use: its model, and the data that a task works on.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/corruption.h"
#include "data/dataset.h"
#include "models/double_precision.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "tasks/data_options.h"
#include "tasks/device.h"
#include "training/mixed_precision.h"

namespace autoencoder {

/// What every task asks that uses a run's model.
struct RunRequest : Options {
  std::string run;  ///< its folder
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override;
};

/// What every task asks that uses it on data.
struct RunDataRequest : RunRequest {
  SourceOptions source;
  std::string split;

  RunDataRequest() { source.data = ""; }
  void visit(OptionVisitor& visitor) override;
};

/// A run with its best model (the last one, where training was interrupted before the first epoch ended).
///
/// Once open it stays as it is: the model is in evaluation mode, and no task changes its weights, its mode or
/// its precision (copy_of gives a model of one's own). Tasks may therefore work on one run at the same time,
/// each in a thread of its own; only what they write must not have the same path.
struct OpenRun {
  RunDirectory directory;
  Json config;
  SavedModel saved;

  Autoencoder& model() const { return *saved.model; }

  /// `wanted`, or NAME in the run's folder where it is empty: where a command's result goes.
  std::filesystem::path output_path(const std::string& wanted, const std::string& name) const;

  /// `wanted`, or that of the run's training where it is empty.
  Corruption corruption(const std::string& wanted) const;
};

/// Throws Error where `path` is no run or was not trained yet.
OpenRun open_run_model(const std::string& path, const torch::Device& device);

/// The run that is asked for, on the device that is asked for.
OpenRun open_requested(const RunRequest& request);

/// Whether a task computes in float64: in float32 the last digit of what is made of an example goes by the
/// place that it has among those computed with it.
struct PrecisionOptions : Options {
  bool is_double = false;

  void visit(OptionVisitor& visitor) override;

  /// Where that is asked for the run has a model of its own from now on, on the CPU, which computes in
  /// float64 as long as what is returned lives; null elsewhere.
  std::unique_ptr<DoublePrecision> applied_to(OpenRun& run) const;
};

/// In which precision a task computes with a run's model.
struct InferencePrecision : Options {
  Precision precision = Precision::kFloat32;

  void visit(OptionVisitor& visitor) override;

  /// That, of the weights as they are.
  MixedPrecision of(const Autoencoder& model) const;

  /// What is to be said of it; "" where there is nothing.
  std::string note(const Autoencoder& model) const;
};

/// What the run learned from, and how it was read.
SourceOptions own_source(const OpenRun& run);

/// Throws Error where one of the positions, which the option of that name gave, is not below `available`;
/// `whole` has so many: "the split".
void check_positions(const std::string& option, const std::vector<int64_t>& positions, int64_t available,
                     const std::string& whole);

/// Examples of a part of a source, with words for them.
DescribedData named_part(const std::string& part, const std::string& source, const Dataset& examples);

/// A data source opened for a run, and how it is divided: as the run's own data was, or else as it comes.
class RunSource {
 public:
  /// The data that `options` name, or the run's own. Throws Error where the images do not have the model's
  /// shape.
  RunSource(const OpenRun& run, const SourceOptions& options);

  /// The data's options, with what the run says of how it is to be read.
  const SourceOptions& options() const { return options_; }

  /// What is to be told of the data.
  const std::vector<std::string>& notes() const { return source_.notes; }

  /// A part of it, by name; "" is the test split, or all of other data that has none.
  DescribedData select(const std::string& split) const;

  /// What training watched, and did not learn from: the validation split, or the training split where nothing
  /// was held out. Of other data the same as select("").
  DescribedData watched() const;

 private:
  SourceOptions options_;
  DataSource source_;
  Split split_;
  bool is_own_;
};

/// The data that is asked for, or the run's own. The split defaults to "test" of the run's data, and of other
/// data to its own test split or, where it has none, to all of it. Throws Error where the images do not have
/// the model's shape.
DescribedData open_run_data(const OpenRun& run, const RunDataRequest& request);

/// A run, and examples for it.
struct OpenRunData {
  OpenRun run;
  DescribedData data;
};

/// Both as they are asked for.
OpenRunData open_with_data(const RunDataRequest& request);

}  // namespace autoencoder
