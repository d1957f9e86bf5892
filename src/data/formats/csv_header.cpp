#include "data/formats/csv_header.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_lines.h"

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

  TableHead find(const std::vector<std::string>& wanted) const {
    if (!is_header(wanted)) {
      return {ColumnNames(lines_.path(), first().size()), lines_.separator()};
    }
    if (rows_.size() == 1) {
      throw Error(fmt::format("{}: a header, but no rows below it; add some", lines_.path()));
    }
    check_names();
    return {ColumnNames(lines_.path(), first().size(), first()), lines_.separator()};
  }

 private:
  const Cells& first() const { return rows_.front(); }

  bool is_text(const std::string& cell) const {
    return !missing_.has_text(cell) && !written_number_in(cell, lines_.separator() == ';');
  }
  bool is_number(const std::string& cell) const { return !missing_.has_text(cell) && !is_text(cell); }

  bool is_header(const std::vector<std::string>& wanted) const {
    const auto has = [&](const std::string& name) { return std::ranges::count(first(), name) > 0; };
    if (std::ranges::any_of(wanted, has)) {
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

TableHead read_head(const std::filesystem::path& path, const MissingWords& missing,
                    const std::vector<std::string>& wanted) {
  return Head(path, missing).find(wanted);
}

}  // namespace autoencoder
