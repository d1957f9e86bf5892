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
  }
  const torch::Tensor& any = param_groups()[0].params().front();
  step_count_ = torch::zeros({}, any.options().dtype(torch::kFloat32).requires_grad(false));
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
  if (decay_ == WeightDecay::kDecoupled) {
    at::_fused_adamw_(parameters, gradients, first_moments_, second_moments_, {}, step_counts, options.lr(),
                      beta1, beta2, options.weight_decay(), options.eps(), /*amsgrad=*/false,
                      /*maximize=*/false);
  } else {
    at::_fused_adam_(parameters, gradients, first_moments_, second_moments_, {}, step_counts, options.lr(),
                     beta1, beta2, options.weight_decay(), options.eps(), /*amsgrad=*/false,
                     /*maximize=*/false);
  }
  return {};
}

void FusedAdam::save(torch::serialize::OutputArchive& archive) const {
  write_tensors(archive, "first_moments", first_moments_);
  write_tensors(archive, "second_moments", second_moments_);
  write_tensors(archive, "step_counts", {step_count_});
}

void FusedAdam::load(torch::serialize::InputArchive& archive) {
  read_tensors(archive, "first_moments", first_moments_);
  read_tensors(archive, "second_moments", second_moments_);
  read_tensors(archive, "step_counts", {step_count_});
}

}  // namespace autoencoder
