// The command lines that do again what a run did.
#pragma once

#include <string>

#include "common/options.h"

namespace autoencoder {

/// A word as a shell takes it: in quotes where it needs them.
std::string shell_word(const std::string& word);

/// `autoencoder train` with every option of a run's config that is not as it is by default. Throws Error
/// where the config is no run's.
std::string train_command_line(const Json& config);

}  // namespace autoencoder
