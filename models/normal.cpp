#include "models/normal.h"

#include <cmath>
#include <numbers>

#include <torch/csrc/autograd/custom_function.h>

// Codes are short: what draws and divergences cost is the number of operations, forward and back, more than
// their arithmetic. Gradients that are written down take half as many as those that autograd derives.

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

class NormalDraw : public torch::autograd::Function<NormalDraw> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& mean, const Tensor& log_variance,
                        const Tensor& noise) {
    context->save_for_backward({log_variance, noise});
    return torch::addcmul(mean, deviation(log_variance), noise);
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const Tensor& log_variance = saved[0];
    const Tensor of_exponent = gradients[0] * saved[1] * deviation(log_variance) / 2;
    return {gradients[0].sum_to_size(log_variance.sizes()), of_exponent.sum_to_size(log_variance.sizes()),
            Tensor()};
  }

 private:
  static Tensor deviation(const Tensor& log_variance) { return log_variance.exp().sqrt(); }
};

class NormalDivergence : public torch::autograd::Function<NormalDivergence> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& mean, const Tensor& log_variance) {
    context->save_for_backward({mean, log_variance});
    return log_variance.expm1().sub_(log_variance).addcmul_(mean, mean).div_(2);
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    return {gradients[0] * saved[0], gradients[0] * saved[1].expm1() / 2};
  }
};

}  // namespace

torch::Tensor draw_normal(const torch::Tensor& mean, const torch::Tensor& log_variance,
                          const torch::Tensor& noise) {
  return NormalDraw::apply(mean, log_variance, noise);
}

torch::Tensor kl_divergence_by_dimension(const torch::Tensor& mean, const torch::Tensor& log_variance) {
  // Both may come in bfloat16, whose steps near 1 are too coarse for this difference.
  return NormalDivergence::apply(mean.to(torch::kFloat32), log_variance.to(torch::kFloat32));
}

torch::Tensor kl_divergence(const torch::Tensor& mean, const torch::Tensor& log_variance) {
  return kl_divergence_by_dimension(mean, log_variance).sum(1);
}

torch::Tensor log_normal_density(const torch::Tensor& value, const torch::Tensor& mean,
                                 const torch::Tensor& log_variance) {
  const double log_two_pi = std::log(2 * std::numbers::pi);
  return -0.5 * (log_two_pi + log_variance + (value - mean).square() / log_variance.exp()).sum(-1);
}

}  // namespace autoencoder
