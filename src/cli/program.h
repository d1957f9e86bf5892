// The program: finds the command and runs it. The only place that catches.
#pragma once

#include <string>
#include <vector>

namespace autoencoder {

/// Runs the command that the words name, "train --epochs 5", and says what was wrong on standard error.
/// Returns the exit status: 0 done, 1 failed, 2 bad usage, 128 + N stopped by signal N.
int run_program(const std::vector<std::string>& words);

}  // namespace autoencoder
