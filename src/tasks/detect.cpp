#include "tasks/detect.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/formats/csv.h"
#include "evaluation/conformal.h"
#include "tasks/detection_maps.h"
#include "tasks/detection_pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kToldColumns = 5;  // of a row: those with the largest shares

bool are_of_series(const DescribedData& data) { return data.examples.windows.defined(); }

std::string chosen_score(const std::vector<std::string>& names, const FitDetectorRequest& request) {
  if (request.score == "auto" && !request.map.is_given()) {
    return names.front();
  }
  const std::string wanted = request.score == "auto" ? "map" : request.score;
  if (std::ranges::find(names, wanted) == names.end()) {
    throw UsageError(
        fmt::format("score is '{}'; this model has {}{}", wanted, join(names), did_you_mean(wanted, names)));
  }
  return wanted;
}

uint64_t bound_seed(const DetectRequest& request) {
  return derive_seed(static_cast<uint64_t>(request.seed), "bound");
}

RunSource own_source(const OpenRun& run, const FitDetectorRequest& request) {
  SourceOptions own;
  own.data = "";
  own.data_dir = request.source.data_dir;
  return {run, own};
}

// The examples that the threshold is set by: those of a labelled set, or normal ones that were not learned
// from.
DescribedData threshold_data(const RunSource& own, const OpenRun& run, const FitDetectorRequest& request) {
  if (!request.source.data.empty()) {
    return open_run_data(run, request);
  }
  const std::string held_out = request.false_alarms > 0 ? "validation" : "";
  const std::string split = request.split.empty() ? held_out : request.split;
  return split.empty() ? own.watched() : own.select(split);
}

void check_promise(const FitDetectorRequest& request) {
  if (request.false_alarms > 0 && request.contamination != FitDetectorRequest().contamination) {
    throw UsageError(
        "--contamination and --false-alarms are both given; the first is a share of the examples at hand, "
        "the "
        "second a promise about new ones: give one of them");
  }
  const bool was_learned = request.split == "train" || request.split == "all";
  if (request.false_alarms > 0 && request.source.data.empty() && was_learned) {
    throw UsageError(fmt::format(
        "--split is {}, which the model has learned from: it promises nothing about other examples; leave it "
        "out, or give --split test",
        request.split));
  }
}

// The threshold of the scores, how it was chosen, and by how many of them.
FitDetectorResult with_threshold(const FitDetectorRequest& request, const torch::Tensor& scores,
                                 const torch::Tensor& is_anomaly) {
  FitDetectorResult result;
  result.examples = scores.size(0);
  if (request.false_alarms > 0) {
    const torch::Tensor normal =
        is_anomaly.defined() ? scores.masked_select(is_anomaly.logical_not()) : scores;
    result.rule = ThresholdRule::kFalseAlarms;
    result.share = request.false_alarms;
    result.examples = normal.size(0);
    result.threshold = conformal_threshold(normal, request.false_alarms);
  } else if (is_anomaly.defined()) {
    result.rule = ThresholdRule::kBestF1;
    result.threshold = rank(scores, is_anomaly).best_f1().threshold;
  } else {
    result.rule = ThresholdRule::kContamination;
    result.share = request.contamination;
    result.threshold = threshold_for(scores, request.contamination);
  }
  return result;
}

// What the steps of a series say of themselves is all that there is to know.
void check_series_request(const DetectRequest& request) {
  if (!request.labels.anomalies.empty() || !request.labels.normal.empty()) {
    throw UsageError(
        "--anomalies and --normal are for labelled examples; the labels of a series' steps tell anomalies "
        "themselves, so leave them out");
  }
}

void check_series_promise(const FitDetectorRequest& request) {
  check_series_request(request);
  if (request.false_alarms > 0) {
    throw UsageError(
        "--false-alarms promises something of examples that do not depend on each other, as the steps of a "
        "series do; give --contamination");
  }
}

// Scores that a threshold is set by, and which of them are anomalies' (undefined where that is not known): of
// steps where the data are of series, else of examples.
struct Scored {
  torch::Tensor scores;
  torch::Tensor is_anomaly;
};

