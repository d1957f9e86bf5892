#include "report/losses.h"

#include <functional>
#include <optional>

#include <fmt/format.h>

namespace autoencoder {
namespace {

// What is drawn of an epoch.
using Measure = std::function<std::optional<double>(const EpochRecord&)>;

report::Curve curve_of(const std::string& name, const History& history, const Measure& measure) {
  report::Curve curve = {.name = name, .x = {}, .y = {}};
  for (const EpochRecord& record : history) {
    if (const auto value = measure(record)) {
      curve.x.push_back(static_cast<double>(record.epoch));
      curve.y.push_back(*value);
    }
  }
  return curve;
}

std::optional<double> training_loss(const EpochRecord& record) { return record.train.total; }

std::optional<double> validation_loss(const EpochRecord& record) {
  return record.validation ? std::optional(record.validation->total) : std::nullopt;
}

report::Curve term_curve(const std::string& part, size_t term, const History& history) {
  const bool is_training = part == "training";
  report::Curve curve = curve_of(
      fmt::format("{}: {}", part, history.front().train.terms.at(term).first), history,
      [&](const EpochRecord& record) -> std::optional<double> {
        if (is_training) {
          return record.train.terms.at(term).second;
        }
        return record.validation ? std::optional(record.validation->terms.at(term).second) : std::nullopt;
      });
  curve.series = report::Series::kHidden;
  return curve;
}

}  // namespace

report::Section losses_section(const History& history) {
  if (history.empty()) {
    return {"Losses", {}};
  }
  std::vector<report::Curve> curves = {curve_of("training", history, training_loss),
                                       curve_of("validation", history, validation_loss)};
  const size_t terms = history.front().train.terms.size();
  for (size_t term = 0; term < terms && terms > 1; ++term) {
    curves.push_back(term_curve("training", term, history));
    curves.push_back(term_curve("validation", term, history));
  }
  std::erase_if(curves, [](const report::Curve& curve) { return curve.x.empty(); });
  const EpochRecord& best = history[best_record(history)];
  const std::string caption =
      fmt::format("Losses by epoch; the best is epoch {}, with {:.6g}", best.epoch, best.monitored_loss());
  return {"Losses", {report::Curves{caption, "epoch", "loss", std::move(curves)}}};
}

report::Curves compared_losses(const std::vector<NamedHistory>& runs) {
  report::Curves chart = {
      "The loss that each run's best epoch was chosen by; those of unlike models do not compare",
      "epoch",
      "loss",
      {}};
  for (const auto& [name, history] : runs) {
    if (!history.empty()) {
      chart.curves.push_back(
          curve_of(name, history, [](const EpochRecord& record) { return record.monitored_loss(); }));
    }
  }
  return chart;
}

}  // namespace autoencoder
