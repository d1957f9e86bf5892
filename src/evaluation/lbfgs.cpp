#include "evaluation/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr size_t kCorrections = 10;  // steps that the curvature is estimated from
constexpr int kMostHalvings = 30;
constexpr double kSufficientDecrease = 1e-4;  // of what the slope promises (Nocedal & Wright 2006, eq. 3.4)

double inner_product(const torch::Tensor& a, const torch::Tensor& b) { return a.dot(b).item<double>(); }

// A step taken, and how it changed the gradient.
struct Correction {
  torch::Tensor step;
  torch::Tensor change;
  double curvature;  // step . change
};

// The inverse of the Hessian times a vector, from the last steps (Nocedal & Wright 2006, algorithm 7.4).
class InverseHessian {
 public:
  void add(const torch::Tensor& step, const torch::Tensor& change) {
    const double curvature = inner_product(step, change);
    if (curvature <= 0) {
      return;  // rounding; it would turn descent into ascent
    }
    corrections_.push_back({step, change, curvature});
    if (corrections_.size() > kCorrections) {
      corrections_.pop_front();
    }
  }

  torch::Tensor times(const torch::Tensor& vector) const {
    torch::Tensor result = vector.clone();
    std::vector<double> weights;
    for (auto each = corrections_.rbegin(); each != corrections_.rend(); ++each) {
      weights.push_back(inner_product(each->step, result) / each->curvature);
      result -= weights.back() * each->change;
    }
    result *= scale(vector);
    for (const Correction& each : corrections_) {
      result += (weights.back() - inner_product(each.change, result) / each.curvature) * each.step;
      weights.pop_back();
    }
    return result;
  }

 private:
  // Of the first step: a length of 1 at most.
  double scale(const torch::Tensor& gradient) const {
    if (corrections_.empty()) {
      return std::min(1.0, 1 / gradient.abs().sum().item<double>());
    }
    const Correction& last = corrections_.back();
    return last.curvature / inner_product(last.change, last.change);
  }

  std::deque<Correction> corrections_;
};

struct Place {
  torch::Tensor at;
  FunctionValue here;
};

// The first place on the way along `direction` (1, 1/2, 1/4 ... of it) that is low enough; nothing where none
// is.
template <typename Function>
std::optional<Place> lower_place(const Function& function, const Place& from, const torch::Tensor& direction,
                                 double noise) {
  const double slope = inner_product(from.here.gradient, direction);
  double share = 1;
  for (int halving = 0; halving <= kMostHalvings; ++halving, share /= 2) {
    const torch::Tensor at = from.at + share * direction;
    FunctionValue there = function(at);
    const double bound =
        from.here.value + kSufficientDecrease * share * slope + noise * std::abs(from.here.value);
    if (there.value <= bound) {
      return Place{at, std::move(there)};
    }
  }
  return std::nullopt;
}

}  // namespace

Minimum minimise(const std::function<FunctionValue(const torch::Tensor& place)>& function,
                 const torch::Tensor& start, const LbfgsOptions& options) {
  const torch::NoGradGuard no_grad;
  const auto converged = [&](const Place& place) {
    return place.here.gradient.abs().max().item<double>() <= options.tolerance;
  };
  InverseHessian inverse_hessian;
  Place place = {start, function(start)};
  for (int64_t step = 0; step < options.max_steps && !converged(place); ++step) {
    const torch::Tensor direction = -inverse_hessian.times(place.here.gradient);
    const auto next = lower_place(function, place, direction, options.noise);
    if (!next) {
      break;
    }
    inverse_hessian.add(next->at - place.at, next->here.gradient - place.here.gradient);
    place = *next;
  }
  return {place.at, converged(place)};
}

}  // namespace autoencoder
