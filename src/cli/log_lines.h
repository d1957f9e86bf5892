// What is printed of a task's log.
#pragma once

#include "common/log.h"

namespace autoencoder {

/// The lines as they are, at once.
void print_lines(std::string_view lines, const Json& facts);

/// A JSON object in a line of its own, at once: "time" (UTC, ISO 8601), "message", and the facts.
void print_as_json(std::string_view lines, const Json& facts);

}  // namespace autoencoder
