#include "tasks/training_memory.h"

#include <fmt/format.h>

#include "common/text.h"
#include "models/summary.h"

namespace autoencoder {
namespace {

// A weight and its gradient, and what the optimizer keeps for each: two moments (adam, adamw), one (sgd's
// momentum, rmsprop's mean square), two means (adadelta).
int64_t numbers_a_weight(OptimizerKind optimizer) {
  const bool remembers_one = optimizer == OptimizerKind::kSgd || optimizer == OptimizerKind::kRmsprop;
  return remembers_one ? 3 : 4;
}

std::string size_text(int64_t bytes) { return bytes_text(static_cast<uint64_t>(bytes)); }

}  // namespace

TrainingMemory training_memory(Autoencoder& model, const TrainerOptions& options, int64_t data) {
  constexpr int64_t kBytes = sizeof(float);
  constexpr int64_t kValueAndGradient = 2;
  return {.weights = kBytes * parameter_count(model) * numbers_a_weight(options.optimizer.optimizer),
          .activations = kBytes * activation_count(model) * options.batch_size * kValueAndGradient,
          .data = data,
          .batch_size = options.batch_size};
}

std::string memory_text(const TrainingMemory& memory) {
  return fmt::format(
      "memory to train in batches of {}: about {}, beside the program's own (weights, gradients and "
      "optimizer {}, "
      "layers' outputs and their gradients {}{})",
      memory.batch_size, size_text(memory.total()), size_text(memory.weights), size_text(memory.activations),
      memory.data > 0 ? ", data " + size_text(memory.data) : "");
}

}  // namespace autoencoder
