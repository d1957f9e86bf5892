#include "tasks/detection.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/classes.h"

namespace autoencoder {
namespace {

constexpr const char* kNormalClass = "good";  // as the folders of industrial data call it
constexpr int64_t kMasksAtOnce = 256;
constexpr int64_t kRowsToldOf = 10;
constexpr int64_t kColumnsToldOf = 3;  // of each
constexpr double kBrightest = 4;       // times the threshold

// As the user says it.
torch::Tensor named_anomalies(const DescribedData& data, const AnomalyLabels& labels) {
  if (!labels.anomalies.empty() && !labels.normal.empty()) {
    throw UsageError("--anomalies and --normal are both given; one of them says it all");
  }
  if (!data.examples.labels.defined()) {
    throw Error(fmt::format("{}: no labels that would tell anomalies from normal examples", data.text));
  }
  const bool names_normal = labels.anomalies.empty();
  const std::vector<std::string> named = split_words(names_normal ? labels.normal : labels.anomalies);
  const Classes classes = number_classes(data.examples.labels, data.examples.label_names);
  const torch::Tensor named_ones = are_named(classes, named, names_normal ? "normal" : "anomalies");
  const torch::Tensor are_anomalies = names_normal ? named_ones.logical_not() : named_ones;
  if (!has_both_kinds(are_anomalies)) {
    throw Error(fmt::format("{}: {} of them anomalies; both kinds are needed", data.text,
                            are_anomalies.any().item<bool>() ? "all" : "none"));
  }
  return are_anomalies;
}

torch::Tensor are_masked(const Examples& masks) {
  std::vector<torch::Tensor> are_defective;
  for (int64_t first = 0; first < masks.size(); first += kMasksAtOnce) {
    are_defective.push_back(masks.range(first, first + kMasksAtOnce).flatten(1).any(1).to(torch::kBool));
  }
  return torch::cat(are_defective);
}

// As the data say it.
torch::Tensor anomalies_by(const Dataset& data) {
  if (data.labels.defined()) {
    const Classes classes = number_classes(data.labels, data.label_names);
    if (std::ranges::find(classes.names, kNormalClass) != classes.names.end()) {
      return are_named(classes, {kNormalClass}, "normal").logical_not();
    }
  }
  return data.masks.defined() ? are_masked(data.masks) : torch::Tensor();
}

// Normal examples, number 0, and the anomalies of each label, or all of them where there are none.
struct Groups {
  torch::Tensor numbers;           // N, int64
  std::vector<std::string> names;  // of the groups from 1 on; empty without labels

