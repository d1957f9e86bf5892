#include "training/fused_adam.h"

#include <torch/torch.h>

#include "training/tensor_lists.h"

namespace autoencoder {

FusedAdam::FusedAdam(std::vector<torch::Tensor> parameters, const torch::optim::AdamOptions& options,
                     WeightDecay decay)
    : Optimizer({torch::optim::OptimizerParamGroup(std::move(parameters))},
                std::make_unique<torch::optim::AdamOptions>(options)),
      decay_(decay) {
  for (const torch::Tensor& parameter : param_groups()[0].params()) {
    first_moments_.push_back(torch::zeros_like(parameter));
    second_moments_.push_back(torch::zeros_like(parameter));
    step_counts_.push_back(torch::zeros({}, parameter.options().dtype(torch::kFloat32)));
  }
}

torch::Tensor FusedAdam::step(LossClosure closure) {
  TORCH_CHECK(!closure, "FusedAdam takes no closure");
  const torch::NoGradGuard no_grad;
  const auto& parameters = param_groups()[0].params();
  const auto& options = static_cast<const torch::optim::AdamOptions&>(param_groups()[0].options());
  const auto [beta1, beta2] = options.betas();
  at::_foreach_add_(step_counts_, 1);
  const std::vector<torch::Tensor> gradients = gradients_of(parameters);
  if (decay_ == WeightDecay::kDecoupled) {
    at::_fused_adamw_(parameters, gradients, first_moments_, second_moments_, {}, step_counts_, options.lr(),
                      beta1, beta2, options.weight_decay(), options.eps(), /*amsgrad=*/false,
                      /*maximize=*/false);
  } else {
    at::_fused_adam_(parameters, gradients, first_moments_, second_moments_, {}, step_counts_, options.lr(),
                     beta1, beta2, options.weight_decay(), options.eps(), /*amsgrad=*/false,
                     /*maximize=*/false);
  }
  return {};
}

void FusedAdam::save(torch::serialize::OutputArchive& archive) const {
  write_tensors(archive, "first_moments", first_moments_);
  write_tensors(archive, "second_moments", second_moments_);
  write_tensors(archive, "step_counts", step_counts_);
}

void FusedAdam::load(torch::serialize::InputArchive& archive) {
  read_tensors(archive, "first_moments", first_moments_);
  read_tensors(archive, "second_moments", second_moments_);
  read_tensors(archive, "step_counts", step_counts_);
}

}  // namespace autoencoder
