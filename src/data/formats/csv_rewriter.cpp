#include "data/formats/csv_rewriter.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "common/files.h"
#include "common/text.h"
#include "data/formats/csv.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// A column's position in the table and in the schema.
using Place = std::pair<size_t, int64_t>;

std::vector<Place> places_in_order(const TablePlan& plan) {
  std::vector<Place> places;
  for (size_t i = 0; i < plan.positions.size(); ++i) {
    places.emplace_back(plan.positions[i], static_cast<int64_t>(i));
  }
  std::ranges::sort(places);
  return places;
}

// Where a cell stands in its line, with its quotes. Missing cells have no doubled ones, so they are part of
// it.
std::pair<size_t, size_t> span_in_line(std::string_view cell, std::string_view line) {
  auto start = static_cast<size_t>(cell.data() - line.data());
  size_t end = start + cell.size();
  const bool is_quoted = start > 0 && line[start - 1] == '"' && end < line.size() && line[end] == '"';
  return is_quoted ? std::pair(start - 1, end + 1) : std::pair(start, end);
}

class Rewriter {
 public:
  Rewriter(const fs::path& from, const TableReading& reading)
      : plan_(plan_table(from, reading)),
        places_(places_in_order(plan_)),
        missing_(reading.missing),
        lines_(from) {}

  void write(NewFile& file, const FilledCell& filled) {
    if (plan_.has_header && lines_.next()) {
      text_ = lines_.passed_over();
      text_ += lines_.line();
    }
    for (int64_t row = 0; lines_.next(); ++row) {
      text_ += lines_.passed_over();
      add_row(row, filled);
      if (text_.size() > kAtOnce) {
        file.append(text_);
        text_.clear();
      }
    }
    file.append(text_ + lines_.passed_over());
  }

 private:
  static constexpr size_t kAtOnce = size_t{1} << 20;  // bytes

  void add_row(int64_t row, const FilledCell& filled) {
    const std::string_view line = lines_.line();
    size_t copied = 0;
    for (const auto& [position, column] : places_) {
      const std::string_view cell = lines_.cells()[position];
      if (missing_.has(cell)) {
        const auto [start, end] = span_in_line(cell, line);
        text_ += line.substr(copied, start - copied);
        text_ += csv_cell(filled(row, column), lines_.separator());
        copied = end;
      }
    }
    text_ += line.substr(copied);
  }

  TablePlan plan_;
  std::vector<Place> places_;
  MissingWords missing_;
  CsvLines lines_;
  std::string text_;  // that is yet to be written
};

std::string line_of(std::vector<std::string> cells, char separator) {
  for (std::string& cell : cells) {
    cell = csv_cell(cell, separator);
  }
  return join(cells, std::string(1, separator)) + "\n";
}

}  // namespace

void rewrite_holes(const fs::path& from, const fs::path& to, const TableReading& reading,
                   const FilledCell& filled) {
  Rewriter rewriter(from, reading);
  NewFile file(to);
  rewriter.write(file, filled);
  file.commit();
}

std::string rows_as_csv(const TableSchema& schema, const torch::Tensor& values) {
  const bool has_commas = std::ranges::any_of(schema.columns, &TableColumn::has_comma);
  const char separator = has_commas ? ';' : ',';
  std::vector<std::string> names;
  std::ranges::transform(schema.columns, std::back_inserter(names), &TableColumn::name);
  std::string text = line_of(std::move(names), separator);
  const torch::Tensor rows = values.cpu().contiguous();
  const float* entries = rows.const_data_ptr<float>();
  for (int64_t row = 0; row < rows.size(0); ++row, entries += rows.size(1)) {
    text += line_of(cells_of(schema, entries), separator);
  }
  return text;
}

}  // namespace autoencoder
