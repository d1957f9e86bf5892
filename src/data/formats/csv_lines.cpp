#include "data/formats/csv_lines.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "common/text.h"

namespace autoencoder {
namespace {

constexpr size_t kReadAtOnce = size_t{1} << 20;  // bytes that are read at once
constexpr size_t kLongestRow = size_t{1} << 26;  // one that is longer has a quote that nothing closes

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

// The first of tab, semicolon, comma and bar that the line has outside quotes.
char separator_of(std::string_view line) {
  bool quoted = false;
  std::string unquoted;
  for (const char letter : line) {
    quoted = quoted != (letter == '"');
    if (!quoted) {
      unquoted.push_back(letter);
    }
  }
  for (const char separator : {'\t', ';', ',', '|'}) {
    if (unquoted.find(separator) != std::string::npos) {
      return separator;
    }
  }
  return CsvLines::kBlanks;
}

bool has_open_quote(std::string_view line) { return std::ranges::count(line, '"') % 2 != 0; }

}  // namespace

CsvLines::CsvLines(const std::filesystem::path& path) : path_(path), text_(path) {
  fill();
  find_line_ending();
}

// Old spreadsheets end lines in CR alone.
void CsvLines::find_line_ending() {
  bool quoted = false;
  for (size_t at = 0; at < filled_; ++at) {
    quoted = quoted != (buffer_[at] == '"');
    if (!quoted && (buffer_[at] == '\r' || buffer_[at] == '\n')) {
      const bool is_followed = at + 1 < filled_ && buffer_[at + 1] == '\n';
      line_ending_ = buffer_[at] == '\r' && !is_followed ? '\r' : '\n';
      return;
    }
  }
}

bool CsvLines::next() {
  passed_over_.clear();
  int64_t first_empty = 0;
  while (take_line()) {
    if (is_empty()) {
      first_empty = first_empty > 0 || columns_ == 0 ? first_empty : number_;
    } else if ((separator_ != '\0' || take_separator()) && !is_comment()) {
      if (first_empty > 0) {
        throw Error(fmt::format("{}: line {} is empty, but more lines follow it; remove it", path_.string(),
                                first_empty));
      }
      cut();
      columns_ = columns_ > 0 ? columns_ : cells_.size();
      return true;
    }
    passed_over_ += line();
  }
  return false;
}

// One more line of the file, which starts a row.
bool CsvLines::take_line() {
  start_ = next_;
  if (start_ == filled_ && !fill()) {
    return false;
  }
  end_ = next_ = start_;
  extend_line();
  number_ = lines_;
  return true;
}

// Adds the next line to the present row; false where there is none.
bool CsvLines::extend_line() {
  if (next_ == filled_ && !fill()) {
    return false;
  }
  next_ = std::min(find_line_end(next_) + 1, filled_);
  ++lines_;
  trim();
  return true;
}

// Ends the present row before its blanks and line end.
void CsvLines::trim() {
  end_ = next_;
  while (end_ > start_ &&
         (buffer_[end_ - 1] == line_ending_ || buffer_[end_ - 1] == '\r' || is_padding(buffer_[end_ - 1]))) {
    --end_;
  }
}

// Where the line that starts at `from` ends: what is in the buffer moves when more is read.
size_t CsvLines::find_line_end(size_t from) {
  size_t seen = from - start_;
  for (;;) {
    const char* at = buffer_.data() + start_ + seen;
    const size_t left = filled_ - start_ - seen;
    if (const void* found = left > 0 ? std::memchr(at, line_ending_, left) : nullptr) {
      return static_cast<size_t>(static_cast<const char*>(found) - buffer_.data());
    }
    seen = filled_ - start_;
    if (!fill()) {
      return filled_;
    }
  }
}

// Moves the present row to the buffer's start and reads more behind it; false at the end of the file.
bool CsvLines::fill() {
  const size_t kept = filled_ - start_;
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(start_), kept, buffer_.begin());
  next_ -= std::min(next_, start_);
  end_ -= std::min(end_, start_);
  start_ = 0;
  if (buffer_.size() < kept + kReadAtOnce) {
    buffer_.resize(std::max(kept + kReadAtOnce, 2 * kept));
  }
  const uint64_t got = text_.read(buffer_.data() + kept, buffer_.size() - kept);
  filled_ = kept + got;
  return got > 0;
}

// From the first line that is neither empty nor a comment; false where the line does nothing but tell the
// separator, as spreadsheets write it: "sep=;".
bool CsvLines::take_separator() {
  if (row().starts_with('#')) {
    return true;
  }
  if (row().starts_with("sep=") && row().size() == 5) {
    separator_ = row().back();
    return false;
  }
  const int64_t line = lines_;
  const size_t length = next_ - start_;
  while (has_open_quote(row()) && row().size() < kLongestRow && extend_line()) {
  }
  if (has_open_quote(row())) {  // that was no line break in a quoted name
    next_ = start_ + length;
    lines_ = line;
    trim();
  }
  separator_ = separator_of(row());
  trim();
  return true;
}

