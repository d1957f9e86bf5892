#include "training/adadelta.h"

#include <torch/optim/optimizer.h>
#include <torch/types.h>

namespace autoencoder {

Adadelta::Adadelta(std::vector<torch::Tensor> parameters, const AdadeltaOptions& options)
    : RememberingOptimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                           std::make_unique<AdadeltaOptions>(options)) {
  for (const torch::Tensor& parameter : param_groups()[0].params()) {
    square_averages_.push_back(torch::zeros_like(parameter));
    accumulated_deltas_.push_back(torch::zeros_like(parameter));
  }
}

torch::Tensor Adadelta::step(LossClosure closure) {
  TORCH_CHECK(!closure, "Adadelta takes no closure");
  const torch::NoGradGuard no_grad;
  const auto& parameters = param_groups()[0].params();
  const auto& options = static_cast<const AdadeltaOptions&>(param_groups()[0].options());
  for (size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor gradient = parameters[i].grad();
    if (options.weight_decay != 0) {
      gradient = gradient.add(parameters[i], options.weight_decay);
    }
    square_averages_[i].mul_(options.rho).addcmul_(gradient, gradient, 1 - options.rho);
    const torch::Tensor delta = (accumulated_deltas_[i] + options.epsilon)
                                    .sqrt_()
                                    .div_((square_averages_[i] + options.epsilon).sqrt_())
                                    .mul_(gradient);
    accumulated_deltas_[i].mul_(options.rho).addcmul_(delta, delta, 1 - options.rho);
    parameters[i].add_(delta, -options.learning_rate);
  }
  return {};
}

std::vector<std::pair<std::string, std::vector<torch::Tensor>>> Adadelta::memory() const {
  return {{"square_averages", square_averages_}, {"accumulated_deltas", accumulated_deltas_}};
}

}  // namespace autoencoder
