#include "data/series.h"

#include <algorithm>
#include <utility>

#include <torch/types.h>

#include "common/checksum.h"

namespace autoencoder {
namespace {

class WindowStore : public ExampleStore {
 public:
  // steps: all series one behind the other, S x D. starts: of each window among them, N.
  WindowStore(torch::Tensor steps, torch::Tensor starts, int64_t window)
      : steps_(std::move(steps)),
        starts_(std::move(starts)),
        offsets_(torch::arange(window, starts_.options())),
        window_(window) {}

  int64_t size() const override { return starts_.size(0); }
  ImageShape shape() const override { return {steps_.size(1), 1, window_}; }
  torch::Device device() const override { return steps_.device(); }
  torch::ScalarType type() const override { return torch::kFloat32; }

  torch::Tensor stored(const torch::Tensor& indices) const override {
    const torch::Tensor places = starts_.index_select(0, indices).unsqueeze(1) + offsets_;
    return steps_.index_select(0, places.flatten())
        .view({-1, window_, steps_.size(1)})
        .transpose(1, 2)
        .unsqueeze(2)
        .contiguous();
  }

  std::shared_ptr<const ExampleStore> view_of(const torch::Tensor& indices) const override {
    return std::make_shared<WindowStore>(steps_, starts_.index_select(0, indices.to(device())), window_);
  }

  std::shared_ptr<const ExampleStore> moved_to(const torch::Device& device) const override {
    return std::make_shared<WindowStore>(steps_.to(device), starts_.to(device), window_);
  }

