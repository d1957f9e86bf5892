// What runs kept in LibTorch's archives before there was src/common/archive.h. Such a file is a TorchScript
// module: opening it runs what its maker put into it, and nobody but `convert` does.
#pragma once

#include <filesystem>

#include "data/split.h"
#include "evaluation/detector.h"
#include "run/saved_model.h"
#include "training/trainer.h"

namespace autoencoder {

/// All of them throw Error where the file is missing or damaged.
SavedModel read_old_model(const std::filesystem::path& checkpoint);

/// As load_checkpoint.
void read_old_state(const std::filesystem::path& checkpoint, torch::optim::Optimizer& optimizer,
                    TrainingState& state);

Split read_old_split(const std::filesystem::path& path);

Detector read_old_detector(const std::filesystem::path& path);

}  // namespace autoencoder
