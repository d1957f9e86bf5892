// What systemd's journal wants to know of a line.
#pragma once

#include <string_view>

namespace autoencoder {

/// What begins a line that tells of a failure: "<3>", the priority of an error, where standard error goes to
/// the journal (sd-daemon(3)); nothing elsewhere.
std::string_view error_priority();

}  // namespace autoencoder
