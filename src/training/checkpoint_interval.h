// When a training keeps a checkpoint.
#pragma once

#include <cstdint>
#include <string>

namespace autoencoder {

/// After so many epochs, after so many steps, and after so many minutes without one, whichever comes first;
/// 0: not by that.
struct CheckpointInterval {
  int64_t epochs = 0;
  int64_t steps = 0;
  double minutes = 0;
};

/// From text such as "epochs:1,minutes:10". Throws Error on any other.
CheckpointInterval checkpoint_interval(const std::string& text);

}  // namespace autoencoder
