#include "data/formats/csv.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/column_names.h"
#include "data/formats/csv_cells.h"
#include "data/formats/csv_lines.h"
#include "data/formats/label_column.h"

namespace autoencoder {
namespace {

class CsvReader {
 public:
  CsvReader(const std::filesystem::path& path, const CsvColumns& named) : lines_(path), named_(named) {}

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
    const std::vector<std::string> names =
        has_names ? std::vector<std::string>(cells.begin(), cells.end()) : std::vector<std::string>();
    const ColumnNames column_names(lines_.path(), columns_, names);
    label_ = column_names.find(named_.label, "the labels");
    target_ = column_names.find(named_.target, "the target");
    column_names.check_roles(label_, target_);
    for (size_t column = 0; column < columns_; ++column) {
      has_header_ = has_header_ || (is_text(cells[column]) && (column != label_ || is_named_label()));
    }
    if (has_header_) {
      header_.assign(cells.begin(), cells.end());
    } else {
      add_row();
    }
  }

  static bool is_text(std::string_view cell) { return !cell.empty() && !number_in(cell); }
  bool is_named_label() const { return label_ && !number_from<int64_t>(named_.label); }

  void add_row() {
    const auto& cells = lines_.cells();
    lines_.check_width(columns_);
    ++rows_;
    for (size_t column = 0; column < columns_; ++column) {
      if (cells[column].empty()) {
        throw failure(column, "is empty; fill it in, or remove its line");
      }
      if (column == label_) {
        labels_.add(cells[column], lines_.number());
      } else if (column == target_) {
        targets_.push_back(value_in(column));
      } else {
        values_.push_back(value_in(column));
      }
    }
  }

  float value_in(size_t column) const {
    const std::string_view cell = lines_.cells()[column];
    const auto number = number_in(cell);
    if (!number) {
      throw failure(column, fmt::format("is '{}', no number; {}", shown_cell(cell), remedy_for_text(cell)));
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
          fmt::format("{}: no column is left besides those of labels and target; add columns of numbers, or "
                      "leave --label-column or --target out",
                      lines_.path()));
    }
    labels_.check(lines_.path());
  }

  CsvTable result() {
    CsvTable table;
    table.values = as_tensor(std::move(values_)).view({rows_, -1});
    if (target_) {
      table.responses = as_tensor(std::move(targets_));
    }
    if (label_) {
      table.labels = labels_.to_tensor();
      table.label_names = labels_.is_whole() ? std::vector<std::string>() : labels_.names();
    }
    for (size_t column = 0; column < header_.size(); ++column) {
      if (column != label_ && column != target_) {
        table.column_names.push_back(header_[column]);
      }
    }
    return table;
  }

  // The tensor keeps the vector: a copy would need the memory twice.
  static torch::Tensor as_tensor(std::vector<float> values) {
    auto kept = std::make_shared<std::vector<float>>(std::move(values));
    return torch::from_blob(
        kept->data(), {static_cast<int64_t>(kept->size())}, [kept](void*) {}, torch::kFloat32);
  }

  CsvLines lines_;
  CsvColumns named_;
  size_t columns_ = 0;
  std::optional<size_t> label_;
  std::optional<size_t> target_;
  int64_t rows_ = 0;
  bool has_header_ = false;
  std::vector<std::string> header_;
  std::vector<float> values_;
  std::vector<float> targets_;
  LabelColumn labels_;
};

}  // namespace

CsvTable read_csv(const std::filesystem::path& path, const CsvColumns& columns) {
  return CsvReader(path, columns).read();
}

namespace {

std::string quoted_cell(const std::string& text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter == '"' ? "\"\"" : std::string(1, letter);
  }
  return quoted + '"';
}

}  // namespace

void CsvFile::add(const std::vector<std::string>& cells) {
  constexpr size_t kBufferBytes = 1 << 20;
  text_ += join(cells, ",") + '\n';
  if (text_.size() > kBufferBytes) {
    flush();
  }
}

void CsvFile::commit() {
  flush();
  file_.commit();
}

void CsvFile::flush() {
  file_.append(text_);
  text_.clear();
}

std::string csv_cell(const std::string& text) {
  const bool is_plain = text.find_first_of(",;|\t\"\r\n ") == std::string::npos;
  return is_plain ? text : quoted_cell(text);
}

std::string csv_cell(const std::string& text, char separator) {
  const bool has_edges = text.starts_with(' ') || text.ends_with(' ') || text.starts_with('#');
  const bool is_plain = !has_edges && text.find_first_of("\t\"\r\n") == std::string::npos &&
                        text.find(separator) == std::string::npos;
  return is_plain ? text : quoted_cell(text);
}

}  // namespace autoencoder
