#include "data/row_layout.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr int64_t kMostEntries = 1'000'000;  // of a row
constexpr const char* kUsualHoles = "holes:0.2";

// The whole number after `mark` in a word, which is cut off before it; 1 where there is none.
int64_t take_factor(std::string& word, char mark) {
  const size_t at = word.find(mark);
  if (at == std::string::npos) {
    return 1;
  }
  const auto factor = number_from<int64_t>(word.substr(at + 1));
  if (!factor || *factor < 1 || *factor > kMostEntries) {
    throw Error(fmt::format("layout has '{}'; after {} comes a whole number from 1", word, mark));
  }
  word.resize(at);
  return *factor;
}

ColumnKind kind_of(const std::string& word) {
  if (const auto kind = find_choice(column_kinds(), word)) {
    return *kind;
  }
  const std::vector<std::string> kinds = keys_of(column_kinds());
  throw Error(fmt::format("layout has '{}', which is no kind of column; it has {}{}", word, join(kinds),
                          did_you_mean(word, kinds)));
}

}  // namespace

Choices<ColumnKind> column_kinds() {
  return {{"number", ColumnKind::kNumber},
          {"yes-no", ColumnKind::kYesNo},
          {"category", ColumnKind::kCategory},
          {"count", ColumnKind::kCount},
          {"time", ColumnKind::kTime}};
}

bool has_words(ColumnKind kind) { return kind == ColumnKind::kCategory || kind == ColumnKind::kYesNo; }

RowLayout::RowLayout(const std::string& text) {
  for (std::string word : split_words(text)) {
    const int64_t times = take_factor(word, '*');
    const int64_t width = take_factor(word, ':');
    const ColumnKind kind = kind_of(word);
    if (times * width > kMostEntries - this->width()) {
      throw Error(fmt::format("layout has more than {} numbers a row", with_thousands(kMostEntries)));
    }
    for (int64_t i = 0; i < times; ++i) {
      add(kind, width);
    }
  }
}

void RowLayout::add(ColumnKind kind, int64_t width) { spans_.push_back({kind, this->width(), width}); }

std::string RowLayout::text() const {
  std::vector<std::string> words;
  for (auto at = spans_.begin(); at != spans_.end();) {
    const auto next = std::find_if(at, spans_.end(), [&](const ColumnSpan& span) {
      return span.kind != at->kind || span.width != at->width;
    });
    std::string word = name_of(column_kinds(), at->kind);
    word += at->width > 1 ? fmt::format(":{}", at->width) : "";
    word += next - at > 1 ? fmt::format("*{}", next - at) : "";
    words.push_back(std::move(word));
    at = next;
  }
  return join(words, ",");
}

int64_t RowLayout::width() const { return empty() ? 0 : spans_.back().first + spans_.back().width; }

bool RowLayout::has_only_numbers() const {
  return std::ranges::all_of(spans_, [](const ColumnSpan& span) { return span.kind == ColumnKind::kNumber; });
}

std::vector<int64_t> RowLayout::column_of_entries() const {
  std::vector<int64_t> columns;
  for (size_t column = 0; column < spans_.size(); ++column) {
    columns.insert(columns.end(), static_cast<size_t>(spans_[column].width), static_cast<int64_t>(column));
  }
  return columns;
}

std::vector<int64_t> RowLayout::first_entries() const {
  std::vector<int64_t> entries;
  std::ranges::transform(spans_, std::back_inserter(entries), &ColumnSpan::first);
  return entries;
}

Json options_that_suit(const RowLayout& layout, Holes holes) {
  Json options = {
      {"scale", "auto"}, {"output-activation", "none"}, {"loss", "columns"}, {"layout", layout.text()}};
  if (holes == Holes::kSome) {
    options["mask-input"] = true;
    options["corruption"] = kUsualHoles;
  }
  return options;
}

}  // namespace autoencoder
