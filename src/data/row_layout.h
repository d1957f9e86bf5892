// What the numbers of an encoded row of a table stand for: columns of several kinds, side by side.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/json.h"
#include "common/options.h"

namespace autoencoder {

enum class ColumnKind {
  kNumber,
  kYesNo,     ///< 0 or 1
  kCategory,  ///< one of several words: an entry for each, 1 where it is that word and else 0, the last for
              ///< words that training has not seen
  kCount,     ///< 0, 1, 2 ...
  kTime,      ///< days since the column's origin, and then its parts (data/table_schema.h): all numbers
};

/// "number", "yes-no", "category", "count", "time".
Choices<ColumnKind> column_kinds();

/// Whether its cells are words: one of two, or of several.
bool has_words(ColumnKind kind);

/// Where a column lies in a row.
struct ColumnSpan {
  ColumnKind kind;
  int64_t first;  ///< of its entries
  int64_t width;  ///< how many it has: more than one for categories and times alone
};

/// The columns of an encoded row, in their order. A hole is NaN in every entry of its column.
class RowLayout {
 public:
  RowLayout() = default;  ///< no columns: the data is no table

  /// What text() gives. Throws Error, with the word that is none, on anything else.
  explicit RowLayout(const std::string& text);

  void add(ColumnKind kind, int64_t width = 1);

  /// Kinds with their widths and how often they follow each other: "number*8,category:4,yes-no".
  std::string text() const;

  bool empty() const { return spans_.empty(); }
  const std::vector<ColumnSpan>& spans() const& { return spans_; }
  std::vector<ColumnSpan> spans() && { return std::move(spans_); }
  int64_t width() const;  ///< of a row, in entries
  bool has_only_numbers() const;

  /// The column of each entry: width() numbers, rising from 0.
  std::vector<int64_t> column_of_entries() const;

  /// The first entry of each column: where it is NaN the column has a hole.
  std::vector<int64_t> first_entries() const;

 private:
  std::vector<ColumnSpan> spans_;
};

enum class Holes { kNone, kSome };

/// The options of training that suit such rows (DataSource::suited). Of rows with holes a model learns to
/// fill others: those that it hides itself, whose values it is told.
Json options_that_suit(const RowLayout& layout, Holes holes);

}  // namespace autoencoder
