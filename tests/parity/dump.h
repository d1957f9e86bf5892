// What the program computes, written for Python to compare with: one function for each test there.
#pragma once

#include <filesystem>

namespace autoencoder::testing {

/// Exports every registered model as TorchScript, NAME.pt and its halves NAME.encoder.pt and NAME.decoder.pt,
/// its weights as NAME.safetensors, and writes into NAME.tensors what the model itself computes.
void dump_exports(const std::filesystem::path& folder);

/// Writes what the models' losses and the optimizers compute, one NAME.tensors for each case.
void dump_gradients(const std::filesystem::path& folder);

/// Reads every NAME.npy of the folder and writes what it read as NAME.out.npy, in the nearest type that the
/// program writes.
void dump_npy(const std::filesystem::path& folder);

}  // namespace autoencoder::testing
