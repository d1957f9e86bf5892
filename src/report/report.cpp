#include "report/report.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/base64.h"
#include "common/files.h"
#include "report/report_page.h"

namespace autoencoder::report {
namespace {

using Json = nlohmann::json;

// What report.html holds in the content's place.
constexpr std::string_view kContent = "CONTENT";

std::string data_uri(const std::string& png) { return "data:image/png;base64," + base64(png); }

// Five digits place a dot well enough, and keep the file small.
Json coordinate(double value) {
  return std::isfinite(value) ? Json(std::stod(fmt::format("{:.5g}", value))) : Json();
}

}  // namespace

// Found by nlohmann's library, which looks where the structs are.

static void to_json(Json& json, const Paragraph& paragraph) {
  json = {{"kind", "paragraph"}, {"text", paragraph.text}};
}

static void to_json(Json& json, const Table& table) {
  json = {{"kind", "table"},
          {"caption", table.caption},
          {"header", table.header},
          {"rows", table.rows},
          {"folded", table.shown == Shown::kFolded}};
}

static void to_json(Json& json, const Printout& printout) {
  json = {{"kind", "printout"}, {"caption", printout.caption}, {"text", printout.text}};
}

static void to_json(Json& json, const CommandLine& command) {
  json = {{"kind", "command"}, {"purpose", command.purpose}, {"words", command.words}};
}

static void to_json(Json& json, const Curve& curve) {
  json = {{"name", curve.name}, {"x", curve.x}, {"y", curve.y}, {"hidden", curve.series == Series::kHidden}};
}

static void to_json(Json& json, const Curves& chart) {
  json = {{"kind", "curves"},
          {"caption", chart.caption},
          {"x_label", chart.x_label},
          {"y_label", chart.y_label},
          {"curves", chart.curves}};
}

static void to_json(Json& json, const Bars& bars) {
  json = {{"kind", "bars"},
          {"caption", bars.caption},
          {"name_label", bars.name_label},
          {"value_label", bars.value_label},
          {"names", bars.names},
          {"values", bars.values}};
}

static void to_json(Json& json, const Picture& picture) {
  json = {{"kind", "picture"},
          {"caption", picture.caption},
          {"source", data_uri(picture.png)},
          {"width", picture.width},
          {"height", picture.height}};
}

static void to_json(Json& json, const Tile& tile) {
  json = {{"name", tile.name}, {"caption", tile.caption}, {"pictures", tile.pictures}};
}

static void to_json(Json& json, const Gallery& gallery) {
  json = {{"kind", "gallery"}, {"caption", gallery.caption}, {"tiles", gallery.tiles}};
}

static void to_json(Json& json, const Sheet& sheet) {
  json = {{"caption", sheet.caption},
          {"source", data_uri(sheet.png)},
          {"width", sheet.tile_width},
          {"height", sheet.tile_height},
          {"columns", sheet.columns}};
}

// Dots as columns: a name before each value of each dot would double the size.
static void to_json(Json& json, const Map& map) {
  json = {{"kind", "map"},          {"caption", map.caption}, {"x_label", map.x_label},
          {"y_label", map.y_label}, {"groups", map.groups},   {"equal", map.axes == Axes::kEqual},
          {"sheets", map.sheets}};
  for (const char* column : {"x", "y", "group", "note"}) {
    json[column] = Json::array();
  }
  for (const Dot& dot : map.dots) {
    json["x"].push_back(coordinate(dot.x));
    json["y"].push_back(coordinate(dot.y));
    json["group"].push_back(dot.group);
    json["note"].push_back(dot.note);
  }
}

static void to_json(Json& json, const Slider& slider) {
  json = {{"index", slider.index}, {"low", coordinate(slider.low)}, {"high", coordinate(slider.high)}};
}

static void to_json(Json& json, const Player& player) {
  json = {{"kind", "player"},          {"caption", player.caption}, {"graph", player.graph},
          {"sliders", player.sliders}, {"code", player.code},       {"shape", player.shape}};
}

static void to_json(Json& json, const Block& block) {
  std::visit([&](const auto& each) { to_json(json, each); }, block);
}

static void to_json(Json& json, const Section& section) {
  json = {{"title", section.title}, {"blocks", section.blocks}};
}

static void to_json(Json& json, const KeyMetric& metric) {
  json = {{"name", metric.name}, {"value", metric.value}, {"note", metric.note}};
}

static void to_json(Json& json, const Report& report) {
  json = {{"title", report.title},
          {"subtitle", report.subtitle},
          {"key_figures", report.key_metrics},
          {"sections", report.sections}};
}

// JSON that can stand in a <script>: it holds no '<', so nothing in it ends the script or begins a comment.
// Bytes that are not UTF-8 (names of folders) become replacement characters.
static std::string script_text(const Json& json) {
  std::string text;
  for (const char letter : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (letter == '<') {
      text += "\\u003c";
    } else {
      text.push_back(letter);
    }
  }
  return text;
}

std::string to_html(const Report& report) {
  static constexpr size_t kPlace = kPage.find(kContent);
  static_assert(kPlace != std::string_view::npos);
  return fmt::format("{}{}{}", kPage.substr(0, kPlace), script_text(report),
                     kPage.substr(kPlace + kContent.size()));
}

void write_report(const std::filesystem::path& path, const Report& report) {
  write_file(path, to_html(report));
}

}  // namespace autoencoder::report
