// Normal distributions over codes, each dimension independent of the others: mean, and log of the variance.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// mean + exp(log_variance / 2) noise: a draw through which gradients flow (Kingma & Welling 2014, eq. 4).
/// mean, log_variance: N x D. noise, standard normal: N x D, or K x N x D for K draws. Returns noise's shape.
torch::Tensor draw_normal(const torch::Tensor& mean, const torch::Tensor& log_variance,
                          const torch::Tensor& noise);

/// KL(N(mean, exp(log_variance)) || N(0, 1)) of each dimension of the code, in nats (Kingma & Welling 2014,
/// appendix B). mean, log_variance: N x D, taken as float32. Returns N x D.
torch::Tensor kl_divergence_by_dimension(const torch::Tensor& mean, const torch::Tensor& log_variance);

/// The same, summed over the code. Returns N.
torch::Tensor kl_divergence(const torch::Tensor& mean, const torch::Tensor& log_variance);

/// log N(value; mean, exp(log_variance)), summed over the last dimension, in nats.
torch::Tensor log_normal_density(const torch::Tensor& value, const torch::Tensor& mean,
                                 const torch::Tensor& log_variance);

}  // namespace autoencoder
