#include "evaluation/code_distribution.h"

#include <torch/torch.h>

#include "evaluation/evaluate.h"

namespace autoencoder {

torch::Tensor encode_all(Autoencoder& model, const Dataset& data) {
  return for_all_examples(model, data, [&](const torch::Tensor& input) { return model.encode(input); });
}

NormalCodes fit_normal(const torch::Tensor& codes) {
  TORCH_CHECK(codes.dim() == 2 && codes.size(0) > 1, "a normal distribution needs two codes or more");
  const torch::Tensor mean = codes.mean(0);
  const torch::Tensor centred = codes - mean;
  const torch::Tensor covariance = centred.t().mm(centred) / (codes.size(0) - 1);
  // Eigenvectors rather than Cholesky: dead code units make the covariance singular.
  const auto [values, vectors] = torch::linalg_eigh(covariance);
  return {mean, vectors * values.clamp_min(0).sqrt()};
}

torch::Tensor sample_normal(const NormalCodes& normal, int64_t count, at::Generator rng) {
  const torch::Tensor noise =
      torch::randn({count, normal.mean.size(0)}, std::move(rng)).to(normal.mean.device());
  return normal.mean + noise.mm(normal.factor.t());
}

}  // namespace autoencoder
