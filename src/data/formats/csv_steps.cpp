#include "data/formats/csv_steps.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_cells.h"
#include "data/formats/csv_header.h"
#include "data/formats/csv_source.h"
#include "data/formats/csv_times.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// --- which series rows belong to ---

// Numbers each word in the order in which they come, and then by their sorted order.
class SeriesNames {
 public:
  void add(std::string_view cell) {
    auto found = places_.find(cell);
    if (found == places_.end()) {
      bool is_new = false;
      std::tie(found, is_new) = places_.emplace(as_utf8(cell), names_.size());
      if (is_new) {
        names_.push_back(found->first);
      }
    }
    rows_.push_back(static_cast<int64_t>(found->second));
  }

  void put_into(RowMarks& marks) const {
    std::vector<int64_t> numbers;
    if (are_numbers()) {
      sort<double>(number_of, marks, numbers);
    } else {
      sort<std::string>(itself, marks, numbers);
    }
    marks.series = torch::tensor(numbers).index_select(0, torch::tensor(rows_));
  }

 private:
  static double number_of(const std::string& name) { return number_in(name).value_or(std::nan("")); }
  static std::string itself(const std::string& name) { return name; }

  bool are_numbers() const {
    return std::ranges::all_of(names_,
                               [](const std::string& name) { return std::isfinite(number_of(name)); });
  }

  // numbers: the place among the sorted ones, of each word.
  template <typename Key>
  void sort(Key (*key)(const std::string&), RowMarks& marks, std::vector<int64_t>& numbers) const {
    std::map<Key, int64_t> sorted;
    for (const std::string& name : names_) {
      sorted[key(name)] = 0;
    }
    for (auto& [name, place] : sorted) {
      place = std::ssize(marks.series_names);
      marks.series_names.push_back(fmt::format("{}", name));
    }
    for (const std::string& name : names_) {
      numbers.push_back(sorted.at(key(name)));
    }
  }

  std::map<std::string, size_t, std::less<>> places_;
  std::vector<std::string> names_;
  std::vector<int64_t> rows_;
};

// --- the columns ---

