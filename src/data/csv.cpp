#include "data/csv.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/text.h"
#include "data/csv_lines.h"
#include "data/label_column.h"

namespace autoencoder {
namespace {

class CsvReader {
 public:
  CsvReader(const std::filesystem::path& path, const std::string& label_column)
      : lines_(path), label_column_(label_column) {}

  CsvTable read() {
    if (!lines_.next()) {
      throw Error(lines_.path() + ": empty; give a file with a row of numbers for each example");
    }
    start(lines_.cells());
    while (lines_.next()) {
      add_row();
    }
    check_content();
    return result();
  }

 private:
  // The first line: names, or the first row.
  void start(const std::vector<std::string_view>& cells) {
    columns_ = cells.size();
    const bool has_names = std::any_of(cells.begin(), cells.end(), is_text);
    label_ = has_names ? find_label({cells.begin(), cells.end()}) : find_label({});
    first_line_ = lines_.number();
    for (size_t column = 0; column < columns_; ++column) {
      has_header_ = has_header_ || (is_text(cells[column]) && (column != label_ || is_named_label()));
    }
    if (has_header_) {
      header_.assign(cells.begin(), cells.end());
      ++first_line_;
    } else {
      add_row();
    }
  }

  static bool is_text(std::string_view cell) { return !cell.empty() && !number_in(cell); }
  bool is_named_label() const { return label_ && !label_position(); }

  std::optional<int64_t> label_position() const { return number_from<int64_t>(label_column_); }

  std::optional<size_t> find_label(const std::vector<std::string>& names) const {
    if (label_column_.empty()) {
      return std::nullopt;
    }
    if (const auto position = label_position()) {
      return counted_column(*position);
    }
    const auto found = std::find(names.begin(), names.end(), label_column_);
    if (found == names.end()) {
      throw unknown_label(names);
    }
    return found - names.begin();
  }

  size_t counted_column(int64_t position) const {
    const auto columns = static_cast<int64_t>(columns_);
    if (position < -columns || position >= columns) {
      throw Error(
          fmt::format("{}: no column {} for the labels; there are {}, counted from 0 to {}, or from -1 "
                      "(the last) to -{}",
                      lines_.path(), position, columns, columns - 1, columns));
    }
    return position < 0 ? position + columns : position;
  }

  Error unknown_label(const std::vector<std::string>& names) const {
    if (names.empty()) {
      return Error(
          fmt::format("{}: no column '{}' for the labels: its first line is no header; give the "
                      "column's position, 0 for the first or -1 for the last",
                      lines_.path(), label_column_));
    }
    constexpr size_t kShown = 8;
    const std::vector<std::string> shown(names.begin(), names.begin() + std::min(names.size(), kShown));
    return Error(fmt::format("{}: no column '{}' for the labels; its header has {}{}{}", lines_.path(),
                             label_column_, join(shown), names.size() > kShown ? ", ..." : "",
                             did_you_mean(label_column_, names)));
  }

  void add_row() {
    const auto& cells = lines_.cells();
    if (cells.size() != columns_) {
      throw Error(
          fmt::format("{}: line {} has {} columns, but the first line has {}; give all lines the same",
                      lines_.path(), lines_.number(), cells.size(), columns_));
    }
    ++rows_;
    for (size_t column = 0; column < columns_; ++column) {
      if (cells[column].empty()) {
        throw failure(column, "is empty; fill it in, or remove its line");
      }
      if (column == label_) {
        labels_.add(cells[column]);
      } else {
        values_.push_back(value_in(column));
      }
    }
  }

  float value_in(size_t column) const {
    const std::string_view cell = lines_.cells()[column];
    const auto number = number_in(cell);
    if (!number) {
      throw failure(column, fmt::format("is '{}', no number; {}", cell, remedy_for_text(cell)));
    }
    if (!(std::abs(*number) <= std::numeric_limits<float>::max())) {
      throw failure(column,
                    fmt::format("is '{}', which is no finite number of 32 bits; replace it, or remove "
                                "its line",
                                cell));
    }
    return static_cast<float>(*number);
  }

  const char* remedy_for_text(std::string_view cell) const {
    if (lines_.separator() != ',' && cell.find(',') != std::string_view::npos) {
      return "write decimals with a point";
    }
    return label_ ? "remove the column, or put numbers into it"
                  : "if these are labels, name the column with --label-column";
  }

  Error failure(size_t column, const std::string& reason) const {
    const std::string name = has_header_ ? fmt::format(" ({})", header_.at(column)) : "";
    return Error(
        fmt::format("{}: line {}, column {}{} {}", lines_.path(), lines_.number(), column + 1, name, reason));
  }

  void check_content() const {
    if (rows_ == 0) {
      throw Error(fmt::format("{}: a header, but no rows below it; add some", lines_.path()));
    }
    if (values_.empty()) {
      throw Error(
          fmt::format("{}: its only column is that of the labels; add columns of numbers, or leave "
                      "--label-column out",
                      lines_.path()));
    }
    check_labels();
  }

  void check_labels() const {
    const auto& labels = labels_.appearances();
    const auto texts = std::count_if(labels.begin(), labels.end(),
                                     std::not_fn(std::mem_fn(&LabelColumn::Appearance::is_number)));
    if (texts == 1 && labels.size() > 1 && !labels[0].is_number() && labels[0].count == 1) {
      throw Error(
          fmt::format("{0}: line {1}: its label is '{2}', but all others are numbers; if that line is a "
                      "header, use --label-column {2}",
                      lines_.path(), first_line_, labels[0].label));
    }
    const auto fraction = std::find_if_not(labels.begin(), labels.end(),
                                           std::mem_fn(&LabelColumn::Appearance::is_whole_number));
    if (texts == 0 && fraction != labels.end()) {
      throw Error(fmt::format("{}: line {}: its label is {}; labels are whole numbers or names",
                              lines_.path(), first_line_ + fraction->row, fraction->label));
    }
  }

  CsvTable result() {
    CsvTable table;
    // The tensor keeps the vector: a copy would need the memory twice.
    auto kept = std::make_shared<std::vector<float>>(std::move(values_));
    table.values = torch::from_blob(
        kept->data(), {rows_, static_cast<int64_t>(kept->size()) / rows_}, [kept](void*) {}, torch::kFloat32);
    if (label_) {
      table.labels = labels_.to_tensor();
      table.label_names = labels_.is_whole() ? std::vector<std::string>() : labels_.names();
    }
    for (size_t column = 0; column < header_.size(); ++column) {
      if (column != label_) {
        table.column_names.push_back(header_[column]);
      }
    }
    return table;
  }

  CsvLines lines_;
  std::string label_column_;
  size_t columns_ = 0;
  std::optional<size_t> label_;
  int64_t first_line_ = 0;  // of the rows
  int64_t rows_ = 0;
  bool has_header_ = false;
  std::vector<std::string> header_;
  std::vector<float> values_;
  LabelColumn labels_;
};

}  // namespace

CsvTable read_csv(const std::filesystem::path& path, const std::string& label_column) {
  return CsvReader(path, label_column).read();
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",;\t\"\n ") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  return quoted + '"';
}

}  // namespace autoencoder
