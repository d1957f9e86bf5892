#include "data/table_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"

namespace autoencoder {
namespace {

constexpr int kFormat = 1;  // of the file; one that reads otherwise has another
constexpr double kSecondsOfDay = 86'400;
constexpr int64_t kPartsOfDate = 4;  // sine and cosine of the place in the year and in the week

bool has_hours(const std::string& time_format) { return time_format.find("%H") != std::string::npos; }

Json column_to_json(const TableColumn& column) {
  Json json = {{"name", column.name},
               {"kind", name_of(column_kinds(), column.kind)},
               {"mean", column.mean},
               {"spread", column.spread},
               {"missing", column.missing}};
  if (!column.words.empty()) {
    json["words"] = column.words;
  }
  if (column.kind == ColumnKind::kNumber) {
    json["decimals"] = column.decimals;
  }
  if (column.kind == ColumnKind::kTime) {
    json["origin"] = column.origin;
    json["time-format"] = column.time_format;
  }
  return json;
}

TableColumn column_from_json(const Json& json) {
  TableColumn column;
  column.name = json.at("name").get<std::string>();
  const auto kind = json.at("kind").get<std::string>();
  column.kind = RowLayout(kind).spans().at(0).kind;
  column.mean = json.at("mean");
  column.spread = json.at("spread");
  column.missing = json.at("missing");
  column.words = json.value("words", column.words);
  column.decimals = json.value("decimals", column.decimals);
  column.origin = json.value("origin", column.origin);
  column.time_format = json.value("time-format", column.time_format);
  return column;
}

std::string time_text(const TableColumn& column, double days) {
  const auto seconds = static_cast<std::time_t>(std::llround(column.origin + days * kSecondsOfDay));
  std::tm parts = {};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), column.time_format.c_str(), &parts)};
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
  Json json = {{"format", kFormat}, {"label", label},           {"label-names", label_names},
               {"target", target},  {"has-header", has_header}, {"columns", Json::array()}};
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

std::string cell_text(const TableColumn& column, const float* entries) {
  const double first = entries[0];
  switch (column.kind) {
    case ColumnKind::kYesNo:
      return column.words.at(first < 0.5 ? 0 : 1);
    case ColumnKind::kCategory:
      return column.words.at(
          static_cast<size_t>(std::max_element(entries, entries + column.words.size()) - entries));
    case ColumnKind::kCount:
      return fmt::format("{:.0f}", std::max(0.0, std::round(first)));
    case ColumnKind::kTime:
      return time_text(column, first);
    default:
      return fmt::format("{:.{}f}", first, column.decimals);
  }
}

}  // namespace autoencoder