Scored steps_scored(const OpenRun& run, const DescribedData& data, const std::string& score,
                    const Normality& normality, const FitDetectorRequest& request) {
  const StepScores steps =
      score_steps(run.model(), data.examples, {score, request.combine}, normality, bound_seed(request));
  const torch::Tensor& known = steps.is_anomaly;
  return {steps.scores, known.defined() && has_both_kinds(known) ? known : torch::Tensor()};
}

// The list of events beside a table of scores.
std::filesystem::path events_path(const OpenRun& run, const std::string& out) {
  const std::filesystem::path table = out;
  return out.empty() ? run.directory.path() / "events.csv"
                     : table.parent_path() / (table.stem().string() + "-events.csv");
}

ScoreDataResult score_series(const OpenRun& run, const Detector& detector, const DescribedData& data,
                             const ScoreDataRequest& request, Progress& progress) {
  check_series_request(request);
  if (!request.maps.empty()) {
    throw UsageError("--maps is for pictures, and these are series; leave it out");
  }
  ScoreDataResult result;
  result.out = run.output_path(request.out, "scores.csv");
  result.events = events_path(run, request.out);
  result.series = detect_in_series(run, detector, data, bound_seed(request), progress);
  write_step_scores(result.out, *result.series);
  write_events(result.events, *result.series);
  result.pictures = draw_series_detection(run.directory, *result.series, request.count);
  write_file(run.directory.detection(), json_text(result.to_json(), 2) + "\n");
  return result;
}

Choices<ThresholdRule> threshold_rules() {
  return {{"best-f1", ThresholdRule::kBestF1},
          {"contamination", ThresholdRule::kContamination},
          {"false-alarms", ThresholdRule::kFalseAlarms}};
}

// The label of each example, as a cell of the table; empty where there are none.
std::vector<std::string> label_cells(const Dataset& data) {
  if (!data.labels.defined()) {
    return {};
  }
  const Classes classes = number_classes(data.labels, data.label_names);
  std::vector<std::string> cells;
  for (int64_t i = 0; i < data.size(); ++i) {
    cells.push_back(csv_cell(classes.names[static_cast<size_t>(classes.numbers[i].item<int64_t>())]));
  }
  return cells;
}

void write_scores(const std::filesystem::path& path, const Detection& detection) {
  const Dataset& data = detection.data.examples;
  const bool has_files = !data.files.empty();
  const std::vector<std::string> labels = label_cells(data);
  const torch::Tensor called = detection.called_anomalies();
  std::vector<std::string> header = {has_files ? "file" : "index", "score", "verdict"};
  if (data.labels.defined()) {
    header.emplace_back("label");
  }
  if (detection.reasons) {
    header.emplace_back("columns");
  }
  CsvFile table(path);
  table.add(header);
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto position = static_cast<size_t>(i);
    std::vector<std::string> row = {has_files ? csv_cell(data.files[position]) : std::to_string(i),
                                    fmt::format("{}", detection.scores[i].item<double>()),
                                    called[i].item<bool>() ? "anomaly" : "normal"};
    if (!labels.empty()) {
      row.push_back(labels[position]);
    }
    if (detection.reasons) {
      row.push_back(csv_cell(detection.reasons->text(i, kToldColumns)));
    }
    table.add(row);
  }
  table.commit();
}

}  // namespace

void DetectRequest::visit_labels(OptionVisitor& visitor) {
  labels.visit(visitor);
  visitor.option("seed", seed, "of the codes that are kept and sampled");
  double_precision.visit(visitor);
}

void FitDetectorRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Detection");
  visitor.option(
      "score", score,
      "fit: relative-error, error, map, joint, neighbours, mahalanobis or elbo; auto is map for pictures of "
      "64 pixels and more and where --map, --smooth, --pool or --measure is given, relative-error for "
      "smaller "
      "ones, joint for vectors, and neighbours for series");
  map.visit(visitor);
  visitor.choice(
      "combine", combine,
      "fit: of series, what of the scores of the windows around a step becomes its own: least, which "
      "tells what is strange to the step; mean, which finds what happens around it, too",
      step_combinations());
  visitor.option("contamination", contamination,
                 "fit: share of normal examples that may lie above the threshold", fraction());
  visitor.option(
      "false-alarms", false_alarms,
      "fit: share of new normal examples that are called anomalies at most, in the long run; 0: no "
      "such promise, but --contamination",
      fraction());
  visit_labels(visitor);
}

void ScoreDataRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Detection");
  visit_labels(visitor);
  visitor.group("Output");
  visitor.option("out", out, "score: the .csv to write; the default is RUN/scores.csv");
  visitor.option("maps", maps,
                 "score: folder for the map of each picture, as .npy, and as PNG over the picture");
  visitor.option("count", count, "score: how many of the strangest to draw", between(0, kMostPictures));
}

Json FitDetectorResult::to_json() const {
  return {{"detector", detector.string()},
          {"score", score},
          {"threshold", threshold},
          {"rule", name_of(threshold_rules(), rule)},
          {"share", share},
          {"examples", examples}};
}

Json ScoreDataResult::to_json() const {
  Json json = series ? series->to_json() : detection.to_json();
  json["out"] = out.string();
  if (series) {
    json["events_out"] = events.string();
  }
  if (!data().notes.empty()) {
    json["notes"] = data().notes;
  }
  return json;
}

FitDetectorResult fit_detector(const FitDetectorRequest& request, Progress& progress) {
  OpenRun run = open_requested(request);
  const auto precision = request.double_precision.applied_to(run);
  Autoencoder& model = run.model();
  const RunSource own = own_source(run, request);
  check_promise(request);
  const Dataset learned = own.select("train").examples;
  const DescribedData data = threshold_data(own, run, request);
  const bool by_step = are_of_series(data);
  const std::string score =
      chosen_score(by_step ? step_score_names(model) : anomaly_score_names(model), request);
  const AnomalyMap wanted_map = request.map.map_for(model.input_shape());
  if (by_step) {
    check_series_promise(request);
  } else if (request.combine != FitDetectorRequest().combine) {
    throw UsageError("--combine is for series, and these are none; leave it out");
  }
  const torch::Tensor is_anomaly = by_step ? torch::Tensor() : known_anomalies(data, request.labels);
  progress.begin("fitting", learned.size() + data.examples.size());
  const auto rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "normal codes"));
  const Normality normality = learn_normality(model, learned, rng);
  const AnomalyMap map = measured_by(model, learned, wanted_map);
  progress.advance(learned.size());
  const Scored scored =
      by_step ? steps_scored(run, data, score, normality, request)
              : Scored{score_anomalies(model, data.examples, score, normality, bound_seed(request), map),
                       is_anomaly};
  progress.advance(data.examples.size());
  FitDetectorResult result = with_threshold(request, scored.scores, scored.is_anomaly);
  result.detector = run.directory.detector();
  result.score = score;
  result.data = by_step ? "steps of the " + data.text : data.text;
  write_detector(result.detector, {score, result.threshold, normality, map, request.combine});
  return result;
}

ScoreDataResult score_data(const ScoreDataRequest& request, Progress& progress) {
  OpenRun run = open_requested(request);
  const auto precision = request.double_precision.applied_to(run);
  const Detector detector = read_detector(run.directory.detector());
  const DescribedData data = open_run_data(run, request);
  if (are_of_series(data)) {
    return score_series(run, detector, data, request, progress);
  }
  const Detection detection = detect_anomalies(run, detector, data, known_anomalies(data, request.labels),
                                               bound_seed(request), progress);
  ScoreDataResult result = {run.output_path(request.out, "scores.csv"), {}, detection, {}};
  write_scores(result.out, detection);
  if (!request.maps.empty()) {
    write_maps(run, detection, request.maps, progress);
  }
  result.pictures = draw_detection(run, detection, request.count);
  write_file(run.directory.detection(), json_text(result.to_json(), 2) + "\n");
  return result;
}

}  // namespace autoencoder
