#include "data/table_schema.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "data/formats/csv_times.h"

namespace autoencoder {
namespace {

constexpr int kFormat = 1;           // of the file; one that reads otherwise has another
constexpr int64_t kPartsOfDate = 4;  // sine and cosine of the place in the year and in the week

Json column_to_json(const TableColumn& column) {
  Json json = {{"name", column.name},
               {"kind", name_of(column_kinds(), column.kind)},
               {"mean", column.mean},
               {"spread", column.spread},
               {"missing", column.missing}};
  if (std::isfinite(column.low) && std::isfinite(column.high)) {
    json["low"] = column.low;
    json["high"] = column.high;
  }
  if (!column.words.empty()) {
    json["words"] = column.words;
  }
  if (column.kind == ColumnKind::kNumber) {
    json["decimals"] = column.decimals;
    json["percent"] = column.has_percent;
    json["comma"] = column.has_comma;
  }
  if (column.kind == ColumnKind::kTime) {
    json["origin"] = column.origin;
    json["time-format"] = column.time_format;
  }
  return json;
}

ColumnKind kind_in(const Json& json) {
  const auto word = json.at("kind").get<std::string>();
  if (const auto kind = find_choice(column_kinds(), word)) {
    return *kind;
  }
  throw Error(fmt::format("a schema of a later version of this program: it has a column of kind '{}'", word));
}

TableColumn column_from_json(const Json& json) {
  TableColumn column;
  column.name = json.at("name").get<std::string>();
  column.kind = kind_in(json);
  column.mean = json.at("mean");
  column.spread = json.at("spread");
  column.missing = json.at("missing");
  column.low = json.value("low", column.low);
  column.high = json.value("high", column.high);
  column.words = json.value("words", column.words);
  column.decimals = json.value("decimals", column.decimals);
  column.has_percent = json.value("percent", column.has_percent);
  column.has_comma = json.value("comma", column.has_comma);
  column.origin = json.value("origin", column.origin);
  column.time_format = json.value("time-format", column.time_format);
  return column;
}

// A place in a cycle, 0..1, as a point on the circle: its end is as near its start as any other.
float* put_cycle(double place, float* entries) {
  *entries++ = static_cast<float>(std::sin(2 * std::numbers::pi * place));
  *entries++ = static_cast<float>(std::cos(2 * std::numbers::pi * place));
  return entries;
}

double place_in_year(double days) {
  using std::chrono::January;
  const auto date = std::chrono::sys_days(std::chrono::days(static_cast<int64_t>(std::floor(days))));
  const std::chrono::year year = std::chrono::year_month_day(date).year();
  const std::chrono::sys_days start = year / January / 1;
  const std::chrono::sys_days end = (year + std::chrono::years(1)) / January / 1;
  return (days - static_cast<double>(start.time_since_epoch().count())) /
         static_cast<double>((end - start).count());
}

double place_in_week(double days) {
  constexpr double kMondayBefore1970 = -3;
  const double weeks = (days - kMondayBefore1970) / 7;
  return weeks - std::floor(weeks);
}

std::string number_text(const TableColumn& column, double value) {
  std::string text = fmt::format("{:.{}f}", value, column.decimals);
  if (text.starts_with('-') && text.find_first_of("123456789") == std::string::npos) {
    text.erase(0, 1);  // -0
  }
  if (column.has_comma) {
    std::ranges::replace(text, '.', ',');
  }
  return column.has_percent ? text + "%" : text;
}

}  // namespace

int64_t TableColumn::width() const {
  switch (kind) {
    case ColumnKind::kCategory:
      return static_cast<int64_t>(words.size()) + 1;
    case ColumnKind::kTime:
      return 1 + kPartsOfDate + (has_hours(time_format) ? 2 : 0);
    default:
      return 1;
  }
}

RowLayout TableSchema::layout() const {
  RowLayout layout;
  for (const TableColumn& column : columns) {
    layout.add(column.kind, column.width());
  }
  return layout;
}

Json TableSchema::to_json() const {
  Json json = {{"format", kFormat},       {"label", label},           {"label-names", label_names},
               {"target", target},        {"has-header", has_header}, {"table-columns", table_columns},
               {"columns", Json::array()}};
  for (const TableColumn& column : columns) {
    json["columns"].push_back(column_to_json(column));
  }
  return json;
}

TableSchema schema_from_json(const Json& json) {
  if (json.at("format") != kFormat) {
    throw Error("a schema of a later version of this program");
  }
  TableSchema schema;
  schema.label = json.at("label").get<std::string>();
  schema.label_names = json.at("label-names").get<std::vector<std::string>>();
  schema.target = json.at("target").get<std::string>();
  schema.has_header = json.at("has-header");
  schema.table_columns = json.value("table-columns", schema.table_columns);
  for (const Json& column : json.at("columns")) {
    schema.columns.push_back(column_from_json(column));
  }
  return schema;
}

void write_schema(const std::filesystem::path& path, const TableSchema& schema) {
  write_file(path, json_text(schema.to_json(), 2) + "\n");
}

TableSchema read_schema(const std::filesystem::path& path) {
  try {
    return schema_from_json(parse_json(read_file(path), path.string()));
  } catch (const Json::exception&) {
    throw Error(fmt::format("{} is no schema of a table, or is damaged", path.string()));
  }
}

void encode_time(const TableColumn& column, double seconds, float* entries) {
  const double days = seconds / kSecondsOfDay;
  *entries++ = static_cast<float>((seconds - column.origin) / kSecondsOfDay);
  entries = put_cycle(place_in_year(days), entries);
  entries = put_cycle(place_in_week(days), entries);
  if (has_hours(column.time_format)) {
    put_cycle(days - std::floor(days), entries);
  }
}

std::string cell_text(const TableColumn& column, const float* entries) {
  const double first = std::clamp<double>(entries[0], column.low, column.high);
  switch (column.kind) {
    case ColumnKind::kYesNo:
      return column.words.at(first < 0.5 ? 0 : 1);
    case ColumnKind::kCategory:
      return column.words.at(
          static_cast<size_t>(std::max_element(entries, entries + column.words.size()) - entries));
    case ColumnKind::kCount:
      return fmt::format("{:.0f}", std::max(0.0, std::round(first)));
    case ColumnKind::kTime:
      return time_text(column.origin + first * kSecondsOfDay,
                       column.shown_format.empty() ? column.time_format : column.shown_format);
    default:
      return number_text(column, first);
  }
}

std::vector<std::string> cells_of(const TableSchema& schema, const float* entries) {
  std::vector<std::string> cells;
  for (const TableColumn& column : schema.columns) {
    cells.push_back(std::isnan(*entries) ? "" : cell_text(column, entries));
    entries += column.width();
  }
  return cells;
}

}  // namespace autoencoder
