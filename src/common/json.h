// JSON out of files, which anybody may have written.
#pragma once

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"

namespace autoencoder {

using Json = nlohmann::json;

/// What is copied or printed takes the stack as deep as its lists and objects lie in one another. Files of
/// this program have three levels.
constexpr int kDeepestJson = 100;

/// The value in `text`. `source` names it in the message of the Error where it lies deeper than kDeepestJson.
/// Throws Json::exception where it is no JSON. Value: Json, or its kin that keeps the order of names.
template <typename Value = Json>
Value parse_json(const std::string& text, const std::string& source) {
  return Value::parse(text, [&](int depth, typename Value::parse_event_t /*event*/, Value& /*value*/) {
    if (depth > kDeepestJson) {
      throw Error(
          fmt::format("{}: lists and objects lie more than {} deep in one another; no file of this "
                      "program is like that",
                      source, kDeepestJson));
    }
    return true;
  });
}

}  // namespace autoencoder
