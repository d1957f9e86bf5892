// The JSON that requests send: a list of examples, or an object with one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

#include "common/json.h"

namespace autoencoder::service {

/// A list as it was sent: of numbers in lists of any depth, or of texts.
struct JsonBody {
  std::vector<float> numbers;      ///< all of them, in their order
  std::vector<int64_t> counts;     ///< how many each element of the list has
  std::vector<std::string> texts;  ///< elements that are texts
  bool has_bare_numbers = false;   ///< whether an element is a number itself
};

/// What null is among numbers.
enum class Null { kMistake, kHole };

/// The list called `name` of an object, or the list that the body is; a hole in it is NaN. Nothing is kept
/// but its numbers: a body takes about as much memory as it has bytes. Throws Problem, 400 on what is no
/// JSON, 422 on what has no such list, or other things beside or in it.
JsonBody read_json_body(std::string_view body, const std::string& name, Null null = Null::kMistake);

/// A small body as it is. Throws Problem (400) on what is no JSON.
Json parse_body(std::string_view body);

/// Numbers (any shape, any type, on the CPU) as nested lists, each with as few digits as tell it from its
/// neighbours; null for what is not finite.
void append_numbers(std::string& text, const torch::Tensor& numbers);

}  // namespace autoencoder::service
