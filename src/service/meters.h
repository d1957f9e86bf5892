// What the service has done, in numbers: text that Prometheus reads.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace autoencoder::service {

/// A cumulative histogram, as Prometheus has them.
class Histogram {
 public:
  /// `bounds`: rising.
  explicit Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

  void add(double value);
  void write(std::string& text, const std::string& name, const std::string& labels) const;

 private:
  std::vector<double> bounds_;
  std::vector<uint64_t> counts_;  // in each interval; the last one is without bound
  double sum_ = 0;
};

/// Safe to use from several threads.
class Meters {
 public:
  /// `route`: of a fixed list, or empty.
  void count_request(const std::string& route, int status, double seconds);
  void count_batch(int64_t examples, double seconds);

  /// What is so at the moment, by name and help.
  struct Gauge {
    std::string name;
    std::string help;
    double value = 0;
  };
  std::string text(const std::vector<Gauge>& gauges) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t> requests_;
  std::map<std::string, Histogram> seconds_;
  Histogram batch_examples_{{1, 2, 4, 8, 16, 32, 64, 128, 256}};
  Histogram batch_seconds_{{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1}};
};

}  // namespace autoencoder::service
