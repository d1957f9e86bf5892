#include "data/formats/csv_header.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_lines.h"
#include "data/formats/csv_times.h"

namespace autoencoder {
namespace {

using Cells = std::vector<std::string>;

constexpr size_t kRowsSeen = 200;

class Head {
 public:
  Head(const std::filesystem::path& path, const MissingWords& missing) : lines_(path), missing_(missing) {
    while (rows_.size() <= kRowsSeen && lines_.next()) {
      Cells& row = rows_.emplace_back();
      for (const std::string_view cell : lines_.cells()) {
        row.push_back(as_utf8(cell));
      }
    }
    if (rows_.empty()) {
      throw Error(lines_.path() + ": empty; give a file with a row for each example");
    }
  }

  TableHead find(const std::vector<std::string>& wanted) {
    name_row_names();
    const bool has_names = is_header(wanted);
    const bool counts = !has_names && counts_columns();
    const bool is_known = std::ranges::count(wanted, "0") > 0;  // to a run that has learned from such a table
    TableHead head = has_names || (counts && (is_known || is_no_row())) ? with_header() : without_header();
    head.counts_columns = counts && !first()[0].empty();
    return head;
  }

 private:
  const Cells& first() const { return rows_.front(); }

  TableHead without_header() const {
    return described(ColumnNames(lines_.path(), first().size()), /*first_row=*/0);
  }

  TableHead with_header() const {
    if (rows_.size() == 1) {
      throw Error(fmt::format("{}: a header, but no rows below it; add some", lines_.path()));
    }
    check_names();
    return described(ColumnNames(lines_.path(), first().size(), first()), /*first_row=*/1);
  }

  TableHead described(ColumnNames names, size_t first_row) const {
    TableHead head = {.names = std::move(names), .separator = lines_.separator()};
    for (size_t column = 0; column < first().size(); ++column) {
      char mark = '\0';
      TimeFinder times;
      for (size_t row = first_row; row < rows_.size(); ++row) {
        const auto cell = column < rows_[row].size() ? std::string_view(rows_[row][column]) : "";
        mark = mark == '\0' ? decimal_mark_in(cell) : mark;
        if (!missing_.has_text(cell) && !times.has_failed()) {
          times.add(cell);
        }
      }
      const bool has_format = times.has_times() && !times.has_failed() && !times.is_ambiguous();
      head.decimal_marks.push_back(mark);
      head.time_formats.push_back(has_format ? times.exact_format() : "");
    }
    return head;
  }

  // R's write.table has names of rows, but no name for their column.
  void name_row_names() {
    const auto has_row_name = [&](const Cells& row) {
      return row.size() == first().size() + 1 && !row.front().empty();
    };
    const auto ends = [](const Cells& row) { return !row.back().empty(); };  // not in a mere separator
    const std::span<const Cells> below = std::span(rows_).subspan(1);
    if (!below.empty() && std::ranges::all_of(first(), [&](const auto& cell) { return is_text(cell); }) &&
        std::ranges::all_of(below, has_row_name) && std::ranges::any_of(below, ends)) {
      rows_.front().insert(rows_.front().begin(), "");
    }
  }

  bool is_text(const std::string& cell) const {
    return !missing_.has_text(cell) && !written_number_in(cell, /*may_have_comma=*/true);
  }
  bool is_number(const std::string& cell) const { return !missing_.has_text(cell) && !is_text(cell); }

  bool is_header(const std::vector<std::string>& wanted) const {
    const auto is_there = [&](const std::string& name) {
      return !number_in(name) && std::ranges::count(first(), name) > 0;
    };
    if (std::ranges::any_of(wanted, is_there)) {
      return true;
    }
    bool has_text = false;
    bool has_number = false;
    for (size_t column = 0; column < first().size(); ++column) {
      has_text = has_text || is_text(first()[column]);
      has_number = has_number || is_number(first()[column]);
      if (is_text(first()[column]) && has_only_numbers_below(column)) {
        return true;
      }
    }
    return has_text && !has_number && !comes_back();
  }

  // "0,1,2", or ",0,1,2" with an index, are pandas' names for columns without any; as a row such a line may
  // come again.
  bool counts_columns() const {
    const size_t start = first()[0].empty() ? 1 : 0;
    for (size_t column = start; column < first().size(); ++column) {
      if (first()[column] != std::to_string(column - start)) {
        return false;
      }
    }
    return first().size() >= 2 && std::ranges::count(rows_, first()) == 1 && rows_.size() > 1;
  }

  // Of a line that counts: whether what stands below is of another kind, or it is too long for chance.
  bool is_no_row() const {
    constexpr size_t kLong = 8;
    const auto is_not_whole = [&](const std::string& cell) {
      return !missing_.has_text(cell) && !whole_number_in(cell);
    };
    const auto has_others = [&](const Cells& row) { return std::ranges::any_of(row, is_not_whole); };
    return first()[0].empty() || first().size() >= kLong ||
           std::any_of(rows_.begin() + 1, rows_.end(), has_others);
  }

  bool has_only_numbers_below(size_t column) const {
    size_t numbers = 0;
    for (size_t row = 1; row < rows_.size(); ++row) {
      if (column < rows_[row].size() && is_text(rows_[row][column])) {
        return false;
      }
      numbers += column < rows_[row].size() && is_number(rows_[row][column]) ? 1 : 0;
    }
    return numbers > 0;
  }

  bool comes_back() const {
    for (size_t row = 1; row < rows_.size(); ++row) {
      if (first().size() > 1 && rows_[row] == first()) {
        continue;  // a header that is repeated, of which is told later
      }
      for (size_t column = 0; column < std::min(first().size(), rows_[row].size()); ++column) {
        if (is_text(first()[column]) && rows_[row][column] == first()[column]) {
          return true;
        }
      }
    }
    return false;
  }

  void check_names() const {
    std::map<std::string, size_t> columns;
    for (size_t column = 0; column < first().size(); ++column) {
      const std::string& name = first()[column];
      const auto [known, is_new] = columns.emplace(name, column);
      if (!is_new && !name.empty()) {
        throw Error(fmt::format("{}: its header has '{}' twice, in columns {} and {}; rename one of them",
                                lines_.path(), shown_cell(name), known->second + 1, column + 1));
      }
    }
  }

  CsvLines lines_;
  const MissingWords& missing_;
  std::vector<Cells> rows_;
};

}  // namespace

bool TableHead::has_decimals_behind(char mark) const { return std::ranges::count(decimal_marks, mark) > 0; }

TableHead read_head(const std::filesystem::path& path, const MissingWords& missing,
                    const std::vector<std::string>& wanted) {
  return Head(path, missing).find(wanted);
}

}  // namespace autoencoder
