#include "data/formats/column_encoder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_lines.h"
#include "data/formats/csv_times.h"

namespace autoencoder {

ColumnEncoder::ColumnEncoder(const TableColumn& column, const MissingWords& missing,
                             const NumberWriting& writing)
    : column_(&column), missing_(&missing), writing_(writing), width_(column.width()) {
  for (size_t i = 0; i < column.words.size(); ++i) {
    words_.emplace(column.kind == ColumnKind::kYesNo ? lower_case(column.words[i]) : column.words[i], i);
    if (const auto number = number_in(column.words[i])) {
      numbers_.emplace(*number, i);
    }
  }
}

void ColumnEncoder::encode(std::string_view cell, float* entries) {
  if (missing_->has(cell)) {
    std::fill_n(entries, width_, std::numeric_limits<float>::quiet_NaN());
    return;
  }
  switch (column_->kind) {
    case ColumnKind::kCategory:
      encode_word(cell, entries);
      break;
    case ColumnKind::kYesNo:
      encode_yes_no(cell, entries);
      break;
    case ColumnKind::kTime: {
      const auto seconds = time_in(cell, column_->time_format);
      if (!seconds) {
        throw Error(fmt::format("is '{}', but its times are written as {}; write it so, or leave it empty",
                                shown_cell(cell), time_text(column_->origin, column_->time_format)));
      }
      encode_time(*column_, *seconds, entries);
      break;
    }
    default:
      *entries = number_in_cell(cell);
  }
}

float ColumnEncoder::number_in_cell(std::string_view cell) const {
  auto number = number_in(cell);
  if (number && writing_.has_points_in_thousands && has_thousands(cell, ".")) {
    throw Error(fmt::format("is '{}', {}", shown_cell(cell), refused_marks(cell)));
  }
  if (!number) {
    const auto written = written_number_in(cell, writing_.may_have_comma);
    if (const std::string marks = written ? "" : refused_marks(cell); !marks.empty()) {
      throw Error(fmt::format("is '{}', {}", shown_cell(cell), marks));
    }
    if (!written) {
      throw Error(fmt::format("is '{}', no number; correct it, or leave it empty", shown_cell(cell)));
    }
    number = written->value;
  }
  if (!(std::abs(*number) <= std::numeric_limits<float>::max())) {
    throw Error(
        fmt::format("is '{}', which is no finite number of 32 bits; replace it, or count it as missing "
                    "with --missing {}",
                    shown_cell(cell), as_option(cell)));
  }
  return static_cast<float>(*number);
}

std::optional<size_t> ColumnEncoder::word_at(std::string_view cell) const {
  if (const auto found = words_.find(cell); found != words_.end()) {
    return found->second;
  }
  if (const auto found = words_.find(as_utf8(cell)); found != words_.end()) {
    return found->second;
  }
  const auto number = numbers_.empty() ? std::nullopt : number_in(cell);
  const auto found = number ? numbers_.find(*number) : numbers_.end();
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

void ColumnEncoder::encode_word(std::string_view cell, float* entries) {
  std::fill_n(entries, width_, 0.0F);
  const auto word = word_at(cell);
  if (!word) {
    note_unseen(cell);
  }
  entries[word ? static_cast<int64_t>(*word) : width_ - 1] = 1;
}

void ColumnEncoder::encode_yes_no(std::string_view cell, float* entries) {
  const auto word = word_at(lower_case(as_utf8(cell)));
  if (!word) {
    note_unseen(cell);
  }
  *entries = word ? static_cast<float>(*word) : std::numeric_limits<float>::quiet_NaN();
}

void ColumnEncoder::note_unseen(std::string_view cell) {
  constexpr size_t kShown = 5;
  ++unseen_;
  if (unseen_words_.size() <= kShown) {
    ++unseen_words_[shown_cell(cell)];
  }
}

std::optional<std::string> ColumnEncoder::note() const {
  if (unseen_ == 0) {
    return std::nullopt;
  }
  constexpr size_t kShown = 5;
  std::vector<std::string> words = keys_of(unseen_words_);
  const bool has_more = words.size() > kShown;
  words.resize(std::min(words.size(), kShown));
  return fmt::format("{}: {} with words that training has not seen ({}{}), read as {}",
                     shown_cell(column_->name), counted(unseen_, "cell"), join(words),
                     has_more ? ", ..." : "",
                     column_->kind == ColumnKind::kYesNo ? "missing" : "one word more");
}

}  // namespace autoencoder
