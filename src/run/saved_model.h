// Models and splits on disk, in LibTorch's archive format.
#pragma once

#include <filesystem>
#include <memory>

#include <torch/serialize/archive.h>

#include "common/options.h"
#include "data/split.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// A model and the options that it was made with.
struct SavedModel {
  std::shared_ptr<Autoencoder> model;
  Json options;
};

/// Puts weights, options and input shape under "model" into a checkpoint.
void write_model(torch::serialize::OutputArchive& archive, const SavedModel& saved);

/// The model of a checkpoint, on `device`, in evaluation mode. Throws Error where the file is missing,
/// damaged or no checkpoint.
SavedModel load_model(const std::filesystem::path& checkpoint, const torch::Device& device);

/// Throws Error where the file is missing, damaged or no archive.
torch::serialize::InputArchive open_archive(const std::filesystem::path& path, const torch::Device& device);

/// Writes the archive whole or not at all.
void write_archive(torch::serialize::OutputArchive& archive, const std::filesystem::path& path);

void write_split(const std::filesystem::path& path, const Split& split);
Split read_split(const std::filesystem::path& path);

}  // namespace autoencoder
