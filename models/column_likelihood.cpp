#include "models/column_likelihood.h"

#include <cmath>
#include <numbers>

#include <torch/types.h>

namespace autoencoder {
namespace {

using torch::Tensor;

// No number counts as better known than this, in units of its scale: a column that can be told exactly would
// have a density without bound, and its gradient would be all there is.
constexpr double kSmallestSpread = 0.1;
constexpr double kLargestLogMean = 15;  // of a count: beyond, its exponential overflows on the way

bool is_normal(ColumnKind kind) { return kind == ColumnKind::kNumber || kind == ColumnKind::kTime; }

Tensor count_means(const Tensor& logits) { return torch::exp(logits.clamp_max(kLargestLogMean)); }

Tensor variance_of(const Tensor& log_spread) {
  return torch::exp(2 * log_spread) + kSmallestSpread * kSmallestSpread;
}

Tensor normal_errors(const Tensor& mean, const Tensor& target, const Tensor& log_spread) {
  const Tensor variance = variance_of(log_spread);
  return 0.5 * ((target - mean).square() / variance + torch::log(variance) + std::log(2 * std::numbers::pi));
}

// Of mean m and dispersion r: variance m + m^2 / r.
Tensor count_errors(const Tensor& logits, const Tensor& target, const Tensor& log_dispersion) {
  const Tensor mean = count_means(logits);
  const Tensor dispersion = torch::exp(log_dispersion);
  const Tensor log_sum = torch::log(dispersion + mean);
  return torch::lgamma(dispersion) + torch::lgamma(target + 1) - torch::lgamma(target + dispersion) +
         dispersion * (log_sum - log_dispersion) + target * (log_sum - torch::log(mean));
}

}  // namespace

ColumnLikelihood::ColumnLikelihood(const RowLayout& layout) {
  int64_t numbers = 0;
  int64_t counts = 0;
  for (const auto& [kind, first, width] : layout.spans()) {
    int64_t& learned = kind == ColumnKind::kCount ? counts : numbers;
    const bool joins = !blocks_.empty() && blocks_.back().kind == kind && width == 1 &&
                       kind != ColumnKind::kCategory && kind != ColumnKind::kTime;
    if (joins) {
      ++blocks_.back().width;
      ++blocks_.back().columns;
    } else {
      blocks_.push_back({kind, first, width, 1, learned});
    }
    learned += is_normal(kind) || kind == ColumnKind::kCount ? width : 0;
  }
  if (numbers > 0) {
    log_spread_ = register_parameter("log_spread", torch::zeros({numbers}));
  }
  if (counts > 0) {
    log_dispersion_ = register_parameter("log_dispersion", torch::zeros({counts}));
  }
}

Tensor ColumnLikelihood::expected(const Tensor& logits) const {
  std::vector<Tensor> parts;
  for (const Block& block : blocks_) {
    const Tensor part = logits.narrow(3, block.first, block.width);
    parts.push_back(block.kind == ColumnKind::kYesNo      ? torch::sigmoid(part)
                    : block.kind == ColumnKind::kCategory ? torch::softmax(part, 3)
                    : block.kind == ColumnKind::kCount    ? count_means(part)
                                                          : part);
  }
  return parts.size() == 1 ? parts.front() : torch::cat(parts, 3);
}

Tensor ColumnLikelihood::drawn(const Block& block, const Tensor& logits, const at::Generator& rng) const {
  switch (block.kind) {
    case ColumnKind::kYesNo:
      return torch::bernoulli(torch::sigmoid(logits), rng);
    case ColumnKind::kCategory: {
      const Tensor seen = torch::softmax(logits.narrow(1, 0, block.width - 1), 1);
      return torch::zeros_like(logits).scatter_(1, torch::multinomial(seen, 1, /*replacement=*/false, rng),
                                                1);
    }
    case ColumnKind::kCount: {
      const Tensor dispersion = torch::exp(log_dispersion_.narrow(0, block.learned, block.width));
      const Tensor rate = at::_standard_gamma(dispersion.expand_as(logits).contiguous(), rng) / dispersion;
      return torch::poisson(count_means(logits) * rate, rng);
    }
    default: {
      const Tensor log_spread = log_spread_.narrow(0, block.learned, block.width);
      const Tensor deviation = variance_of(log_spread).sqrt();
      return logits + deviation * torch::randn(logits.sizes(), rng, logits.options());
    }
  }
}

Tensor ColumnLikelihood::draw(const Tensor& logits, const at::Generator& rng) const {
  const torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (const Block& block : blocks_) {
    parts.push_back(drawn(block, logits.flatten(1).narrow(1, block.first, block.width), rng));
  }
  return torch::cat(parts, 1).view_as(logits);
}

Tensor ColumnLikelihood::errors_of(const Block& block, const Tensor& logits, const Tensor& target) const {
  const Tensor hole = torch::isnan(target);
  const Tensor value = target.masked_fill(hole, 0);
  switch (block.kind) {
    case ColumnKind::kYesNo:
      return torch::binary_cross_entropy_with_logits(logits, value, {}, {}, torch::Reduction::None)
          .masked_fill(hole, 0);
    case ColumnKind::kCategory:
      return -(value * torch::log_softmax(logits, 1)).sum(1, /*keepdim=*/true);
    case ColumnKind::kCount:
      return count_errors(logits, value, log_dispersion_.narrow(0, block.learned, block.width))
          .masked_fill(hole, 0);
    default: {
      const Tensor errors = normal_errors(logits, value, log_spread_.narrow(0, block.learned, block.width))
                                .masked_fill(hole, 0);
      return block.columns == block.width ? errors : errors.sum(1, /*keepdim=*/true);
    }
  }
}

Tensor ColumnLikelihood::errors(const Tensor& logits, const Tensor& target) const {
  std::vector<Tensor> parts;
  for (const Block& block : blocks_) {
    parts.push_back(errors_of(block, logits.flatten(1).narrow(1, block.first, block.width),
                              target.flatten(1).narrow(1, block.first, block.width)));
  }
  return parts.size() == 1 ? parts.front() : torch::cat(parts, 1);
}

}  // namespace autoencoder
