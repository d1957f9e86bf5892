// The interface that every autoencoder keeps, whatever its family and its backbone.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "common/image_shape.h"

namespace autoencoder {

using torch::Tensor;

/// What a training step is given. All N x C x H x W in [0, 1], on the model's device.
struct Batch {
  Tensor input;   ///< what the encoder sees; may be corrupted
  Tensor target;  ///< what is to be reconstructed; clean
  Tensor label;   ///< N, int64; undefined where the data has none
};

/// What else a loss may depend on.
struct Step {
  at::Generator rng;  ///< on the model's device: samples, masks
};

/// A named part of a loss: a scalar tensor without gradient.
struct Term {
  std::string name;
  Tensor value;
};

/// What is minimised (a scalar, mean over the batch), and its named parts: columns of metrics.csv.
struct Loss {
  Tensor total;
  std::vector<Term> terms;
};

/// A part of a model as data passes it: what a summary walks through.
struct Stage {
  std::string name;
  torch::nn::Sequential layers;
  std::vector<int64_t> input_sizes;  ///< sizes of one example's input
};

class Autoencoder : public torch::nn::Module {
 public:
  Autoencoder(const ImageShape& input_shape, int64_t latent_dim)
      : input_shape_(input_shape), latent_dim_(latent_dim) {}

  /// N x C x H x W -> N x D. Deterministic and traceable: a variational model gives the mean code.
  virtual Tensor encode(const Tensor& input) = 0;

  /// N x D -> N x C x H x W in the data's range. Deterministic and traceable.
  virtual Tensor decode(const Tensor& code) = 0;

  /// decode(encode(input)): what is evaluated and exported, never random.
  Tensor forward(const Tensor& input) { return decode(encode(input)); }

  /// The training loss. Owns what only training does: samples, masks, penalties, auxiliary terms.
  virtual Loss loss(const Batch& batch, const Step& step) = 0;

  virtual std::vector<Stage> stages() = 0;

  const ImageShape& input_shape() const { return input_shape_; }
  int64_t latent_dim() const { return latent_dim_; }

 private:
  ImageShape input_shape_;
  int64_t latent_dim_;
};

/// The evidence lower bound of each example, in nats and in two parts: bound = -(reconstruction +
/// kl_divergence).
struct EvidenceBound {
  Tensor reconstruction;  ///< N: -log p(x | z) of one z ~ q(z | x)
  Tensor kl_divergence;   ///< N: KL(q(z | x) || p(z))
};

/// What families with a prior over codes can do besides.
class Generative {
 public:
  virtual ~Generative() = default;

  /// Codes from the prior: count x D, drawn on the CPU with `rng`, so that one seed gives one picture on
  /// every device.
  virtual Tensor sample_codes(int64_t count, at::Generator rng) = 0;

  /// Whether the reconstruction loss is -log p(x | z) of a normalised likelihood, so that a bound in nats
  /// exists.
  virtual bool has_likelihood() const = 0;

  /// Throws c10::Error unless has_likelihood(). Without gradients.
  virtual EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) = 0;
};

}  // namespace autoencoder
