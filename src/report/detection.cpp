#include "report/detection.h"

#include <filesystem>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/json.h"

namespace autoencoder {
namespace {

std::string figure_text(const Json& figures, const char* name) {
  return figures.contains(name) ? fmt::format("{:.4f}", figures.at(name).get<double>()) : "";
}

report::Paragraph summary_of(const Json& json) {
  return {fmt::format("Of {} examples {} are called anomalies: by {}, from {:.4g} on.",
                      json.at("examples").get<int64_t>(), json.at("anomalies").get<int64_t>(),
                      json.at("score").get<std::string>(), json.at("threshold").get<double>())};
}

report::Table scores_of(const Json& json) {
  report::Table table = {.caption = "How well each score tells anomalies",
                         .header = {"score", "AUROC", "average precision", "best F1"},
                         .rows = {}};
  for (const auto& [name, figures] : json.at("scores").items()) {
    table.rows.push_back({name, figure_text(figures, "auroc"), figure_text(figures, "average_precision"),
                          figure_text(figures, "best_f1")});
  }
  return table;
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

report::Section section_of(const Json& json) {
  report::Section section = {"Anomalies", {summary_of(json)}};
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
    return section_of(parse_json(read_file(run.detection()), run.detection().string()));
  } catch (const Json::exception&) {
    throw Error(fmt::format("{}: damaged; write it again with 'autoencoder detect score {}'",
                            run.detection().string(), run.path().string()));
  }
}

}  // namespace autoencoder
