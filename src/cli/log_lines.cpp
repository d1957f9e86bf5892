#include "cli/log_lines.h"

#include <chrono>
#include <cstdio>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace autoencoder {
namespace {

std::string present_time_to_milliseconds() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                     milliseconds);
}

}  // namespace

void print_lines(std::string_view lines, const Json& /*facts*/) {
  fmt::print("{}\n", lines);
  std::fflush(stdout);
}

void print_as_json(std::string_view lines, const Json& facts) {
  Json line = facts;
  line["time"] = present_time_to_milliseconds();
  line["message"] = lines;
  fmt::print("{}\n", json_text(line));
  std::fflush(stdout);
}

}  // namespace autoencoder
