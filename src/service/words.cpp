#include "service/words.h"

#include <cmath>

#include <fmt/format.h>

#include "common/text.h"
#include "service/json_body.h"
#include "service/problem.h"

namespace autoencoder::service {

Words::Words(const http::Request& request) {
  if (!request.body.empty()) {
    words_ = parse_body(request.body);
    if (!words_.is_object()) {
      throw Problem(422, "the body is no JSON object");
    }
  }
  for (const auto& [name, value] : request.query) {
    words_[name] = value;
  }
}

// JSON has one kind of number: 44.0 is whole.
template <typename Number>
static std::string written_as(const Json& word) {
  const bool is_whole = word.is_number_float() && word.get<double>() == std::trunc(word.get<double>());
  if (std::is_integral_v<Number> && is_whole) {
    return fmt::format("{:.0f}", word.get<double>());
  }
  return word.is_string() ? word.get<std::string>() : word.dump();
}

template <typename Number>
Number Words::between(const std::string& name, Number usual, Number least, Number most) const {
  const auto word = words_.find(name);
  if (word == words_.end()) {
    return usual;
  }
  const std::string written = written_as<Number>(*word);
  const auto number = number_from<Number>(written);
  if (!number || !(*number >= least && *number <= most)) {
    throw Problem(422,
                  fmt::format("{} is {}; it must be a {}number from {} to {}", name, written.substr(0, 40),
                              std::is_integral_v<Number> ? "whole " : "", least, most));
  }
  return *number;
}

int64_t Words::whole(const std::string& name, int64_t usual, int64_t least, int64_t most) const {
  return between(name, usual, least, most);
}

double Words::number(const std::string& name, double usual, double least, double most) const {
  return between(name, usual, least, most);
}

std::string Words::text(const std::string& name, const std::string& usual) const {
  const auto word = words_.find(name);
  return word != words_.end() && word->is_string() ? word->get<std::string>() : usual;
}

bool is_wanted(const http::Request& request, const std::string& name) {
  const auto word = request.query.find(name);
  return word != request.query.end() && word->second != "false" && word->second != "0";
}

}  // namespace autoencoder::service
