// Which checkpoints of a run belong together: RUN/checkpoints/index.json names them. It is replaced in one
// step, so that a reader, or whoever resumes after a crash, never sees the last of one epoch and the best of
// another.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "run/run_directory.h"
#include "run/saved_model.h"

namespace autoencoder {

/// Names of files in RUN/checkpoints. One file may be both.
struct CheckpointIndex {
  std::string last;
  std::string best = "";                  ///< empty before the first epoch has ended
  std::vector<std::string> earlier = {};  ///< those kept besides, the newest first
};

/// "epoch-12.safetensors", or "epoch-12-step-40.safetensors" in the middle of the thirteenth epoch.
std::string checkpoint_name(int64_t epoch, int64_t batch);

/// Nothing where the run has saved none yet. Throws Error where the index is damaged.
std::optional<CheckpointIndex> read_checkpoint_index(const RunDirectory& run);

/// The checkpoints that it names must lie there. Those that it does not name are removed.
void write_checkpoint_index(const RunDirectory& run, const CheckpointIndex& index);

/// The checkpoint to go on from. Throws Error where there is none yet.
std::filesystem::path last_checkpoint(const RunDirectory& run);

/// That one and, should the disk have damaged it, what else can be gone on from, best first.
std::vector<std::filesystem::path> checkpoints_to_resume(const RunDirectory& run);

/// Makes `checkpoint`, of checkpoints_to_resume, the last: those that come before it there are damaged, and
/// named no longer.
void go_back_to(const RunDirectory& run, const std::filesystem::path& checkpoint);

/// That of the best epoch, or the last one before the first epoch has ended. Throws Error where there is
/// none yet.
std::filesystem::path best_checkpoint(const RunDirectory& run);

/// The model of best_checkpoint, also while a training under way replaces it. Throws Error where training has
/// saved nothing that it has learned yet.
SavedModel load_best_model(const RunDirectory& run, const torch::Device& device);

}  // namespace autoencoder
