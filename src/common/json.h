// JSON as files and machines get it, whatever bytes a path or a label is made of.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace autoencoder {

using Json = nlohmann::json;

/// The JSON as text, always valid UTF-8. JSON has no bytes, and a Linux path is bytes: one that is no part of
/// a UTF-8 character is written as a character of private use, U+EF80 + byte - 0x80, as those characters'
/// own bytes are; parse_json makes the bytes of them again.
std::string json_text(const Json& json, int indent = -1);

/// What is copied or printed takes the stack as deep as its lists and objects lie in one another. Files of
/// this program have three levels.
constexpr int kDeepestJson = 100;

/// The inverse of json_text, as Json or as nlohmann::ordered_json. Throws Error, which names `source`, where
/// it lies deeper than kDeepestJson, and Json::parse_error on text that is no JSON.
template <typename Value = Json>
Value parse_json(std::string_view text, const std::string& source);

}  // namespace autoencoder