bool has_name(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> names_in(const TableSchema& schema) {
  std::vector<std::string> names;
  std::ranges::transform(schema.columns, std::back_inserter(names), &TableColumn::name);
  return names;
}

std::vector<std::string> wanted_names(const TableReading& reading, const std::string& series_column) {
  std::vector<std::string> wanted = reading.schema ? names_in(*reading.schema) : std::vector<std::string>();
  if (!series_column.empty() && !number_from<int64_t>(series_column)) {
    wanted.push_back(series_column);
  }
  return wanted;
}

const TableColumn* time_column(const TableSchema& schema) {
  const auto found = std::ranges::find(schema.columns, ColumnKind::kTime, &TableColumn::kind);
  return found == schema.columns.end() ? nullptr : &*found;
}

// What a run's schema asks of a table of steps, which may lack times.
std::shared_ptr<const TableSchema> schema_for_steps(TableSchema schema, const ColumnNames& names,
                                                    const std::string& series_column) {
  if (names.has_header()) {
    std::erase_if(schema.columns, [&](const TableColumn& column) {
      return column.kind == ColumnKind::kTime && !names.with_name(column.name);
    });
    schema.table_columns.push_back(series_column);  // it is none that is passed over
  }
  return std::make_shared<const TableSchema>(std::move(schema));
}

// --- notes ---

// How a column of numbers may have been meant.
std::optional<std::string> stamps_note(const std::string& name, const torch::Tensor& numbers) {
  const auto format = epoch_format(numbers.min().item<double>(), numbers.max().item<double>());
  const bool rises = (numbers.slice(0, 1) >= numbers.slice(0, 0, -1)).all().item<bool>();
  return format && rises
             ? std::optional(fmt::format("{0}: rises as time stamps do, but is learned from as a number; "
                                         "--column-type {1}=time takes it for the time",
                                         shown_cell(name), as_option(name)))
             : std::nullopt;
}

std::optional<std::string> note_on(const TableColumn& column, const torch::Tensor& numbers) {
  if (column.kind == ColumnKind::kCategory) {
    return fmt::format(
        "{}: {} words ({} ...), each of which is a column of the series; --drop {} leaves it out",
        shown_cell(column.name), column.words.size(), shown_cell(column.words.front()),
        as_option(column.name));
  }
  return column.kind == ColumnKind::kNumber ? stamps_note(column.name, numbers) : std::nullopt;
}

// Of a table that is read by no schema: what its columns were taken for, where that may surprise.
void add_notes(DataSource& source) {
  const torch::Tensor rows = source.train.images.all().flatten(1);
  int64_t entry = 0;
  for (const TableColumn& column : source.train.schema->columns) {
    if (auto note = note_on(column, rows.select(1, entry))) {
      source.notes.push_back(std::move(*note));
    }
    entry += column.width();
  }
}

// --- reading ---

// Reads a table and its marks.
class StepReader {
 public:
  StepReader(const fs::path& path, TableReading reading, std::string series_column)
      : path_(path),
        reading_(std::move(reading)),
        series_column_(std::move(series_column)),
        missing_(reading_.missing),
        names_(read_head(path, missing_, wanted_names(reading_, series_column_)).names),
        series_(series_column_.empty() ? std::nullopt : names_.with_name(series_column_)) {}

  DataSource read() {
    const bool is_known = reading_.schema != nullptr;
    const bool lacks_series =
        is_known && !series_ && has_name(reading_.schema->table_columns, series_column_);
    if (is_known) {
      reading_.schema = schema_for_steps(*reading_.schema, names_, series_column_);
    } else if (series_) {
      reading_.drop.push_back(series_column_);
    }
    DataSource source = read_csv_source(path_, reading_);
    RowMarks marks = marks_of(*source.train.schema);
    if (lacks_series) {
      source.notes.push_back(
          fmt::format("no column {}, so that all rows are steps of one series", shown_cell(series_column_)));
      marks.series = torch::zeros({source.train.size()}, torch::kInt64);
      marks.series_names = {source.name};
    }
    if (!is_known) {
      add_notes(source);
    }
    source.train.marks = std::make_shared<const RowMarks>(std::move(marks));
    return source;
  }

 private:
  RowMarks marks_of(const TableSchema& schema) const {
    const TableColumn* time = time_column(schema);
    RowMarks marks;
    if (time == nullptr && !series_) {
      return marks;
    }
    const size_t time_place = time == nullptr ? 0 : place_of(time->name, schema);
    std::vector<double> seconds;
    SeriesNames series;
    for (TableRows rows(path_, names_.width(), names_.has_header()); rows.next();) {
      if (time != nullptr) {
        seconds.push_back(add_time(marks.times, rows.lines().cells()[time_place], *time));
      }
      if (series_) {
        series.add(series_cell(rows.lines()));
      }
    }
    if (time != nullptr) {
      marks.time_column = time->name;
      marks.seconds = torch::tensor(seconds, torch::kFloat64);
    }
    if (series_) {
      series.put_into(marks);
    }
    return marks;
  }

  // Its seconds since 1970, NaN where they are not known.
  double add_time(StepTimes& times, std::string_view cell, const TableColumn& column) const {
    const auto seconds = missing_.has(cell) ? std::nullopt : time_in(cell, column.time_format);
    times.add(seconds ? cell : "");
    return seconds.value_or(std::numeric_limits<double>::quiet_NaN());
  }

  std::string_view series_cell(const CsvLines& line) const {
    const std::string_view cell = line.cells()[*series_];
    if (cell.empty()) {
      throw Error(
          fmt::format("{}: line {}, column {} ({}) is empty; say which series the row belongs to, or "
                      "remove its line",
                      path_.string(), line.number(), *series_ + 1, shown_cell(series_column_)));
    }
    return cell;
  }

  // Of a column of the schema. A table without a header has all columns of the run's, or its features alone.
  size_t place_of(const std::string& name, const TableSchema& schema) const {
    if (names_.has_header()) {
      return names_.with_name(name).value();
    }
    const bool has_all = names_.width() == schema.table_columns.size();
    const std::vector<std::string> places = has_all ? schema.table_columns : names_in(schema);
    return static_cast<size_t>(std::ranges::find(places, name) - places.begin());
  }

  fs::path path_;
  TableReading reading_;
  std::string series_column_;
  MissingWords missing_;
  ColumnNames names_;
  std::optional<size_t> series_;
};

}  // namespace

DataSource read_csv_steps(const fs::path& path, TableReading reading, const std::string& series_column) {
  return StepReader(path, std::move(reading), series_column).read();
}

}  // namespace autoencoder
