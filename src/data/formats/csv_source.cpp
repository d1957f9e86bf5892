#include "data/formats/csv_source.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/formats/csv_steps.h"
#include "data/windows.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// "adult" of adult.csv.gz
std::string table_name(const fs::path& path) {
  const fs::path file = path.filename();
  return (file.extension() == ".gz" ? file.stem() : file).stem().string();
}

Holes holes_of(const TableSchema& schema) {
  const auto has_holes = [](const TableColumn& column) { return column.missing > 0; };
  return std::ranges::any_of(schema.columns, has_holes) ? Holes::kSome : Holes::kNone;
}

}  // namespace

DataSource read_csv_source(const fs::path& path, const TableReading& reading) {
  TableContent table = read_table(path, reading);
  DataSource source;
  source.name = table_name(path);
  source.train.images = table.values.view({table.values.size(0), 1, 1, table.values.size(1)});
  source.train.labels = table.labels;
  source.train.label_names = std::move(table.label_names);
  source.train.responses = table.responses;
  source.suited = options_that_suit(table.schema.layout(), holes_of(table.schema));
  source.train.schema = std::make_shared<const TableSchema>(std::move(table.schema));
  source.notes = std::move(table.notes);
  return source;
}

namespace {

struct TableOptions : Options {
  std::string label_column;
  std::string target;
  std::string columns;
  std::string drop;
  std::string keep;
  std::string missing;
  std::string column_type;
  std::string schema;

  void visit(OptionVisitor& visitor) override {
    visitor.option("label-column", label_column,
                   "column of labels in a table: its name, or its position from 0, or from -1 backwards");
    visitor.option(
        "target", target,
        "column of a table that is to be predicted (see regress), named likewise: the model does not see it");
    visitor.option("columns", columns, "the only columns of a table to learn from, with commas between them");
    visitor.option("drop", drop, "columns of a table that the model does not see, with commas between them");
    visitor.option("keep", keep,
                   "columns of a table to learn from though they number or name its rows, or never vary");
    visitor.option(
        "missing", missing,
        "words for a table's missing cells, with commas between them, that count as well as the usual "
        "ones: nothing, NA, N/A, NaN, null, none, ?, -, \\N");
    visitor.option("column-type", column_type,
                   "what columns of a table hold, where that is not seen from their cells: visits=count, "
                   "with commas between several; number, yes-no, category, count or time");
    visitor.option(
        "schema", schema,
        "columns of another run's table, by which this one is read: set by commands that use a run");
  }
};

ColumnKind wished_kind(const std::string& wish, const std::string& name) {
  if (const auto kind = find_choice(column_kinds(), name)) {
    return *kind;
  }
  const std::vector<std::string> kinds = keys_of(column_kinds());
  throw Error(fmt::format("--column-type has '{}'; give NAME=KIND, where the kind is one of {}{}", wish,
                          join(kinds), did_you_mean(name, kinds)));
}

std::map<std::string, ColumnKind> kinds_of(const std::string& text) {
  std::map<std::string, ColumnKind> kinds;
  for (const std::string& wish : split_words(text)) {
    const size_t sign = wish.rfind('=');
    const std::string name = sign == std::string::npos ? wish : wish.substr(0, sign);
    kinds[name] = wished_kind(wish, sign == std::string::npos ? "" : wish.substr(sign + 1));
  }
  return kinds;
}

}  // namespace

TableReading table_reading(const SourceOptions& source) {
  const auto options = source.own<TableOptions>();
  TableReading reading = {.label = options.label_column,
                          .target = options.target,
                          .columns = split_words(options.columns),
                          .drop = split_words(options.drop),
                          .keep = split_words(options.keep),
                          .missing = split_words(options.missing),
                          .kinds = kinds_of(options.column_type)};
  if (!options.schema.empty()) {
    reading.schema = std::make_shared<const TableSchema>(read_schema(options.schema));
  }
  return reading;
}

namespace {

DataSource open_table(const SourceOptions& source) {
  const auto windows = source.own<WindowOptions>();
  return windows.window > 0 ? read_csv_steps(source.data, table_reading(source), windows.series_column)
                            : read_csv_source(source.data, table_reading(source));
}

SourceOptions located_table(const SourceOptions& source) {
  SourceOptions found = source;
  found.data = fs::absolute(source.data).lexically_normal().string();
  if (const std::string schema = source.own<TableOptions>().schema; !schema.empty()) {
    found.reading["schema"] = fs::absolute(schema).lexically_normal().string();
  }
  return found;
}

const DataFormatRegistration csv_format({.place = DataPlace::kFile,
                                         .name = "csv",
                                         .words = {".csv", ".tsv", ".txt", ".data", ".csv.gz", ".tsv.gz"},
                                         .make_options = new_options<TableOptions>,
                                         .open = open_table,
                                         .locate = located_table,
                                         .has_rows = true});

}  // namespace
}  // namespace autoencoder
