// What a training run works with, put together from its plan.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <torch/optim/optimizer.h>

#include "data/dataset.h"
#include "data/split.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "tasks/train_plan.h"
#include "training/trainer.h"

namespace autoencoder {

/// The parts of the data that training sees, on the device, and how the whole was divided.
struct TrainingData {
  std::string source_name;
  std::vector<std::string> notes;  ///< of the source
  Split split;
  bool has_holes = false;                   ///< where the source is of rows
  std::optional<SeriesScales> scales = {};  ///< of series, whose windows are standardised; else nothing
  Dataset train = {};
  Dataset validation = {};  ///< empty where nothing is held out
  std::shared_ptr<const TableSchema> schema =
      {};  ///< with figures of the training split; null where it is no table

  const Dataset& pictured() const { return validation.empty() ? train : validation; }
};

struct TrainingSession {
  TrainPlan plan;                      ///< suited to the data
  std::unique_ptr<Recorder> recorder;  ///< null where steps are launched operation by operation
  TrainingData data;
  SavedModel saved;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  TrainingState state;
  std::filesystem::path checkpoint;  ///< gone on from; empty where training begins
};

/// `resumed`: the run whose last checkpoint to go on from (of those that are whole, with a note on the
/// others); null where training begins. Throws Error where the data, the device or the model cannot be had as
/// planned, and where the data are not those that the run was trained on.
TrainingSession open_session(const TrainPlan& asked, const RunDirectory* resumed);

}  // namespace autoencoder
