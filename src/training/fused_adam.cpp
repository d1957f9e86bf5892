#include "training/fused_adam.h"

#include <torch/optim/adam.h>
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "training/tensor_lists.h"

namespace autoencoder {

FusedAdam::FusedAdam(std::vector<torch::Tensor> parameters, const torch::optim::AdamOptions& options,
                     WeightDecay decay)
    : RememberingOptimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                           std::make_unique<torch::optim::AdamOptions>(options)),
      decay_(decay) {
  for (const torch::Tensor& parameter : param_groups()[0].params()) {
    first_moments_.push_back(torch::zeros_like(parameter));
    second_moments_.push_back(torch::zeros_like(parameter));
  }
  const torch::Tensor& any = param_groups()[0].params().front();
  step_count_ = torch::zeros({}, any.options().dtype(torch::kFloat32).requires_grad(false));
  if (!any.is_cpu()) {
    learning_rate_ = torch::full_like(step_count_, options.lr());
  }
}

void FusedAdam::pass_on_learning_rate() {
  if (learning_rate_.defined()) {
    learning_rate_.fill_(param_groups()[0].options().get_lr());
  }
}

torch::Tensor FusedAdam::step(LossClosure closure) {
  TORCH_CHECK(!closure, "FusedAdam takes no closure");
  const torch::NoGradGuard no_grad;
  const auto& parameters = param_groups()[0].params();
  const auto& options = static_cast<const torch::optim::AdamOptions&>(param_groups()[0].options());
  const auto [beta1, beta2] = options.betas();
  step_count_.add_(1);
  const std::vector<torch::Tensor> step_counts(parameters.size(), step_count_);
  const std::vector<torch::Tensor> gradients = gradients_of(parameters);
  const auto update = [&, beta1 = beta1, beta2 = beta2](const auto& learning_rate) {
    if (decay_ == WeightDecay::kDecoupled) {
      at::_fused_adamw_(parameters, gradients, first_moments_, second_moments_, {}, step_counts,
                        learning_rate, beta1, beta2, options.weight_decay(), options.eps(),
                        /*amsgrad=*/false, /*maximize=*/false);
    } else {
      at::_fused_adam_(parameters, gradients, first_moments_, second_moments_, {}, step_counts, learning_rate,
                       beta1, beta2, options.weight_decay(), options.eps(), /*amsgrad=*/false,
                       /*maximize=*/false);
    }
  };
  if (learning_rate_.defined()) {
    update(learning_rate_);
  } else {
    update(options.lr());
  }
  return {};
}

std::vector<std::pair<std::string, std::vector<torch::Tensor>>> FusedAdam::memory() const {
  return {
      {"first_moments", first_moments_}, {"second_moments", second_moments_}, {"step_counts", {step_count_}}};
}

}  // namespace autoencoder
