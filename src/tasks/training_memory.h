// The memory that training a model will take, before it is trained.
#pragma once

#include <cstdint>
#include <string>

#include "models/autoencoder.h"
#include "training/trainer.h"

namespace autoencoder {

/// In bytes, estimated.
struct TrainingMemory {
  int64_t weights = 0;      ///< with their gradients, and what the optimizer remembers of each
  int64_t activations = 0;  ///< what the layers put out for a batch, and the gradients of that
  int64_t data = 0;         ///< examples that stay in memory
  int64_t batch_size = 0;

  int64_t total() const { return weights + activations + data; }
};

/// `data`: bytes of the examples that stay in memory.
TrainingMemory training_memory(Autoencoder& model, const TrainerOptions& options, int64_t data);

/// One line, with what it is made of.
std::string memory_text(const TrainingMemory& memory);

}  // namespace autoencoder
