#include "data/formats/column_names.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "data/formats/csv_cells.h"

namespace autoencoder {

std::optional<size_t> ColumnNames::find(const std::string& wanted, const std::string& role) const {
  if (wanted.empty()) {
    return std::nullopt;
  }
  if (const auto position = number_from<int64_t>(wanted)) {
    return counted(*position, role);
  }
  return find_listed(wanted, role);
}

size_t ColumnNames::find_listed(const std::string& wanted, const std::string& role) const {
  if (const auto named = with_name(wanted)) {
    return *named;
  }
  if (const auto position = number_from<int64_t>(wanted)) {
    return counted(*position, role);
  }
  throw unknown(wanted, role);
}

std::optional<size_t> ColumnNames::with_name(const std::string& name) const {
  for (size_t column = 0; column < width_; ++column) {
    if (this->name(column) == name) {
      return column;
    }
  }
  return std::nullopt;
}

std::string ColumnNames::name(size_t column) const {
  const bool has_name = column < names_.size() && !names_[column].empty();
  return has_name ? names_[column] : fmt::format("column {}", column);
}

void ColumnNames::check_roles(std::optional<size_t> label, std::optional<size_t> target) const {
  if (label && label == target) {
    throw Error(fmt::format("{}: column {} is named both as label and as target; leave one of them out",
                            path_, *label));
  }
}

std::vector<std::string> ColumnNames::all() const {
  std::vector<std::string> names;
  for (size_t column = 0; column < width_; ++column) {
    names.push_back(name(column));
  }
  return names;
}

size_t ColumnNames::counted(int64_t position, const std::string& role) const {
  const auto columns = static_cast<int64_t>(width_);
  if (position < -columns || position >= columns) {
    throw Error(
        fmt::format("{}: no column {} for {}; there are {}, counted from 0 to {}, or from -1 "
                    "(the last) to -{}",
                    path_, position, role, columns, columns - 1, columns));
  }
  return static_cast<size_t>(position < 0 ? position + columns : position);
}

Error ColumnNames::unknown(const std::string& wanted, const std::string& role) const {
  if (names_.empty()) {
    return Error(
        fmt::format("{}: no column '{}' for {}: its first line is no header; give the "
                    "column's position, 0 for the first or -1 for the last",
                    path_, wanted, role));
  }
  constexpr size_t kShown = 8;
  std::vector<std::string> shown;
  for (size_t column = 0; column < std::min(width_, kShown); ++column) {
    shown.push_back(shown_cell(names_[column]));
  }
  return Error(fmt::format("{}: no column '{}' for {}; its header has {}{}{}", path_, wanted, role,
                           join(shown), width_ > kShown ? ", ..." : "", did_you_mean(wanted, names_)));
}

}  // namespace autoencoder