 private:
  torch::Tensor steps_;
  torch::Tensor starts_;
  torch::Tensor offsets_;
  int64_t window_;
};

torch::Tensor standardised_steps(const Series& series) {
  return series.scale.mean.defined() ? (series.steps - series.scale.mean) / series.scale.deviation
                                     : series.steps;
}

SeriesScale scale_of(const torch::Tensor& steps) {
  const torch::Tensor exact = steps.to(torch::kFloat64);
  const torch::Tensor deviation = exact.std(0, /*unbiased=*/false);
  const torch::Tensor mean = exact.mean(0);
  // Rounding leaves a little of what never varies.
  const torch::Tensor varies = deviation > 1e-7 * mean.abs().clamp_min(1e-30);
  return {mean.to(torch::kFloat32),
          torch::where(varies, deviation, torch::ones_like(deviation)).to(torch::kFloat32)};
}

}  // namespace

std::vector<double> numbers_in(const torch::Tensor& tensor) {
  const torch::Tensor numbers = tensor.to(torch::kCPU, torch::kFloat64).contiguous();
  return {numbers.const_data_ptr<double>(), numbers.const_data_ptr<double>() + numbers.numel()};
}

std::vector<std::string> SeriesSet::names_of(const std::vector<int64_t>& positions) const {
  std::vector<std::string> names;
  for (const int64_t position : positions) {
    names.push_back(columns[static_cast<size_t>(position)]);
  }
  return names;
}

void StepTimes::add(std::string_view text) {
  text_ += text;
  ends_.push_back(text_.size());
}

std::string_view StepTimes::at(int64_t step) const {
  const auto place = static_cast<size_t>(step);
  const size_t begin = place == 0 ? 0 : ends_.at(place - 1);
  return std::string_view(text_).substr(begin, ends_.at(place) - begin);
}

StepTimes StepTimes::chosen(const torch::Tensor& steps) const {
  const torch::Tensor places = steps.contiguous();
  StepTimes result;
  for (int64_t i = 0; i < places.size(0); ++i) {
    result.add(at(places.const_data_ptr<int64_t>()[i]));
  }
  return result;
}

torch::Tensor SeriesSet::beginnings() const {
  std::vector<int64_t> beginnings = {0};
  for (const Series& each : series) {
    beginnings.push_back(beginnings.back() + each.length());
  }
  return torch::tensor(beginnings, torch::kInt64);
}

bool SeriesSet::has_times() const {
  return std::ranges::any_of(series, [](const Series& each) { return each.times != nullptr; });
}

std::string SeriesSet::time_text(int64_t which, int64_t step) const {
  const auto& times = series[static_cast<size_t>(which)].times;
  return times ? std::string(times->at(step)) : "";
}

Windows Windows::chosen(const torch::Tensor& indices) const {
  return defined() ? Windows{of, series.index_select(0, indices), first.index_select(0, indices)} : *this;
}

Windows Windows::followed_by(const Windows& others) const {
  if (!defined() || !others.defined()) {
    return {};
  }
  TORCH_CHECK(of->width() == others.of->width() && of->window == others.of->window,
              "windows of different shapes cannot be one set");
  auto both = std::make_shared<SeriesSet>(*of);
  both->series.insert(both->series.end(), others.of->series.begin(), others.of->series.end());
  return {both, torch::cat({series, others.series + std::ssize(of->series)}),
          torch::cat({first, others.first})};
}

Windows all_windows(const std::shared_ptr<const SeriesSet>& set) {
  std::vector<torch::Tensor> which;
  std::vector<torch::Tensor> first;
  for (int64_t i = 0; i < std::ssize(set->series); ++i) {
    const int64_t end = set->series[static_cast<size_t>(i)].length() - set->window + 1;
    first.push_back(torch::arange(0, std::max<int64_t>(end, 0), set->stride, torch::kInt64));
    which.push_back(torch::full_like(first.back(), i));
  }
  return {set, torch::cat(which), torch::cat(first)};
}

Examples examples_of(const Windows& windows) {
  std::vector<torch::Tensor> steps;
  for (const Series& series : windows.of->series) {
    steps.push_back(standardised_steps(series));
  }
  const torch::Tensor starts = windows.of->beginnings().index_select(0, windows.series) + windows.first;
  return Examples(std::make_shared<WindowStore>(torch::cat(steps), starts, windows.of->window));
}

torch::Tensor places_of(const Windows& windows) {
  std::vector<int64_t> numbers;
  for (const Series& series : windows.of->series) {
    const torch::Tensor steps = series.steps.contiguous();
    Checksum checksum;
    checksum.add(steps.const_data_ptr(), steps.nbytes());
    numbers.push_back(static_cast<int64_t>(checksum.value()));
  }
  return torch::stack({torch::tensor(numbers).index_select(0, windows.series), windows.first}, 1);
}

torch::Tensor labels_of(const Windows& windows) {
  const std::vector<Series>& all = windows.of->series;
  if (!std::ranges::all_of(all, [](const Series& series) { return series.are_anomalies.defined(); })) {
    return {};
  }
  // Anomalies before each step: a window has one where their number grows in it.
  std::vector<torch::Tensor> before;
  for (const Series& series : all) {
    before.push_back(torch::cat({torch::zeros({1}, torch::kInt64), series.are_anomalies.cumsum(0)}));
  }
  const torch::Tensor counts = torch::cat(before);
  const torch::Tensor places =
      (windows.of->beginnings().index_select(0, windows.series) + windows.series) + windows.first;
  return (counts.index_select(0, places + windows.of->window) > counts.index_select(0, places))
      .to(torch::kInt64);
}

Windows standardised(const Windows& windows, const std::vector<SeriesScale>& scales) {
  auto set = std::make_shared<SeriesSet>(*windows.of);
  TORCH_CHECK(scales.size() == set->series.size(), "a scale for each series");
  for (size_t i = 0; i < scales.size(); ++i) {
    set->series[i].scale = scales[i];
  }
  return {set, windows.series, windows.first};
}

SeriesScales::SeriesScales(const Windows& training) {
  const torch::Tensor offsets = torch::arange(training.of->window);
  for (int64_t i = 0; i < std::ssize(training.of->series); ++i) {
    const torch::Tensor first = training.first.masked_select(training.series == i);
    if (first.numel() == 0) {
      continue;
    }
    const Series& series = training.of->series[static_cast<size_t>(i)];
    const torch::Tensor covered = torch::zeros({series.length()}, torch::kBool);
    covered.index_fill_(0, (first.unsqueeze(1) + offsets).flatten(), true);
    by_name_[series.name] = scale_of(series.steps.index_select(0, covered.nonzero().flatten()));
  }
}

SeriesScale SeriesScales::of(const Series& series) const {
  if (const auto found = by_name_.find(series.name); found != by_name_.end()) {
    return found->second;
  }
  return by_name_.size() == 1 ? by_name_.begin()->second : scale_of(series.steps);
}

SeriesScales SeriesScales::named(const std::vector<std::string>& names) const {
  const bool are_former = by_name_.size() == 2 && by_name_.contains("0") && by_name_.contains("1");
  const auto is_known = [&](const std::string& name) { return by_name_.contains(name); };
  if (!are_former || names.size() != 2 || std::ranges::any_of(names, is_known)) {
    return *this;
  }
  SeriesScales result;
  result.by_name_ = {{names[0], by_name_.at("0")}, {names[1], by_name_.at("1")}};
  return result;
}

Json SeriesScales::to_json() const {
  Json json = Json::object();
  for (const auto& [name, scale] : by_name_) {
    json[name] = {{"mean", numbers_in(scale.mean)}, {"deviation", numbers_in(scale.deviation)}};
  }
  return json;
}

SeriesScales SeriesScales::from_json(const Json& json) {
  SeriesScales scales;
  for (const auto& [name, numbers] : json.items()) {
    const auto tensor = [&](const char* which) {
      return torch::tensor(numbers.at(which).get<std::vector<float>>());
    };
    scales.by_name_[name] = {tensor("mean"), tensor("deviation")};
  }
  return scales;
}

}  // namespace autoencoder
