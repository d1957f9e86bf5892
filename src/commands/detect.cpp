// autoencoder detect fit|score RUN: anomalies, examples that are strange to a model that learned from normal
// ones.

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/detect_report.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "evaluation/detector.h"
#include "evaluation/ranking.h"

namespace autoencoder {
namespace {

struct DetectOptions : RunDataOptions {
  std::string score = "auto";
  double contamination = 0.01;
  std::string anomalies;
  std::string normal;
  std::string out;
  int64_t count = 10;
  int64_t seed = 0;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Detection");
    visitor.option("score", score,
                   "fit: relative-error, error, neighbours, mahalanobis or elbo; auto is "
                   "relative-error for pictures and neighbours for vectors");
    visitor.option("contamination", contamination,
                   "fit: share of normal examples that may lie above the threshold", fraction());
    visitor.option("anomalies", anomalies,
                   "labels of anomalies, with commas between, where data are labelled");
    visitor.option("normal", normal, "labels of what is normal; all others are anomalies");
    visitor.option("seed", seed, "of the codes that are kept and sampled");
    visitor.group("Output");
    visitor.option("out", out, "score: the .csv to write; the default is RUN/scores.csv");
    visitor.option("count", count, "score: how many of the strangest to draw", between(0, kMostPictures));
    visitor.option("json", json, "print JSON");
  }
};

// Which examples are anomalies, by their labels; undefined where the options do not say.
torch::Tensor known_anomalies(const RunData& data, const DetectOptions& options) {
  if (options.anomalies.empty() && options.normal.empty()) {
    return {};
  }
  if (!options.anomalies.empty() && !options.normal.empty()) {
    throw UsageError("--anomalies and --normal are both given; one of them says it all");
  }
  if (!data.examples.labels.defined()) {
    throw Error(fmt::format("{}: no labels that would tell anomalies from normal examples", data.text));
  }
  const bool names_normal = options.anomalies.empty();
  const std::vector<std::string> named = split_words(names_normal ? options.normal : options.anomalies);
  const Classes classes = number_classes(data.examples.labels, data.examples.label_names);
  const torch::Tensor named_ones = are_named(classes, named, names_normal ? "normal" : "anomalies");
  const torch::Tensor are_anomalies = names_normal ? named_ones.logical_not() : named_ones;
  if (are_anomalies.all().item<bool>() || !are_anomalies.any().item<bool>()) {
    throw Error(fmt::format("{}: {} of them anomalies; both kinds are needed", data.text,
                            are_anomalies.any().item<bool>() ? "all" : "none"));
  }
  return are_anomalies;
}

std::string score_name(Autoencoder& model, const std::string& wanted) {
  std::vector<std::string> names;
  for (const AnomalyScore& score : anomaly_scores_of(model)) {
    names.push_back(score.name);
  }
  if (wanted == "auto") {
    return names.front();
  }
  if (std::find(names.begin(), names.end(), wanted) == names.end()) {
    throw UsageError(
        fmt::format("score is '{}'; this model has {}{}", wanted, join(names), did_you_mean(wanted, names)));
  }
  return wanted;
}

std::filesystem::path detector_path(const OpenRun& run) { return run.directory.detector(); }

// The examples that the threshold is set by: those of a labelled set, or normal ones that were not learned
// from.
RunData threshold_data(const RunSource& own, const OpenRun& run, const DetectOptions& options) {
  if (!options.source.data.empty()) {
    return open_run_data(run, options);
  }
  return options.split.empty() ? own.watched() : own.select(options.split);
}

int run_fit(OpenRun& run, const DetectOptions& options) {
  SourceOptions own_options;
  own_options.data = "";
  own_options.data_dir = options.source.data_dir;
  const RunSource own(run, own_options);
  const auto seed = static_cast<uint64_t>(options.seed);
  Detector detector;
  detector.score = score_name(run.model(), options.score);
  detector.normality = learn_normality(run.model(), own.select("train").examples,
                                       make_generator(derive_seed(seed, "normal codes")));
  const RunData data = threshold_data(own, run, options);
  const torch::Tensor is_anomaly = known_anomalies(data, options);
  const torch::Tensor scores = score_anomalies(run.model(), data.examples, detector.score, detector.normality,
                                               derive_seed(seed, "bound"));
  detector.threshold = is_anomaly.defined() ? rank(scores, is_anomaly).best_f1().threshold
                                            : threshold_for(scores, options.contamination);
  write_detector(detector_path(run), detector);
  const std::string how = is_anomaly.defined() ? fmt::format("best F1 on the {}", data.text)
                                               : fmt::format("{:g} % of the {} lie above",
                                                             100 * options.contamination, data.text);
  if (options.json) {
    answer_in_json({{"detector", detector_path(run).string()},
                    {"score", detector.score},
                    {"threshold", detector.threshold}});
  } else {
    fmt::print("{}: {}, threshold {:.6g} ({})\n", detector_path(run).string(), detector.score,
               detector.threshold, how);
  }
  return 0;
}

int run_score(OpenRun& run, const DetectOptions& options) {
  const Detector detector = read_detector(detector_path(run));
  const RunData data = open_run_data(run, options);
  const torch::Tensor is_anomaly = known_anomalies(data, options);
  const uint64_t seed = derive_seed(static_cast<uint64_t>(options.seed), "bound");
  DetectReport report = {
      .data = data, .detector = detector, .scores = {}, .is_anomaly = is_anomaly, .rankings = {}};
  report.scores = score_anomalies(run.model(), data.examples, detector.score, detector.normality, seed);
  if (is_anomaly.defined()) {
    for (const AnomalyScore& score : anomaly_scores_of(run.model())) {
      const torch::Tensor scores =
          score.name == detector.score
              ? report.scores
              : score_anomalies(run.model(), data.examples, score.name, detector.normality, seed);
      report.rankings.push_back({score.name, rank(scores, is_anomaly)});
    }
  }
  const std::filesystem::path out = run.output_path(options.out, "scores.csv");
  write_scores(out, report);
  draw_detection(run, report, options.count);
  if (options.json) {
    answer_in_json(detection_json(out, report));
  } else {
    print_detection(out, report);
  }
  return 0;
}

int run_detect(const Arguments& arguments) {
  const auto options = options_from<DetectOptions>(arguments);
  const std::string& work = arguments.words.front();
  if (work != "fit" && work != "score") {
    throw UsageError(
        fmt::format("'{}' is neither fit nor score{}", work, did_you_mean(work, {"fit", "score"})));
  }
  OpenRun opened = open_run_model(arguments.words.back(), use_device(options.device));
  return work == "fit" ? run_fit(opened, options) : run_score(opened, options);
}

}  // namespace

Command detect_command() {
  return {.name = "detect",
          .summary = "anomalies: fit a threshold, score examples",
          .synopsis = "fit|score RUN",
          .min_words = 2,
          .max_words = 2,
          .examples =
              {"autoencoder detect fit runs/dense-parts-1 --contamination 0.005",
               "autoencoder detect score runs/dense-parts-1 --data ~/new-parts --out scores.csv",
               "autoencoder detect score runs/dense-parts-1 --data labelled --anomalies broken,scratched"},
          .options = specs_of<DetectOptions>,
          .run = run_detect};
}

}  // namespace autoencoder
