#include "evaluation/logistic_regression.h"

#include <torch/types.h>

#include "evaluation/lbfgs.h"
#include "models/kernels/products.h"

namespace autoencoder {
namespace {

// The mean cross-entropy and its penalty as a function of weight and bias, one behind the other.
class PenalisedCrossEntropy {
 public:
  PenalisedCrossEntropy(torch::Tensor features, const torch::Tensor& targets, int64_t classes, double penalty)
      : features_(std::move(features)),
        is_target_(torch::one_hot(targets, classes).to(features_.scalar_type())),
        penalty_(penalty) {}

  int64_t size() const { return is_target_.size(1) * (features_.size(1) + 1); }
  torch::Tensor weight(const torch::Tensor& place) const {
    return place.narrow(0, 0, size() - is_target_.size(1)).view({is_target_.size(1), features_.size(1)});
  }
  torch::Tensor bias(const torch::Tensor& place) const {
    return place.narrow(0, size() - is_target_.size(1), is_target_.size(1));
  }

  FunctionValue operator()(const torch::Tensor& place) const {
    const auto type = features_.scalar_type();
    const double count = static_cast<double>(features_.size(0));
    const torch::Tensor log_probabilities =
        torch::log_softmax(product_plus(bias(place).to(type), features_, weight(place).to(type).t()), 1);
    const torch::Tensor cross_entropy = -(log_probabilities * is_target_).sum(torch::kFloat64) / count;
    const torch::Tensor excess = (log_probabilities.exp() - is_target_) / count;
    const torch::Tensor weight_gradient =
        product(excess.t(), features_).to(torch::kFloat64) + 2 * penalty_ * weight(place);
    const torch::Tensor value = cross_entropy + penalty_ * weight(place).square().sum();
    return {value.item<double>(),
            torch::cat({weight_gradient.flatten(), excess.sum(0, /*keepdim=*/false, torch::kFloat64)})};
  }

 private:
  torch::Tensor features_;
  torch::Tensor is_target_;  // N x C, 0 or 1
  double penalty_;           // of the sum of squared weights
};

}  // namespace

torch::Tensor LogisticRegression::log_probabilities(const torch::Tensor& features) const {
  return torch::log_softmax(product_plus(bias, standardisation.apply(features), weight.t()), 1);
}

torch::Tensor LogisticRegression::classify(const torch::Tensor& features) const {
  return classes.index_select(0, log_probabilities(features).argmax(1));
}

LogisticRegression fit_logistic_regression(const torch::Tensor& features, const torch::Tensor& labels,
                                           const LogisticRegressionOptions& options) {
  TORCH_CHECK(features.dim() == 2 && features.size(0) == labels.size(0), features.sizes(), " features of ",
              labels.sizes(), " labels");
  const auto [classes, targets, counts] =
      at::_unique2(labels, /*sorted=*/true, /*return_inverse=*/true, /*return_counts=*/false);
  TORCH_CHECK(classes.size(0) > 1, "one class alone cannot be told apart");
  LogisticRegression fitted;
  fitted.classes = classes;
  fitted.standardisation = fit_standardisation(features);
  const double penalty =
      (classes.size(0) == 2 ? 2 : 1) / (2 * options.inverse_penalty * static_cast<double>(features.size(0)));
  const PenalisedCrossEntropy loss(fitted.standardisation.apply(features), targets, classes.size(0), penalty);
  const Minimum minimum = minimise(
      loss, torch::zeros({loss.size()}, torch::kFloat64),
      {.max_steps = options.max_steps, .tolerance = options.tolerance, .noise = precision_of(features)});
  fitted.weight = loss.weight(minimum.place).to(features.scalar_type());
  fitted.bias = loss.bias(minimum.place).to(features.scalar_type());
  fitted.converged = minimum.converged;
  return fitted;
}

}  // namespace autoencoder
