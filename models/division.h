// In what parts a batch may be computed.
#pragma once

#include <cstdint>

namespace autoencoder {

/// How the parts of a batch may be computed whose losses, by their weights, have the loss of the whole as
/// their mean. Each part draws from its own step.rng alone, and changes nothing of the model but by
/// change_model (models/whole_batch.h). In the order of what is allowed: of two, the lesser holds for both.
enum class Division : std::uint8_t {
  kNone,      ///< a batch is computed as a whole
  kInTurn,    ///< one part at a time, for they share memory; they may ask each other (models/whole_batch.h)
  kTogether,  ///< by several threads at the same time; they may ask each other
  kFree,      ///< by several threads at the same time or at any; they ask nothing
};

}  // namespace autoencoder
