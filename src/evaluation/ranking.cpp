#include "evaluation/ranking.h"

#include <algorithm>

#include <torch/types.h>

namespace autoencoder {

double f1_of(const OperatingPoint& point) {
  const double sum = point.precision + point.true_positive_rate;
  return sum > 0 ? 2 * point.precision * point.true_positive_rate / sum : 0;
}

OperatingPoint operating_point(const torch::Tensor& called, const torch::Tensor& is_positive,
                               double threshold) {
  const auto count = [](const torch::Tensor& which) { return which.sum().item<double>(); };
  const double hits = count(called.logical_and(is_positive));
  const double all = count(called);
  const double positives = count(is_positive);
  const double negatives = static_cast<double>(called.size(0)) - positives;
  return {threshold, hits / positives, (all - hits) / negatives, all > 0 ? hits / all : 0};
}

bool has_both_kinds(const torch::Tensor& is_positive) {
  return is_positive.any().item<bool>() && !is_positive.all().item<bool>();
}

OperatingPoint Ranking::best_f1() const {
  return *std::max_element(
      points.begin(), points.end(),
      [](const OperatingPoint& a, const OperatingPoint& b) { return f1_of(a) < f1_of(b); });
}

Ranking rank(const torch::Tensor& scores, const torch::Tensor& is_positive) {
  const auto [sorted, order] = scores.to(torch::kCPU, torch::kFloat64).sort(0, /*descending=*/true);
  const torch::Tensor positive = is_positive.to(torch::kCPU, torch::kBool).index_select(0, order);
  const auto positives = positive.sum().item<double>();
  const double negatives = static_cast<double>(positive.size(0)) - positives;
  TORCH_CHECK(positives > 0 && negatives > 0, "a ranking needs examples of both kinds");
  const auto score = sorted.accessor<double, 1>();
  const auto is_one = positive.accessor<bool, 1>();

  Ranking ranking;
  double true_ones = 0;
  double false_ones = 0;
  OperatingPoint before;
  for (int64_t i = 0; i < sorted.size(0); ++i) {
    (is_one[i] ? true_ones : false_ones) += 1;
    if (i + 1 < sorted.size(0) && score[i + 1] == score[i]) {
      continue;  // equal scores fall on one side of any threshold together
    }
    const OperatingPoint point = {score[i], true_ones / positives, false_ones / negatives,
                                  true_ones / (true_ones + false_ones)};
    ranking.area_under_roc += (point.false_positive_rate - before.false_positive_rate) *
                              (point.true_positive_rate + before.true_positive_rate) / 2;
    ranking.average_precision += (point.true_positive_rate - before.true_positive_rate) * point.precision;
    ranking.points.push_back(point);
    before = point;
  }
  return ranking;
}

}  // namespace autoencoder