  int64_t count() const { return std::max<int64_t>(std::ssize(names), 1) + 1; }
};

Groups groups_of(const Dataset& data, const torch::Tensor& is_anomaly) {
  if (!data.labels.defined()) {
    return {is_anomaly.to(torch::kInt64), {}};
  }
  Groups groups = {torch::zeros_like(data.labels), {}};
  const Classes classes = number_classes(data.labels, data.label_names);
  for (int64_t i = 0; i < std::ssize(classes.names); ++i) {
    const torch::Tensor members = (classes.numbers == i).logical_and(is_anomaly);
    if (members.any().item<bool>()) {
      groups.names.push_back(classes.names[static_cast<size_t>(i)]);
      groups.numbers.masked_fill_(members, std::ssize(groups.names));
    }
  }
  return groups;
}

// How well the score tells the anomalies of one group.
AnomalyKind kind_of(const Detection& detection, const Groups& groups, int64_t group) {
  const torch::Tensor members = ((groups.numbers == 0) | (groups.numbers == group)).nonzero().flatten();
  const torch::Tensor is_one = groups.numbers.index_select(0, members) == group;
  return {groups.names[static_cast<size_t>(group - 1)], is_one.sum().item<int64_t>(),
          rank(detection.scores.index_select(0, members), is_one).area_under_roc, std::nullopt};
}

void tell_kinds_apart(Detection& detection) {
  const Groups groups = groups_of(detection.data.examples, detection.is_anomaly);
  for (int64_t group = 1; group <= std::ssize(groups.names); ++group) {
    detection.kinds.push_back(kind_of(detection, groups, group));
  }
}

// How well the map shows where the defects lie: of each kind, and of all.
void localize(Autoencoder& model, Detection& detection) {
  const Groups groups = groups_of(detection.data.examples, detection.is_anomaly);
  std::vector<PixelTally> tallies =
      tally_pixels(model, detection.data.examples, detection.detector.map, groups.numbers, groups.count());
  PixelTally all = tallies.front();
  for (size_t group = 1; group < tallies.size(); ++group) {
    all += tallies[group];
    tallies[group] += tallies.front();
    if (!groups.names.empty() && tallies[group].has_both()) {
      detection.kinds[group - 1].localization = tallies[group].figures();
    }
  }
  if (all.has_both()) {
    detection.localization = all.figures();
  }
}

Json json_of(const Localization& figures) {
  return {{"auroc", figures.area_under_roc},
          {"pro", figures.region_overlap},
          {"best_f1", figures.best_f1},
          {"threshold", figures.threshold}};
}

Json json_of(const AnomalyKind& kind) {
  Json json = {{"examples", kind.examples}, {"auroc", kind.area_under_roc}};
  if (kind.localization) {
    json["pixels"] = json_of(*kind.localization);
  }
  return json;
}

}  // namespace

void AnomalyLabels::visit(OptionVisitor& visitor) {
  visitor.option("anomalies", anomalies, "labels of anomalies, with commas between, where data are labelled");
  visitor.option("normal", normal,
                 "labels of what is normal, all others being anomalies; the default is a class called good, "
                 "or what has an empty mask");
}

torch::Tensor known_anomalies(const DescribedData& data, const AnomalyLabels& labels) {
  if (!labels.anomalies.empty() || !labels.normal.empty()) {
    return named_anomalies(data, labels);
  }
  const torch::Tensor is_anomaly = anomalies_by(data.examples);
  return is_anomaly.defined() && has_both_kinds(is_anomaly) ? is_anomaly : torch::Tensor();
}

torch::Tensor Detection::called_anomalies() const { return scores >= detector.threshold; }

std::vector<int64_t> Detection::strangest(int64_t most) const {
  const torch::Tensor order = scores.argsort(/*dim=*/int64_t{0}, /*descending=*/true);
  const torch::Tensor first = order.narrow(0, 0, std::min(most, scores.size(0))).contiguous();
  return {first.const_data_ptr<int64_t>(), first.const_data_ptr<int64_t>() + first.size(0)};
}

double Detection::brightest(double largest) const {
  const bool is_score = detector.score == "map" && detector.threshold > 0;
  return std::max(is_score ? std::min(largest, kBrightest * detector.threshold) : largest, 1e-12);
}

int64_t Detection::count_called() const { return called_anomalies().sum().item<int64_t>(); }

double Detection::own_area_under_roc() const {
  const auto own = std::ranges::find(rankings, detector.score, [](const auto& each) { return each.first; });
  return own->second.area_under_roc;
}

void add_point(Json& json, const OperatingPoint& point) {
  json["precision"] = point.precision;
  json["recall"] = point.true_positive_rate;
  json["false_positive_rate"] = point.false_positive_rate;
  json["f1"] = f1_of(point);
}

OperatingPoint Detection::at_threshold() const {
  return operating_point(called_anomalies(), is_anomaly, detector.threshold);
}

Json Detection::to_json() const {
  Json json = {{"examples", data.examples.size()},
               {"score", detector.score},
               {"threshold", detector.threshold},
               {"anomalies", count_called()}};
  for (const auto& [name, ranking] : rankings) {
    json["scores"][name] = {{"auroc", ranking.area_under_roc},
                            {"average_precision", ranking.average_precision},
                            {"best_f1", f1_of(ranking.best_f1())}};
  }
  if (!rankings.empty()) {
    add_point(json, at_threshold());
  }
  if (localization) {
    json["map"] = detector.map.text();
    json["pixels"] = json_of(*localization);
  }
  if (reasons) {
    for (const int64_t row : strangest(kRowsToldOf)) {
      json["strangest"].push_back({{"row", row},
                                   {"score", scores[row].item<double>()},
                                   {"columns", reasons->text(row, kColumnsToldOf)}});
    }
  }
  for (const AnomalyKind& kind : kinds) {
    json["kinds"][kind.name] = json_of(kind);
  }
  return json;
}

Detection detect_anomalies(const OpenRun& run, const Detector& detector, const DescribedData& data,
                           const torch::Tensor& is_anomaly, uint64_t seed, Progress& progress) {
  Autoencoder& model = run.model();
  std::vector<std::string> ranked =
      is_anomaly.defined() ? anomaly_score_names(model) : std::vector<std::string>();
  std::erase_if(ranked, [&](const std::string& score) { return !detector.normality.knows(score); });
  const bool is_localized = is_anomaly.defined() && data.examples.masks.defined();
  const auto passes = std::max<int64_t>(std::ssize(ranked), 1) + (is_localized ? 1 : 0);
  progress.begin("scoring", data.examples.size() * passes);
  const auto scored = [&](const std::string& score) {
    torch::Tensor scores =
        score_anomalies(model, data.examples, score, detector.normality, seed, detector.map);
    progress.advance(data.examples.size());
    return scores;
  };
  Detection detection = {data, detector, scored(detector.score), is_anomaly, {}};
  for (const std::string& score : ranked) {
    const torch::Tensor scores = score == detector.score ? detection.scores : scored(score);
    detection.rankings.emplace_back(score, rank(scores, is_anomaly));
  }
  if (!ranked.empty()) {
    tell_kinds_apart(detection);
  }
  if (!model.row_layout().empty() && data.examples.schema != nullptr) {
    detection.reasons = column_shares(model, data.examples);
  }
  if (is_localized) {
    localize(model, detection);
    progress.advance(data.examples.size());
  }
  return detection;
}

}  // namespace autoencoder
