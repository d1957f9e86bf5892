#include "http/message.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace autoencoder::http {
namespace {

bool are_same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// In a query a blank may be a plus.
std::string decoded_word(std::string_view text) {
  std::string word(text);
  std::ranges::replace(word, '+', ' ');
  return decoded(word);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& each) { return are_same_name(each.first, name); });
  return found == headers.end() ? std::string_view() : found->second;
}

std::string_view reason_of(int status) {
  static const std::map<int, std::string_view> kReasons = {{200, "OK"},
                                                           {204, "No Content"},
                                                           {304, "Not Modified"},
                                                           {400, "Bad Request"},
                                                           {401, "Unauthorized"},
                                                           {403, "Forbidden"},
                                                           {404, "Not Found"},
                                                           {405, "Method Not Allowed"},
                                                           {406, "Not Acceptable"},
                                                           {408, "Request Timeout"},
                                                           {410, "Gone"},
                                                           {413, "Content Too Large"},
                                                           {415, "Unsupported Media Type"},
                                                           {422, "Unprocessable Content"},
                                                           {429, "Too Many Requests"},
                                                           {431, "Request Header Fields Too Large"},
                                                           {500, "Internal Server Error"},
                                                           {501, "Not Implemented"},
                                                           {503, "Service Unavailable"},
                                                           {504, "Gateway Timeout"},
                                                           {505, "HTTP Version Not Supported"}};
  const auto found = kReasons.find(status);
  return found == kReasons.end() ? std::string_view() : found->second;
}

std::string decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result.push_back(text[i]);
      continue;
    }
    int byte = 0;
    const char* digits = text.data() + i + 1;
    const auto [stop, failure] =
        std::from_chars(digits, digits + std::min<size_t>(2, text.size() - i - 1), byte, 16);
    if (failure != std::errc{} || stop != digits + 2 || byte == 0) {
      throw std::invalid_argument("a % that two hexadecimal digits do not follow");
    }
    result.push_back(static_cast<char>(byte));
    i += 2;
  }
  return result;
}

void read_target(Request& request) {
  std::string_view rest = request.target;
  const size_t mark = rest.find('?');
  request.path = decoded(rest.substr(0, mark));
  rest.remove_prefix(mark == std::string_view::npos ? rest.size() : mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const size_t sign = pair.find('=');
    if (!pair.empty()) {
      request.query[decoded_word(pair.substr(0, sign))] =
          sign == std::string_view::npos ? "" : decoded_word(pair.substr(sign + 1));
    }
  }
}

}  // namespace autoencoder::http
