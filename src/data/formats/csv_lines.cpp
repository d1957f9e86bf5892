#include "data/formats/csv_lines.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "common/files.h"
#include "common/text.h"

namespace autoencoder {
namespace {

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

// The first of tab, semicolon and comma that the line has outside quotes.
char separator_of(const std::string& line) {
  bool quoted = false;
  std::string unquoted;
  for (const char letter : line) {
    quoted = quoted != (letter == '"');
    if (!quoted) {
      unquoted.push_back(letter);
    }
  }
  for (const char separator : {'\t', ';', ','}) {
    if (unquoted.find(separator) != std::string::npos) {
      return separator;
    }
  }
  return CsvLines::kBlanks;
}

}  // namespace

CsvLines::CsvLines(const std::filesystem::path& path) : path_(path), file_(open_file(path)) {}

bool CsvLines::next() {
  int64_t first_empty = 0;
  while (read_line()) {
    if (line_.find_first_not_of(" \t") != std::string::npos) {
      if (first_empty > 0) {
        throw Error(fmt::format("{}: line {} is empty, but more lines follow it; remove it", path_.string(),
                                first_empty));
      }
      cut();
      return true;
    }
    first_empty = first_empty > 0 ? first_empty : number_;
  }
  return false;
}

bool CsvLines::read_line() {
  if (!std::getline(file_, line_)) {
    return false;
  }
  if (++number_ == 1) {
    if (line_.starts_with("\xEF\xBB\xBF")) {  // spreadsheets mark UTF-8 so
      line_.erase(0, 3);
    }
    separator_ = separator_of(line_);
  }
  while (!line_.empty() && (line_.back() == '\r' || is_padding(line_.back()))) {
    line_.pop_back();
  }
  return true;
}

void CsvLines::cut() {
  cells_.clear();
  // A separator at the very end leaves one more cell, an empty one.
  for (size_t at = 0; at <= line_.size(); ++at) {
    cells_.push_back(take_cell(at));
  }
}

// The cell that starts at `at`, which then is where the separator behind it stands, or the line's end.
std::string_view CsvLines::take_cell(size_t& at) {
  skip_padding(at);
  if (at < line_.size() && line_[at] == '"') {
    return take_quoted(at);
  }
  const size_t start = at;
  while (at < line_.size() && !is_separator(line_[at])) {
    ++at;
  }
  size_t end = at;
  while (end > start && is_padding(line_[end - 1])) {
    --end;
  }
  return std::string_view(line_).substr(start, end - start);
}

// Moves what was quoted together in place: without quotes it is no longer than with them.
std::string_view CsvLines::take_quoted(size_t& at) {
  const size_t start = at++;
  size_t end = start;
  while (at < line_.size() && (line_[at] != '"' || line_.compare(at, 2, "\"\"") == 0)) {
    at += line_[at] == '"' ? 1 : 0;
    line_[end++] = line_[at++];
  }
  if (at == line_.size()) {
    throw quote_failure("opens a quote that its line does not close; close it");
  }
  ++at;
  if (separator_ != kBlanks) {
    skip_padding(at);
  }
  if (at < line_.size() && !is_separator(line_[at])) {
    throw quote_failure("goes on after its closing quote; quote all of it, and write a quote within as \"\"");
  }
  return std::string_view(line_).substr(start, end - start);
}

Error CsvLines::quote_failure(const char* reason) const {
  return Error(fmt::format("{}: line {}, column {} {}", path_.string(), number_, cells_.size() + 1, reason));
}

void CsvLines::skip_padding(size_t& at) const {
  while (at < line_.size() && is_padding(line_[at])) {
    ++at;
  }
}

bool CsvLines::is_separator(char letter) const {
  return separator_ == kBlanks ? is_blank(letter) : letter == separator_;
}

bool CsvLines::is_padding(char letter) const {
  return is_blank(letter) && (letter != '\t' || separator_ != '\t');
}

std::optional<double> number_in(std::string_view cell) {
  if (cell.starts_with('+')) {
    cell.remove_prefix(1);
  }
  double number = 0;
  const auto [stop, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (failure == std::errc::invalid_argument || stop != cell.data() + cell.size()) {
    return std::nullopt;
  }
  return failure == std::errc{} ? number : std::numeric_limits<double>::infinity();
}

std::optional<int64_t> whole_number_in(std::string_view cell) {
  if (const auto whole = number_from<int64_t>(cell)) {
    return whole;
  }
  constexpr double kLargestExact = 9007199254740992;  // 2^53: all whole numbers up to it are doubles
  const auto number = number_in(cell);
  const bool is_whole = number && std::abs(*number) <= kLargestExact && *number == std::floor(*number);
  return is_whole ? std::optional(static_cast<int64_t>(*number)) : std::nullopt;
}

}  // namespace autoencoder
