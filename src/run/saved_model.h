// Models on disk, with the options that they were made with.
#pragma once

#include <filesystem>
#include <memory>

#include "common/archive.h"
#include "common/options.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// A model, the options that it was made with, and what is known of the columns of a table that it learned
/// from (TableSchema; null elsewhere).
struct SavedModel {
  std::shared_ptr<Autoencoder> model;
  Json options;
  Json schema = {};
};

inline constexpr const char* kCheckpointKind = "checkpoint";

/// A checkpoint of the model alone: its options and input shape, its weights as "model.NAME".
Archive archive_of(const SavedModel& saved);

/// The model of a checkpoint, on `device`, in evaluation mode. Throws Error where the file is missing,
/// damaged or no checkpoint.
SavedModel load_model(const std::filesystem::path& checkpoint, const torch::Device& device);

/// The same model with weights of its own, on the CPU, in evaluation mode.
SavedModel copy_of(const SavedModel& saved);

/// Parameters and buffers by their names. They share the model's memory.
NamedTensors weights_of(const Autoencoder& model);

}  // namespace autoencoder
