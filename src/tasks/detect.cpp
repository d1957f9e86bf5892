#include "tasks/detect.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/formats/csv.h"
#include "tasks/detection_pictures.h"

namespace autoencoder {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

// Which examples are anomalies, by their labels; undefined where the request does not say.
torch::Tensor known_anomalies(const DescribedData& data, const DetectRequest& request) {
  if (request.anomalies.empty() && request.normal.empty()) {
    return {};
  }
  if (!request.anomalies.empty() && !request.normal.empty()) {
    throw UsageError("--anomalies and --normal are both given; one of them says it all");
  }
  if (!data.examples.labels.defined()) {
    throw Error(fmt::format("{}: no labels that would tell anomalies from normal examples", data.text));
  }
  const bool names_normal = request.anomalies.empty();
  const std::vector<std::string> named = split_words(names_normal ? request.normal : request.anomalies);
  const Classes classes = number_classes(data.examples.labels, data.examples.label_names);
  const torch::Tensor named_ones = are_named(classes, named, names_normal ? "normal" : "anomalies");
  const torch::Tensor are_anomalies = names_normal ? named_ones.logical_not() : named_ones;
  if (are_anomalies.all().item<bool>() || !are_anomalies.any().item<bool>()) {
    throw Error(fmt::format("{}: {} of them anomalies; both kinds are needed", data.text,
                            are_anomalies.any().item<bool>() ? "all" : "none"));
  }
  return are_anomalies;
}

std::vector<std::string> score_names(Autoencoder& model) {
  std::vector<std::string> names;
  for (const AnomalyScore& score : anomaly_scores_of(model)) {
    names.push_back(score.name);
  }
  return names;
}

std::string chosen_score(Autoencoder& model, const std::string& wanted) {
  const std::vector<std::string> names = score_names(model);
  if (wanted == "auto") {
    return names.front();
  }
  if (std::find(names.begin(), names.end(), wanted) == names.end()) {
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
  return request.split.empty() ? own.watched() : own.select(request.split);
}

// What the detector makes of the data, and, where anomalies are known, how well each score tells them apart.
Detection detect_anomalies(const OpenRun& run, const ScoreDataRequest& request, Progress& progress) {
  const Detector detector = read_detector(run.directory.detector());
  const DescribedData data = open_run_data(run, request);
  const torch::Tensor is_anomaly = known_anomalies(data, request);
  const std::vector<std::string> ranked =
      is_anomaly.defined() ? score_names(run.model()) : std::vector<std::string>();
  const auto scored = [&](const std::string& score) {
    torch::Tensor scores =
        score_anomalies(run.model(), data.examples, score, detector.normality, bound_seed(request));
    progress.advance(data.examples.size());
    return scores;
  };
  progress.begin("scoring", data.examples.size() * std::max<int64_t>(std::ssize(ranked), 1));
  Detection detection = {data, detector, scored(detector.score), is_anomaly, {}};
  for (const std::string& score : ranked) {
    const torch::Tensor scores = score == detector.score ? detection.scores : scored(score);
    detection.rankings.emplace_back(score, rank(scores, is_anomaly));
  }
  return detection;
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
  NewFile file(path);
  fmt::memory_buffer text;
  const auto write = std::back_inserter(text);
  fmt::format_to(write, "{},score,verdict{}\n", has_files ? "file" : "index",
                 data.labels.defined() ? ",label" : "");
  for (int64_t i = 0; i < data.size(); ++i) {
    const auto position = static_cast<size_t>(i);
    fmt::format_to(write, "{},{},{}{}{}\n", has_files ? csv_cell(data.files[position]) : std::to_string(i),
                   detection.scores[i].item<double>(), called[i].item<bool>() ? "anomaly" : "normal",
                   labels.empty() ? "" : ",", labels.empty() ? "" : labels[position]);
    if (text.size() > kBufferBytes) {
      file.append({text.data(), text.size()});
      text.clear();
    }
  }
  file.append({text.data(), text.size()});
  file.commit();
}

}  // namespace

void DetectRequest::visit_labels(OptionVisitor& visitor) {
  visitor.option("anomalies", anomalies, "labels of anomalies, with commas between, where data are labelled");
  visitor.option("normal", normal, "labels of what is normal; all others are anomalies");
  visitor.option("seed", seed, "of the codes that are kept and sampled");
}

void FitDetectorRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Detection");
  visitor.option("score", score,
                 "fit: relative-error, error, neighbours, mahalanobis or elbo; auto is "
                 "relative-error for pictures and neighbours for vectors");
  visitor.option("contamination", contamination,
                 "fit: share of normal examples that may lie above the threshold", fraction());
  visit_labels(visitor);
}

void ScoreDataRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Detection");
  visit_labels(visitor);
  visitor.group("Output");
  visitor.option("out", out, "score: the .csv to write; the default is RUN/scores.csv");
  visitor.option("count", count, "score: how many of the strangest to draw", between(0, kMostPictures));
}

Json FitDetectorResult::to_json() const {
  return {{"detector", detector.string()}, {"score", score}, {"threshold", threshold}};
}

torch::Tensor Detection::called_anomalies() const { return scores >= detector.threshold; }

int64_t Detection::count_called() const { return called_anomalies().sum().item<int64_t>(); }

OperatingPoint Detection::at_threshold() const {
  const torch::Tensor called = called_anomalies();
  const auto count = [](const torch::Tensor& which) { return which.sum().item<double>(); };
  const double hits = count(called.logical_and(is_anomaly));
  const double all = count(called);
  const double anomalies = count(is_anomaly);
  const double normal = static_cast<double>(called.size(0)) - anomalies;
  return {detector.threshold, hits / anomalies, (all - hits) / normal, all > 0 ? hits / all : 0};
}

Json ScoreDataResult::to_json() const {
  Json json = {{"out", out.string()},
               {"examples", detection.data.examples.size()},
               {"score", detection.detector.score},
               {"threshold", detection.detector.threshold},
               {"anomalies", detection.count_called()}};
  for (const auto& [name, ranking] : detection.rankings) {
    json["scores"][name] = {{"auroc", ranking.area_under_roc},
                            {"average_precision", ranking.average_precision},
                            {"best_f1", f1_of(ranking.best_f1())}};
  }
  if (!detection.rankings.empty()) {
    const OperatingPoint point = detection.at_threshold();
    json["precision"] = point.precision;
    json["recall"] = point.true_positive_rate;
    json["false_positive_rate"] = point.false_positive_rate;
    json["f1"] = f1_of(point);
  }
  return json;
}

FitDetectorResult fit_detector(const FitDetectorRequest& request, Progress& progress) {
  const OpenRun run = open_requested(request);
  const RunSource own = own_source(run, request);
  const std::string score = chosen_score(run.model(), request.score);
  const Dataset learned = own.select("train").examples;
  const DescribedData data = threshold_data(own, run, request);
  const torch::Tensor is_anomaly = known_anomalies(data, request);
  progress.begin("fitting", learned.size() + data.examples.size());
  const auto rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "normal codes"));
  const Normality normality = learn_normality(run.model(), learned, rng);
  progress.advance(learned.size());
  const torch::Tensor scores =
      score_anomalies(run.model(), data.examples, score, normality, bound_seed(request));
  progress.advance(data.examples.size());
  const double threshold = is_anomaly.defined() ? rank(scores, is_anomaly).best_f1().threshold
                                                : threshold_for(scores, request.contamination);
  write_detector(run.directory.detector(), {score, threshold, normality});
  return {run.directory.detector(), score, threshold, data.text,
          is_anomaly.defined() ? std::nullopt : std::optional(request.contamination)};
}

ScoreDataResult score_data(const ScoreDataRequest& request, Progress& progress) {
  const OpenRun run = open_requested(request);
  const Detection detection = detect_anomalies(run, request, progress);
  const std::filesystem::path out = run.output_path(request.out, "scores.csv");
  write_scores(out, detection);
  return {out, draw_detection(run, detection, request.count), detection};
}

}  // namespace autoencoder