bool CsvLines::is_empty() const {
  return row().find_first_not_of(separator_ == '\t' ? " " : " \t") == std::string_view::npos;
}

bool CsvLines::is_comment() {
  if (!row().starts_with('#')) {
    return false;
  }
  if (columns_ == 0) {
    return true;
  }
  cut_plain();
  return cells_.size() != columns_;
}

void CsvLines::cut() {
  const bool is_plain =
      separator_ != kBlanks && std::memchr(buffer_.data() + start_, '"', end_ - start_) == nullptr;
  if (is_plain) {
    cut_plain();
    return;
  }
  while (!cut_carefully()) {  // a quote goes on in the next line
    const size_t length = next_ - start_;
    bool may_close = false;
    while (!may_close && row().size() < kLongestRow && extend_line()) {
      may_close = row().substr(std::min(length, row().size())).find('"') != std::string_view::npos;
    }
    if (!may_close) {
      throw quote_failure("opens a quote that nothing closes; close it");
    }
  }
}

void CsvLines::cut_plain() {
  cells_.clear();
  const char* at = buffer_.data() + start_;
  const char* const end = buffer_.data() + end_;
  for (;;) {
    const void* found = at == end ? nullptr : std::memchr(at, separator_, static_cast<size_t>(end - at));
    const char* const stop = found == nullptr ? end : static_cast<const char*>(found);
    const char* last = stop;
    for (; at < last && is_padding(*at); ++at) {
    }
    for (; last > at && is_padding(last[-1]); --last) {
    }
    cells_.emplace_back(at, static_cast<size_t>(last - at));
    if (stop == end) {  // a separator at the very end leaves one more cell, an empty one
      return;
    }
    at = stop + 1;
  }
}

// Minds quotes, and blanks as separators; false where a quote is not closed.
bool CsvLines::cut_carefully() {
  cells_.clear();
  unquoted_.clear();
  for (size_t at = 0; at <= row().size(); ++at) {
    skip_padding(at);
    if (at == row().size() || row()[at] != '"') {
      cells_.push_back(take_cell(at));
      continue;
    }
    const auto cell = take_quoted(at);
    if (!cell) {
      return false;
    }
    cells_.push_back(*cell);
  }
  return true;
}

// The cell that starts at `at`, which then is where the separator behind it stands, or the line's end.
std::string_view CsvLines::take_cell(size_t& at) {
  const size_t start = at;
  while (at < row().size() && !is_separator(row()[at])) {
    ++at;
  }
  size_t end = at;
  while (end > start && is_padding(row()[end - 1])) {
    --end;
  }
  return row().substr(start, end - start);
}

std::optional<std::string_view> CsvLines::take_quoted(size_t& at) {
  const size_t start = ++at;
  while (at < row().size() && (row()[at] != '"' || row().substr(at, 2) == "\"\"")) {
    at += row()[at] == '"' ? 2 : 1;
  }
  if (at >= row().size()) {
    return std::nullopt;
  }
  const std::string_view inside = row().substr(start, at - start);
  ++at;
  if (separator_ != kBlanks) {
    skip_padding(at);
  }
  if (at < row().size() && !is_separator(row()[at])) {
    throw quote_failure("goes on after its closing quote; quote all of it, and write a quote within as \"\"");
  }
  return inside.find('"') == std::string_view::npos ? inside : unquoted(inside);
}

std::string_view CsvLines::unquoted(std::string_view quoted) {
  std::string& text = unquoted_.emplace_back();
  for (size_t at = 0; at < quoted.size(); ++at) {
    text.push_back(quoted[at]);
    at += quoted[at] == '"' ? 1 : 0;
  }
  return text;
}

Error CsvLines::quote_failure(const char* reason) const {
  return Error(fmt::format("{}: line {}, column {} {}", path_.string(), number_, cells_.size() + 1, reason));
}

void CsvLines::skip_padding(size_t& at) const {
  while (at < row().size() && is_padding(row()[at])) {
    ++at;
  }
}

bool CsvLines::is_separator(char letter) const {
  return separator_ == kBlanks ? is_blank(letter) : letter == separator_;
}

bool CsvLines::is_padding(char letter) const {
  const bool may_separate = separator_ == '\t' || separator_ == '\0';
  return letter == ' ' || (letter == '\t' && !may_separate);
}

void CsvLines::check_width(size_t columns) const {
  if (cells_.size() != columns) {
    throw Error(fmt::format("{}: line {} has {}, but the first line has {}; give all lines the same", path(),
                            number_, counted(std::ssize(cells_), "column"), columns));
  }
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
