#include "commands/detect_report.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/run_pictures.h"
#include "common/files.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/csv.h"
#include "pictures/curves.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

torch::Tensor are_called_anomalies(const DetectReport& report) {
  return report.scores >= report.detector.threshold;
}

// What the threshold gives, where anomalies are known.
OperatingPoint at_threshold(const DetectReport& report) {
  const torch::Tensor called = are_called_anomalies(report);
  const auto count = [](const torch::Tensor& which) { return which.sum().item<double>(); };
  const double hits = count(called.logical_and(report.is_anomaly));
  const double all = count(called);
  const double anomalies = count(report.is_anomaly);
  const double normal = static_cast<double>(called.size(0)) - anomalies;
  return {report.detector.threshold, hits / anomalies, (all - hits) / normal, all > 0 ? hits / all : 0};
}

Curve roc_curve(const std::string& name, const Ranking& ranking) {
  Curve curve = {fmt::format("{}, {:.4f}", name, ranking.area_under_roc), {0}, {0}};
  for (const OperatingPoint& point : ranking.points) {
    curve.x.push_back(point.false_positive_rate);
    curve.y.push_back(point.true_positive_rate);
  }
  return curve;
}

Curve precision_curve(const std::string& name, const Ranking& ranking) {
  Curve curve = {fmt::format("{}, {:.4f}", name, ranking.average_precision), {}, {}};
  for (const OperatingPoint& point : ranking.points) {
    curve.x.push_back(point.true_positive_rate);
    curve.y.push_back(point.precision);
  }
  return curve;
}

void draw_curves(const RunDirectory& run, const DetectReport& report) {
  std::vector<Curve> roc;
  std::vector<Curve> precision;
  for (const auto& [name, ranking] : report.rankings) {
    roc.push_back(roc_curve(name, ranking));
    precision.push_back(precision_curve(name, ranking));
  }
  write_chart(run.picture("roc"), roc,
              {.title = run.name() + ", receiver operating characteristic and the area under it",
               .x_label = "false positive rate",
               .y_label = "true positive rate",
               .kind = ChartKind::kPlain});
  write_chart(run.picture("precision-recall"), precision,
              {.title = run.name() + ", precision over recall, and average precision",
               .x_label = "recall",
               .y_label = "precision",
               .kind = ChartKind::kPlain});
}

void draw_strangest(OpenRun& run, const DetectReport& report, int64_t count) {
  const torch::Tensor strangest = report.scores.argsort(/*dim=*/int64_t{0}, /*descending=*/true)
                                      .narrow(0, 0, std::min(count, report.scores.size(0)));
  const Dataset examples = chosen_examples(report.data.examples, strangest);
  const Reconstruction result = reconstruct(run.model(), examples.images, Corruption());
  const torch::Tensor errors = error_maps(run.model(), examples.images);
  const torch::Tensor largest = errors.amax().clamp_min(1e-12);
  write_grid(run.directory.picture("anomalies"),
             {{"example", result.originals},
              {"reconstruction", result.reconstructions},
              {"error", heat_of(errors / largest)}},
             {.layout = GridLayout::kRows,
              .columns = 0,
              .zoom = 0,
              .title = fmt::format("{}, the strangest of the {}", run.directory.name(), report.data.text)});
}

}  // namespace

void write_scores(const std::filesystem::path& path, const DetectReport& report) {
  const Dataset& data = report.data.examples;
  const bool has_files = !data.files.empty();
  Classes classes;
  if (data.labels.defined()) {
    classes = number_classes(data.labels, data.label_names);
  }
  const torch::Tensor called = are_called_anomalies(report);
  NewFile file(path);
  fmt::memory_buffer text;
  const auto write = std::back_inserter(text);
  fmt::format_to(write, "{},score,verdict{}\n", has_files ? "file" : "index",
                 data.labels.defined() ? ",label" : "");
  for (int64_t i = 0; i < data.size(); ++i) {
    const std::string name = has_files ? csv_cell(data.files[static_cast<size_t>(i)]) : std::to_string(i);
    fmt::format_to(write, "{},{},{}", name, report.scores[i].item<double>(),
                   called[i].item<bool>() ? "anomaly" : "normal");
    if (data.labels.defined()) {
      fmt::format_to(write, ",{}",
                     csv_cell(classes.names[static_cast<size_t>(classes.numbers[i].item<int64_t>())]));
    }
    text.push_back('\n');
    if (text.size() > kBufferBytes) {
      file.append({text.data(), text.size()});
      text.clear();
    }
  }
  file.append({text.data(), text.size()});
  file.commit();
}

void draw_detection(OpenRun& run, const DetectReport& report, int64_t count) {
  if (!pictures_available()) {
    return;
  }
  if (count > 0 && !run.model().input_shape().is_vector()) {
    draw_strangest(run, report, count);
  }
  if (!report.rankings.empty()) {
    draw_curves(run.directory, report);
  }
}

Json detection_json(const std::filesystem::path& path, const DetectReport& report) {
  Json json = {{"out", path.string()},
               {"examples", report.data.examples.size()},
               {"score", report.detector.score},
               {"threshold", report.detector.threshold},
               {"anomalies", are_called_anomalies(report).sum().item<int64_t>()}};
  for (const auto& [name, ranking] : report.rankings) {
    json["scores"][name] = {{"auroc", ranking.area_under_roc},
                            {"average_precision", ranking.average_precision},
                            {"best_f1", f1_of(ranking.best_f1())}};
  }
  if (!report.rankings.empty()) {
    const OperatingPoint point = at_threshold(report);
    json["precision"] = point.precision;
    json["recall"] = point.true_positive_rate;
    json["false_positive_rate"] = point.false_positive_rate;
    json["f1"] = f1_of(point);
  }
  return json;
}

void print_detection(const std::filesystem::path& path, const DetectReport& report) {
  fmt::print("{}: {} of {} examples are anomalies by {} above {:.6g}, {}\n", path.string(),
             with_thousands(are_called_anomalies(report).sum().item<int64_t>()),
             with_thousands(report.data.examples.size()), report.detector.score, report.detector.threshold,
             report.data.text);
  if (report.rankings.empty()) {
    return;
  }
  const OperatingPoint point = at_threshold(report);
  fmt::print("  precision {:.3f}, recall {:.3f}, F1 {:.3f}, false positive rate {:.4f}\n\n", point.precision,
             point.true_positive_rate, f1_of(point), point.false_positive_rate);
  fmt::print("{:<16} {:>8} {:>18} {:>8}\n", "score", "AUROC", "average precision", "best F1");
  for (const auto& [name, ranking] : report.rankings) {
    fmt::print("{:<16} {:>8.4f} {:>18.4f} {:>8.4f}\n", name, ranking.area_under_roc,
               ranking.average_precision, f1_of(ranking.best_f1()));
  }
}

}  // namespace autoencoder
