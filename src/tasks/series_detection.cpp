#include "tasks/series_detection.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/random.h"
#include "common/text.h"
#include "data/formats/csv.h"
#include "tasks/detection.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

double random_adjusted_f1(const StepScores& steps, uint64_t seed) {
  const at::Generator rng = make_generator(derive_seed(seed, "random scores"));
  return step_figures(steps, torch::rand({steps.size()}, rng, torch::kFloat64)).best_adjusted_f1;
}

const std::string& series_name(const SeriesSet& set, int64_t series) {
  return set.series[static_cast<size_t>(series)].name;
}

Json json_of(const SeriesDetection& detection, const SeriesEvent& event) {
  const SeriesSet& set = detection.set();
  Json json = {{"series", series_name(set, event.series)},
               {"start", event.start},
               {"end", event.end},
               {"peak", event.peak},
               {"score", event.score},
               {"columns", set.names_of(event.columns)}};
  if (set.has_times()) {
    json["start_time"] = set.time_text(event.series, event.start);
    json["end_time"] = set.time_text(event.series, event.end);
  }
  return json;
}

}  // namespace

OperatingPoint SeriesDetection::at_threshold() const {
  return operating_point(called(), steps.is_anomaly, detector.threshold);
}

OperatingPoint SeriesDetection::adjusted_at_threshold() const {
  return operating_point(point_adjusted(steps, steps.scores) >= detector.threshold, steps.is_anomaly,
                         detector.threshold);
}

Json SeriesDetection::to_json() const {
  Json json = {{"examples", steps.size()},        {"series", set().series.size()}, {"score", detector.score},
               {"threshold", detector.threshold}, {"anomalies", count_called()},   {"events", Json::array()}};
  json["combine"] = name_of(step_combinations(), detector.combination);
  for (const SeriesEvent& event : events) {
    json["events"].push_back(json_of(*this, event));
  }
  for (const auto& [name, each] : figures) {
    json["scores"][name] = {{"auroc", each.ranking.area_under_roc},
                            {"average_precision", each.ranking.average_precision},
                            {"best_f1", each.best_f1},
                            {"best_f1_point_adjusted", each.best_adjusted_f1}};
  }
  if (!figures.empty()) {
    add_point(json, at_threshold());
    json["f1_point_adjusted"] = f1_of(adjusted_at_threshold());
    json["best_f1_point_adjusted_of_random_scores"] = random_adjusted_f1;
  }
  return json;
}

SeriesDetection detect_in_series(const OpenRun& run, const Detector& detector, const DescribedData& data,
                                 uint64_t seed, Progress& progress) {
  Autoencoder& model = run.model();
  std::vector<std::string> names = step_score_names(model);
  std::erase_if(names, [&](const std::string& score) { return !detector.normality.knows(score); });
  progress.begin("scoring", data.examples.size() * (1 + std::ssize(names)));
  SeriesDetection detection = {data, detector, reconstruct_steps(model, data.examples), {}, {}, 0};
  const auto scored = [&](const std::string& score) {
    torch::Tensor scores = scores_of(detection.steps, model, data.examples, {score, detector.combination},
                                     detector.normality, seed);
    progress.advance(data.examples.size());
    return scores;
  };
  detection.steps.scores = scored(detector.score);
  detection.events = events_of(detection.steps, detector.threshold);
  if (detection.steps.is_anomaly.defined() && has_both_kinds(detection.steps.is_anomaly)) {
    for (const std::string& name : names) {
      const torch::Tensor scores = name == detector.score ? detection.steps.scores : scored(name);
      detection.figures.emplace_back(name, step_figures(detection.steps, scores));
    }
    detection.random_adjusted_f1 = random_adjusted_f1(detection.steps, seed);
  }
  return detection;
}

void write_step_scores(const fs::path& path, const SeriesDetection& detection) {
  const StepScores& steps = detection.steps;
  const SeriesSet& set = detection.set();
  const bool has_labels = steps.is_anomaly.defined();
  CsvFile table(path);
  std::vector<std::string> header = {"series", "step", "score", "verdict"};
  if (set.has_times()) {
    header.insert(header.begin() + 2, "time");
  }
  if (has_labels) {
    header.emplace_back("label");
  }
  table.add(header);
  const auto series = steps.series.accessor<int64_t, 1>();
  const auto step = steps.step.accessor<int64_t, 1>();
  const auto score = steps.scores.accessor<double, 1>();
  const torch::Tensor labels = has_labels ? steps.is_anomaly.contiguous() : torch::Tensor();
  const auto verdict = [](bool is_anomaly) { return is_anomaly ? "anomaly" : "normal"; };
  for (int64_t i = 0; i < steps.size(); ++i) {
    std::vector<std::string> row = {csv_cell(series_name(set, series[i])), std::to_string(step[i])};
    if (set.has_times()) {
      row.push_back(csv_cell(set.time_text(series[i], step[i])));
    }
    row.push_back(fmt::format("{}", score[i]));
    row.emplace_back(verdict(score[i] >= detection.detector.threshold));
    if (has_labels) {
      row.emplace_back(verdict(labels.const_data_ptr<bool>()[i]));
    }
    table.add(row);
  }
  table.commit();
}

void write_events(const fs::path& path, const SeriesDetection& detection) {
  const SeriesSet& set = detection.set();
  CsvFile table(path);
  std::vector<std::string> header = {"series", "start", "end", "peak", "score", "columns"};
  if (set.has_times()) {
    header.insert(header.end(), {"start_time", "end_time"});
  }
  table.add(header);
  for (const SeriesEvent& event : detection.events) {
    std::vector<std::string> row = {csv_cell(series_name(set, event.series)),
                                    std::to_string(event.start),
                                    std::to_string(event.end),
                                    std::to_string(event.peak),
                                    fmt::format("{}", event.score),
                                    csv_cell(join(set.names_of(event.columns), " "))};
    if (set.has_times()) {
      row.push_back(csv_cell(set.time_text(event.series, event.start)));
      row.push_back(csv_cell(set.time_text(event.series, event.end)));
    }
    table.add(row);
  }
  table.commit();
}

}  // namespace autoencoder
