// Checkpoints: weights, optimizer and training state in one file, enough to go on with the very next batch.
#pragma once

#include <filesystem>

#include "common/archive.h"
#include "run/saved_model.h"
#include "training/trainer.h"

namespace autoencoder {

/// What a checkpoint holds; its tensors are those of the model and the optimizer, no copies.
Archive checkpoint_of(const SavedModel& saved, const torch::optim::Optimizer& optimizer,
                      const TrainingState& state);

void save_checkpoint(const std::filesystem::path& path, const SavedModel& saved,
                     const torch::optim::Optimizer& optimizer, const TrainingState& state);

/// Puts optimizer and state back as they were saved; the model comes from load_model. `state.noise` must be a
/// generator on `device`. Throws Error where the file is missing, damaged, or of another optimizer.
void load_checkpoint(const std::filesystem::path& path, const torch::Device& device,
                     torch::optim::Optimizer& optimizer, TrainingState& state);

}  // namespace autoencoder
