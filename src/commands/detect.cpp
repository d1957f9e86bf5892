// autoencoder detect fit|score RUN: anomalies, examples that are strange to a model that learned from normal
// ones.

#include "tasks/detect.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string rule_of(const FitDetectorResult& result) {
  switch (result.rule) {
    case ThresholdRule::kBestF1:
      return fmt::format("best F1 on the {}", result.data);
    case ThresholdRule::kContamination:
      return fmt::format("{:g} % of the {} lie above", 100 * result.share, result.data);
    case ThresholdRule::kFalseAlarms:
      return fmt::format("at most {:g} % false alarms in the long run, from {} of the {}", 100 * result.share,
                         counted(result.examples, "normal example"), result.data);
  }
  return "";
}

std::string text_of(const FitDetectorResult& result) {
  return fmt::format("{}: {}, threshold {:.6g} ({})", result.detector.string(), result.score,
                     result.threshold, rule_of(result));
}

// How well each score tells anomalies apart, where they are known.
std::string figures_of(const Detection& detection) {
  const OperatingPoint point = detection.at_threshold();
  std::string text =
      fmt::format("\n  precision {:.3f}, recall {:.3f}, F1 {:.3f}, false positive rate {:.4f}\n",
                  point.precision, point.true_positive_rate, f1_of(point), point.false_positive_rate);
  text += fmt::format("\n{:<16} {:>8} {:>18} {:>8}", "score", "AUROC", "average precision", "best F1");
  for (const auto& [name, ranking] : detection.rankings) {
    text += fmt::format("\n{:<16} {:>8.4f} {:>18.4f} {:>8.4f}", name, ranking.area_under_roc,
                        ranking.average_precision, f1_of(ranking.best_f1()));
  }
  return text;
}

std::string pixel_cells(const std::optional<Localization>& figures) {
  return figures ? fmt::format(" {:>12.4f} {:>8.4f} {:>8.4f} {:>10.4g}", figures->area_under_roc,
                               figures->region_overlap, figures->best_f1, figures->threshold)
                 : "";
}

// How well the score tells each kind of anomalies, and the map where they lie.
std::string kinds_of(const Detection& detection) {
  const bool has_pixels = detection.localization.has_value();
  std::string text = fmt::format("\n\n{:<16} {:>8} {:>8}", "kind", "examples", "AUROC");
  if (has_pixels) {
    text += fmt::format(" {:>12} {:>8} {:>8} {:>10}", "pixel AUROC", "PRO", "best F1", "from");
  }
  for (const AnomalyKind& kind : detection.kinds) {
    text += fmt::format("\n{:<16} {:>8} {:>8.4f}{}", kind.name, kind.examples, kind.area_under_roc,
                        pixel_cells(kind.localization));
  }
  if (has_pixels) {
    text += fmt::format("\n{:<16} {:>8} {:>8.4f}{}\n  pixels by the map: {}", "all",
                        detection.is_anomaly.sum().item<int64_t>(), detection.own_area_under_roc(),
                        pixel_cells(detection.localization), detection.detector.map.text());
  }
  return text;
}

// The strangest rows of a table, and the columns that make them so.
std::string reasons_of(const Detection& detection) {
  constexpr int64_t kRows = 5;
  constexpr int64_t kColumns = 3;
  if (!detection.reasons) {
    return "";
  }
  std::string text = fmt::format("\n\n{:>10} {:>10}  {}", "row", "score", "strange in");
  for (const int64_t row : detection.strangest(kRows)) {
    text += fmt::format("\n{:>10} {:>10.4g}  {}", row, detection.scores[row].item<double>(),
                        detection.reasons->text(row, kColumns));
  }
  return text;
}

// Of the longest list of events that is read at a glance; all of them are in its file.
constexpr size_t kToldEvents = 10;

// Room for the longest time of an event that is told; 0 where no time is known.
size_t time_width(const SeriesDetection& detection) {
  size_t width = 0;
  for (const SeriesEvent& event : detection.events) {
    for (const int64_t step : {event.start, event.end}) {
      width = std::max(width, detection.set().time_text(event.series, step).size());
    }
  }
  return width;
}

std::string times_of(const SeriesDetection& detection, const SeriesEvent& event, size_t width) {
  const auto time = [&](int64_t step) { return detection.set().time_text(event.series, step); };
  return width == 0 ? "" : fmt::format("  {:<{}}  {:<{}}", time(event.start), width, time(event.end), width);
}

std::string text_of(const SeriesDetection& detection, const SeriesEvent& event, size_t width) {
  const Series& series = detection.set().series[static_cast<size_t>(event.series)];
  return fmt::format("\n{:<24} {:>8} {:>8} {:>8} {:>10.4g}{}  {}", series.name, event.start, event.end,
                     event.peak, event.score, times_of(detection, event, width),
                     join(detection.set().names_of(event.columns)));
}

