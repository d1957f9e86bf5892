#include "data/formats/generated_series.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

enum class SeriesPart { kTraining, kTest };

// What is made up: T x D before noise, and T of which steps are anomalies, int64.
struct MadeUp {
  torch::Tensor steps;
  torch::Tensor labels;
};

// --- days ---

constexpr int64_t kStepsADay = 288;

double step_of_hour(double hour) { return hour * kStepsADay / 24; }

MadeUp daily_steps(int64_t count, SeriesPart part, const at::Generator& /*rng*/) {
  constexpr double kNight = 20;
  constexpr double kDay = 80;
  const torch::Tensor step = torch::arange(count, torch::kFloat32);
  const torch::Tensor hour = step.remainder(kStepsADay) / step_of_hour(1);
  const torch::Tensor is_day =
      (hour - 8).clamp(0, 1) * (18 - hour).clamp(0, 1);  // an hour of dawn, one of dusk
  MadeUp days = {kNight + (kDay - kNight) * is_day, torch::zeros({count}, torch::kInt64)};
  if (part == SeriesPart::kTraining) {
    return days;
  }
  // Where of the whole a jump begins, how many hours it lasts, and what it is by.
  struct Jump {
    double day;
    double hour;
    double hours;
    double height;
  };
  const double all_days = std::max(1.0, std::floor(static_cast<double>(count) / kStepsADay));
  for (const Jump& jump : {Jump{0.25, 10, 3, 60}, Jump{0.5, 9, 3, kNight - kDay}, Jump{0.8, 13, 1, 60}}) {
    const double day = std::floor(jump.day * all_days);
    const auto begin = static_cast<int64_t>(day * kStepsADay + step_of_hour(jump.hour));
    const auto end = begin + static_cast<int64_t>(step_of_hour(jump.hours));
    days.steps.slice(0, begin, end) += jump.height;
    days.labels.slice(0, begin, end) = 1;
  }
  days.steps = days.steps.clamp_min(kNight);
  return days;
}

// --- beats ---

constexpr double kStepsASecond = 100;

// A wave of a beat: seconds after the R peak, width, and height in both leads.
struct Wave {
  double after;
  double width;
  std::array<double, 2> heights;
};

const std::vector<Wave> kBeat = {{-0.18, 0.025, {0.15, 0.1}},
                                 {-0.035, 0.01, {-0.12, -0.05}},
                                 {0, 0.012, {1.1, 0.6}},
                                 {0.03, 0.012, {-0.25, -0.4}},
                                 {0.24, 0.045, {0.3, 0.2}}};
const std::vector<Wave> kPrematureBeat = {{0, 0.045, {0.9, -0.7}}, {0.28, 0.06, {-0.35, 0.25}}};

void add_beat(torch::Tensor& steps, double at, const std::vector<Wave>& waves) {
  const torch::Tensor seconds = torch::arange(steps.size(0), torch::kFloat32) / kStepsASecond;
  for (const Wave& wave : waves) {
    const torch::Tensor shape = (-((seconds - at - wave.after) / wave.width).square() / 2).exp();
    for (int64_t lead = 0; lead < 2; ++lead) {
      steps.select(1, lead) += wave.heights.at(static_cast<size_t>(lead)) * shape;
    }
  }
}

void mark(torch::Tensor& labels, double from, double to) {
  const auto step = [&](double seconds) {
    return std::clamp<int64_t>(std::llround(seconds * kStepsASecond), 0, labels.size(0));
  };
  labels.slice(0, step(from), step(to)) = 1;
}

enum class BeatKind { kUsual, kPremature, kMissing };

// One beat of sixteen is an anomaly, the third of them one that is missing.
BeatKind kind_of(int64_t beat, SeriesPart part) {
  if (part == SeriesPart::kTraining || beat % 16 != 9) {
    return BeatKind::kUsual;
  }
  return beat / 16 == 2 ? BeatKind::kMissing : BeatKind::kPremature;
}

MadeUp ecg_steps(int64_t count, SeriesPart part, const at::Generator& rng) {
  constexpr double kUsualDistance = 0.8;  // seconds
  constexpr double kEarly = 0.3;          // how much too early a premature beat is
  MadeUp ecg = {torch::zeros({count, 2}), torch::zeros({count}, torch::kInt64)};
  const double seconds = static_cast<double>(count) / kStepsASecond;
  double at = kUsualDistance / 2;
  for (int64_t beat = 0; at < seconds; ++beat) {
    switch (kind_of(beat, part)) {
      case BeatKind::kUsual:
        add_beat(ecg.steps, at, kBeat);
        break;
      case BeatKind::kPremature:
        add_beat(ecg.steps, at - kEarly, kPrematureBeat);
        mark(ecg.labels, at - kEarly - 0.1, at + 0.15);
        break;
      case BeatKind::kMissing:
        mark(ecg.labels, at - 0.25, at + 0.35);
        break;
    }
    const double deviation = torch::randn({1}, rng).clamp(-2, 2).item<double>() / 20;
    at += kUsualDistance * (1 + deviation);
  }
  return ecg;
}

// --- all of them ---

struct GeneratedSeries {
  std::string name;
  MadeUp (*make)(int64_t count, SeriesPart part, const at::Generator& rng);
  int64_t count;
  double noise;
};

const std::vector<GeneratedSeries>& generated_series() {
  static const std::vector<GeneratedSeries> kSeries = {{"daily", daily_steps, 14 * kStepsADay, 1},
                                                       {"ecg", ecg_steps, 8000, 0.02}};
  return kSeries;
}

Dataset generate(const GeneratedSeries& series, const GeneratedOptions& options, SeriesPart part) {
  const char* purpose = part == SeriesPart::kTraining ? "training" : "test";
  const at::Generator rng = make_generator(derive_seed(options.seed, series.name + " " + purpose));
  const int64_t count = options.points > 0 ? options.points : series.count;
  const double noise = options.noise >= 0 ? options.noise : series.noise;
  const auto [steps, labels] = series.make(count, part, rng);
  const torch::Tensor noisy = steps + noise * torch::randn(steps.sizes(), rng, steps.options());
  return {noisy.view({count, 1, 1, -1}), labels, {}};
}

}  // namespace

const std::vector<std::string>& generated_series_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    std::ranges::transform(generated_series(), std::back_inserter(names), &GeneratedSeries::name);
    return names;
  }();
  return kNames;
}

bool is_generated_series(const std::string& name) {
  return std::ranges::count(generated_series_names(), name) > 0;
}

DataSource generate_series(const std::string& name, const GeneratedOptions& options) {
  const auto& all = generated_series();
  const auto found = std::ranges::find(all, name, &GeneratedSeries::name);
  TORCH_CHECK(found != all.end(), "no generated series is called ", name);
  return {name, generate(*found, options, SeriesPart::kTraining),
          generate(*found, options, SeriesPart::kTest)};
}

}  // namespace autoencoder
