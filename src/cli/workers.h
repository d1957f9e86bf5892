// Several processes of this program on this machine, for a training that they share.
#pragma once

#include <cstdint>

namespace autoencoder {

/// Starts this program `count` times with the words that it was called with, told of each other by the
/// environment that torchrun sets, and each with its share of the processors. Signals that ask to stop reach
/// all of them. Where one fails, the others are ended. Returns the exit status: of the first that failed, or
/// else that of the first process. Throws Error where they cannot be started.
int run_workers(int64_t count);

}  // namespace autoencoder
