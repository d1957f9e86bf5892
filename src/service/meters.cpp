#include "service/meters.h"

#include <algorithm>

#include <fmt/format.h>

namespace autoencoder::service {
namespace {

const std::vector<double> kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                      0.1,    0.25,  0.5,    1,     2.5,  5,     10};

void describe(std::string& text, const std::string& name, const std::string& type, const std::string& help) {
  text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

}  // namespace

void Histogram::add(double value) {
  const auto bound = std::ranges::lower_bound(bounds_, value);
  ++counts_[static_cast<size_t>(bound - bounds_.begin())];
  sum_ += value;
}

void Histogram::write(std::string& text, const std::string& name, const std::string& labels) const {
  const std::string comma = labels.empty() ? "" : ",";
  uint64_t count = 0;
  for (size_t i = 0; i < counts_.size(); ++i) {
    count += counts_[i];
    const std::string bound = i < bounds_.size() ? fmt::format("{}", bounds_[i]) : "+Inf";
    text += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma, bound, count);
  }
  const std::string braced = labels.empty() ? "" : "{" + labels + "}";
  text += fmt::format("{0}_sum{1} {2}\n{0}_count{1} {3}\n", name, braced, sum_, count);
}

void Meters::count_request(const std::string& route, int status, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[{route, status}];
  seconds_.try_emplace(route, kSeconds).first->second.add(seconds);
}

void Meters::count_batch(int64_t examples, double seconds) {
  const std::lock_guard lock(mutex_);
  batch_examples_.add(static_cast<double>(examples));
  batch_seconds_.add(seconds);
}

std::string Meters::text(const std::vector<Gauge>& gauges) const {
  const std::lock_guard lock(mutex_);
  std::string text;
  describe(text, "autoencoder_requests_total", "counter", "Requests that were answered.");
  for (const auto& [key, count] : requests_) {
    text += fmt::format("autoencoder_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", key.first,
                        key.second, count);
  }
  describe(text, "autoencoder_request_seconds", "histogram",
           "From a request's header to its answer's last byte.");
  for (const auto& [route, histogram] : seconds_) {
    histogram.write(text, "autoencoder_request_seconds", fmt::format("route=\"{}\"", route));
  }
  describe(text, "autoencoder_batch_examples", "histogram", "Examples that were computed at once.");
  batch_examples_.write(text, "autoencoder_batch_examples", "");
  describe(text, "autoencoder_batch_seconds", "histogram", "What computing them took.");
  batch_seconds_.write(text, "autoencoder_batch_seconds", "");
  for (const Gauge& gauge : gauges) {
    describe(text, gauge.name, gauge.name.ends_with("_total") ? "counter" : "gauge", gauge.help);
    text += fmt::format("{} {}\n", gauge.name, gauge.value);
  }
  return text;
}

}  // namespace autoencoder::service
