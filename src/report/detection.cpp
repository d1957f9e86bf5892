#include "report/detection.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/json.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string figure_text(const Json& figures, const char* name) {
  return figures.contains(name) ? fmt::format("{:.4f}", figures.at(name).get<double>()) : "";
}

bool is_of_series(const Json& json) { return json.contains("events"); }

report::Paragraph summary_of_series(const Json& json) {
  return {fmt::format("Of {} steps {} are called anomalies, in {}: by {}, from {:.4g} on.",
                      with_thousands(json.at("examples").get<int64_t>()),
                      with_thousands(json.at("anomalies").get<int64_t>()),
                      counted(std::ssize(json.at("events")), "event"), json.at("score").get<std::string>(),
                      json.at("threshold").get<double>())};
}

report::Paragraph summary_of(const Json& json) {
  if (is_of_series(json)) {
    return summary_of_series(json);
  }
  return {fmt::format("Of {} examples {} are called anomalies: by {}, from {:.4g} on.",
                      json.at("examples").get<int64_t>(), json.at("anomalies").get<int64_t>(),
                      json.at("score").get<std::string>(), json.at("threshold").get<double>())};
}

report::Table scores_of(const Json& json) {
  report::Table table = {.caption = "How well each score tells anomalies",
                         .header = {"score", "AUROC", "average precision", "best F1"},
                         .rows = {}};
  if (is_of_series(json)) {
    table.header.emplace_back("best F1, point-adjusted: inflated (Kim et al. 2022)");
  }
  for (const auto& [name, figures] : json.at("scores").items()) {
    table.rows.push_back({name, figure_text(figures, "auroc"), figure_text(figures, "average_precision"),
                          figure_text(figures, "best_f1")});
    if (is_of_series(json)) {
      table.rows.back().push_back(figure_text(figures, "best_f1_point_adjusted"));
    }
  }
  return table;
}

std::vector<std::string> event_row(const Json& event) {
  std::vector<std::string> columns;
  for (const Json& column : event.at("columns")) {
    columns.push_back(column.get<std::string>());
  }
  const auto step = [&](const char* which) { return std::to_string(event.at(which).get<int64_t>()); };
  return {event.at("series").get<std::string>(),
          step("start"),
          step("end"),
          step("peak"),
          fmt::format("{:.4g}", event.at("score").get<double>()),
          join(columns)};
}

// The first of them, of which there may be thousands; all are in their file.
report::Table event_table(const Json& json) {
  constexpr size_t kShown = 50;
  const Json& events = json.at("events");
  report::Table table = {.caption = "Events: steps in a row that are called anomalies",
                         .header = {"series", "start", "end", "peak", "score", "columns"},
                         .rows = {}};
  for (size_t i = 0; i < std::min(events.size(), kShown); ++i) {
    table.rows.push_back(event_row(events[i]));
  }
  if (events.size() > kShown) {
    table.caption += fmt::format("; the first {} of {}", kShown, events.size());
  }
  return table;
}

// Width and height of a PNG, which its header has from the 17th byte on, the largest digit first.
int64_t png_number(const std::string& png, size_t first) {
  int64_t number = 0;
  for (size_t i = first; i < first + 4; ++i) {
    number = 256 * number + static_cast<unsigned char>(png[i]);
  }
  return number;
}

// The picture that was drawn with the detection, where this build can draw.
void add_picture(report::Section& section, const RunDirectory& run) {
  constexpr size_t kHeader = 24;
  std::error_code ignored;
  if (!std::filesystem::exists(run.picture("anomalies"), ignored)) {
    return;
  }
  const std::string png = read_file(run.picture("anomalies"));
  if (png.size() > kHeader) {
    section.blocks.emplace_back(
        report::Picture{"Series over their reconstruction; what is called an anomaly is shaded", png,
                        png_number(png, 16), png_number(png, 20)});
  }
}

std::vector<std::string> kind_row(const std::string& name, const std::string& auroc, const Json& pixels) {
  return {name, auroc, figure_text(pixels, "auroc"), figure_text(pixels, "pro"),
          figure_text(pixels, "best_f1")};
}

// The figures of a map, or none.
Json pixels_of(const Json& json) { return json.value("pixels", Json::object()); }

report::Table kinds_of(const Json& json) {
  report::Table table = {.caption = "How well each kind is told, and by the map where it lies",
                         .header = {"kind", "AUROC", "AUROC by pixel", "PRO", "best F1 by pixel"},
                         .rows = {}};
  for (const auto& [name, figures] : json.at("kinds").items()) {
    table.rows.push_back(kind_row(name, figure_text(figures, "auroc"), pixels_of(figures)));
  }
  const Json& own = json.at("scores").at(json.at("score").get<std::string>());
  table.rows.push_back(kind_row("all", figure_text(own, "auroc"), pixels_of(json)));
  return table;
}

report::Table strangest_of(const Json& json) {
  report::Table table = {
      .caption = "The strangest rows, and the columns with the largest part in their error",
      .header = {"row", "score", "columns"},
      .rows = {}};
  for (const Json& row : json.at("strangest")) {
    table.rows.push_back({fmt::format("{}", row.at("row").get<int64_t>()),
                          fmt::format("{:.4g}", row.at("score").get<double>()),
                          row.at("columns").get<std::string>()});
  }
  return table;
}

report::Section section_of(const Json& json, const RunDirectory& run) {
  report::Section section = {"Anomalies", {summary_of(json)}};
  if (is_of_series(json)) {
    add_picture(section, run);
    section.blocks.emplace_back(event_table(json));
  }
  if (json.contains("scores")) {
    section.blocks.emplace_back(scores_of(json));
  }
  if (json.contains("kinds")) {
    section.blocks.emplace_back(kinds_of(json));
  }
  if (json.contains("strangest")) {
    section.blocks.emplace_back(strangest_of(json));
  }
  return section;
}

}  // namespace

report::Section detection_section(const RunDirectory& run) {
  std::error_code ignored;
  if (!std::filesystem::exists(run.detection(), ignored)) {
    return {"Anomalies", {}};
  }
  try {
    return section_of(parse_json(read_file(run.detection()), run.detection().string()), run);
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: damaged; write it again with 'autoencoder detect score {}'",
                            run.detection().string(), run.path().string()));
  }
}

}  // namespace autoencoder