std::string events_of(const SeriesDetection& detection) {
  if (detection.events.empty()) {
    return "";
  }
  const size_t width = time_width(detection);
  const std::string times = width == 0 ? "" : fmt::format("  {:<{}}  {:<{}}", "from", width, "to", width);
  std::string text = fmt::format("\n\n{:<24} {:>8} {:>8} {:>8} {:>10}{}  {}", "series", "start", "end",
                                 "peak", "score", times, "columns");
  const size_t told = std::min(detection.events.size(), kToldEvents);
  for (size_t i = 0; i < told; ++i) {
    text += text_of(detection, detection.events[i], width);
  }
  const size_t more = detection.events.size() - told;
  return more > 0 ? fmt::format("{}\n... and {} more", text, more) : text;
}

std::string figures_of(const SeriesDetection& detection) {
  const OperatingPoint point = detection.at_threshold();
  std::string text = fmt::format(
      "\n  precision {:.3f}, recall {:.3f}, F1 {:.3f}, false positive rate {:.4f}\n"
      "  with point adjustment F1 {:.3f}, which is inflated (Kim et al. 2022): random scores reach {:.3f} at "
      "best\n",
      point.precision, point.true_positive_rate, f1_of(point), point.false_positive_rate,
      f1_of(detection.adjusted_at_threshold()), detection.random_adjusted_f1);
  text += fmt::format("\n{:<16} {:>8} {:>18} {:>8} {:>24}", "score", "AUROC", "average precision", "best F1",
                      "point-adjusted, inflated");
  for (const auto& [name, figures] : detection.figures) {
    text +=
        fmt::format("\n{:<16} {:>8.4f} {:>18.4f} {:>8.4f} {:>24.4f}", name, figures.ranking.area_under_roc,
                    figures.ranking.average_precision, figures.best_f1, figures.best_adjusted_f1);
  }
  return text;
}

std::string text_of_series(const ScoreDataResult& result) {
  const SeriesDetection& detection = *result.series;
  return fmt::format("{}: {} of {} steps are anomalies by {} above {:.6g}, {} in {}, {}{}{}",
                     result.out.string(), with_thousands(detection.count_called()),
                     with_thousands(detection.steps.size()), detection.detector.score,
                     detection.detector.threshold, counted(std::ssize(detection.events), "event"),
                     result.events.string(), detection.data.text,
                     detection.figures.empty() ? "" : figures_of(detection), events_of(detection));
}

std::string text_of_examples(const ScoreDataResult& result) {
  const Detection& detection = result.detection;
  return fmt::format("{}: {} of {} examples are anomalies by {} above {:.6g}, {}{}{}", result.out.string(),
                     with_thousands(detection.count_called()), with_thousands(detection.data.examples.size()),
                     detection.detector.score, detection.detector.threshold, detection.data.text,
                     detection.rankings.empty() ? "" : figures_of(detection) + kinds_of(detection),
                     reasons_of(detection));
}

std::string text_of(const ScoreDataResult& result) {
  return noted(result.series ? text_of_series(result) : text_of_examples(result), result.data().notes);
}

// Those of both tasks, in one list.
std::vector<OptionSpec> detect_options() {
  std::vector<OptionSpec> specs = specs_of<FitDetectorRequest>();
  for (const OptionSpec& spec : specs_of<Answered<ScoreDataRequest>>()) {
    if (std::ranges::find(specs, spec.name, &OptionSpec::name) == specs.end()) {
      specs.push_back(spec);
    }
  }
  return specs;
}

int run_detect(const Arguments& arguments) {
  const std::string& work = arguments.words.front();
  const Arguments of_run = {arguments.options, {arguments.words.back()}};
  // Both are read, so that a value that is not allowed is refused whichever task it is for.
  const auto fit = request_from<FitDetectorRequest>(of_run);
  const auto score = request_from<ScoreDataRequest>(of_run);
  CountBar bar;
  if (work == "fit") {
    return answer(fit_detector(fit, bar), fit.json, text_of);
  }
  if (work == "score") {
    return answer(score_data(score, bar), score.json, text_of);
  }
  throw UsageError(
      fmt::format("'{}' is neither fit nor score{}", work, did_you_mean(work, {"fit", "score"})));
}

const CommandRegistration detect_command(
    {.group = CommandGroup::kUse,
     .name = "detect",
     .summary = "anomalies: fit a threshold, score examples",
     .synopsis = "fit|score RUN",
     .min_words = 2,
     .max_words = 2,
     .examples = {"autoencoder detect fit runs/dense-parts-1 --contamination 0.005",
                  "autoencoder detect score runs/dense-parts-1 --data ~/new-parts --out scores.csv",
                  "autoencoder detect score runs/dense-parts-1 --data labelled --anomalies broken,scratched",
                  "autoencoder detect fit runs/conv-fabric-1 --map ssim --false-alarms 0.01",
                  "autoencoder detect score runs/conv-fabric-1 --maps maps"},
     .options = detect_options,
     .run = run_detect});

}  // namespace
}  // namespace autoencoder
