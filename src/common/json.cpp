#include "common/json.h"

#include <iterator>
#include <utf8.h>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder {
namespace {

// U+EF80..U+EFFF, which the ConScript registry sets apart for bytes (MirBSD's OPTU encoding).
constexpr uint32_t kCharacterOfFirstByte = 0xEF80;
constexpr uint32_t kCharacterOfLastByte = 0xEFFF;
constexpr unsigned char kFirstByte = 0x80;

bool stands_for_byte(uint32_t character) {
  return character >= kCharacterOfFirstByte && character <= kCharacterOfLastByte;
}

template <typename Iterator>
void append_as_characters(Iterator begin, Iterator end, std::string& text) {
  for (; begin != end; ++begin) {
    const auto byte = static_cast<unsigned char>(*begin);
    utf8::append(kCharacterOfFirstByte + byte - kFirstByte, std::back_inserter(text));
  }
}

std::string text_of(const std::string& bytes) {
  std::string text;
  for (auto at = bytes.begin(); at != bytes.end();) {
    const auto valid_end = utf8::find_invalid(at, bytes.end());
    while (at != valid_end) {
      const auto begin = at;
      if (stands_for_byte(utf8::next(at, valid_end))) {
        append_as_characters(begin, at, text);
      } else {
        text.append(begin, at);
      }
    }
    if (at != bytes.end()) {
      append_as_characters(at, at + 1, text);
      ++at;
    }
  }
  return text;
}

std::string bytes_of(const std::string& text) {
  std::string bytes;
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = at;
    const uint32_t character = utf8::next(at, text.end());
    if (stands_for_byte(character)) {
      bytes.push_back(static_cast<char>(character - kCharacterOfFirstByte + kFirstByte));
    } else {
      bytes.append(begin, at);
    }
  }
  return bytes;
}

// The same JSON with every text and every key changed.
template <typename Value, typename Change>
Value with_texts(const Value& json, const Change& change) {
  if (json.is_string()) {
    return change(json.template get_ref<const std::string&>());
  }
  if (!json.is_structured()) {
    return json;
  }
  Value changed = json.is_array() ? Value::array() : Value::object();
  for (const auto& [key, value] : json.items()) {
    if (json.is_array()) {
      changed.push_back(with_texts(value, change));
    } else {
      changed[change(key)] = with_texts(value, change);
    }
  }
  return changed;
}

// Of text that is JSON. A parser's callback would tell as well, but makes it look through all earlier
// elements of a list for each object in it.
bool lies_too_deep(std::string_view text) {
  int depth = 0;
  bool is_in_string = false;
  for (size_t i = 0; i < text.size() && depth <= kDeepestJson; ++i) {
    const char character = text[i];
    if (is_in_string && character == '\\') {
      ++i;
    } else if (character == '"') {
      is_in_string = !is_in_string;
    } else if (!is_in_string && (character == '[' || character == '{')) {
      ++depth;
    } else if (!is_in_string && (character == ']' || character == '}')) {
      --depth;
    }
  }
  return depth > kDeepestJson;
}

}  // namespace

std::string json_text(const Json& json, int indent) { return with_texts(json, text_of).dump(indent); }

template <typename Value>
Value parse_json(std::string_view text, const std::string& source) {
  if (lies_too_deep(text)) {
    throw Error(fmt::format(
        "{}: lists and objects lie more than {} deep in one another; no file of this program is like that",
        source, kDeepestJson));
  }
  return with_texts(Value::parse(text), bytes_of);
}

template Json parse_json(std::string_view text, const std::string& source);
template nlohmann::ordered_json parse_json(std::string_view text, const std::string& source);

}  // namespace autoencoder
