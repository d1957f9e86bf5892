// What only some families of autoencoders can do. A model is asked: Autoencoder::generative(), illustrated().
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "models/noise.h"

namespace autoencoder {

using torch::Tensor;

/// What a computation may depend on besides its input.
struct Step {
  at::Generator rng;  ///< on the model's device: samples, masks
  /// Of training, a scalar, 0..1: what annealing goes by; 1 in validation.
  Tensor progress = torch::ones({});
};

/// The evidence lower bound of each example, in nats and in two parts: bound = -(reconstruction +
/// kl_divergence).
struct EvidenceBound {
  Tensor reconstruction;  ///< N: -log p(x | z) of one z ~ q(z | x)
  Tensor kl_divergence;   ///< N: KL(q(z | x) || p(z))
};

/// A prior over codes: what of a family generates.
class Generative {
 public:
  virtual ~Generative() = default;

  /// Codes from the prior, count x D, on the CPU, the same for the same generator. `noise` makes them more
  /// usual or more unusual, where the prior knows how.
  virtual Tensor sample_codes(int64_t count, const NoiseShape& noise, at::Generator rng) = 0;

  /// Codes from q(z | x) of examples as forward takes them, one of each, N x D. Without gradients.
  virtual Tensor draw_codes(const Tensor& input, at::Generator rng) = 0;

  /// Examples from p(x | z) of codes (N x D), in the data's range: of a table's rows, where the loss is one
  /// of columns, each cell drawn from its distribution; anything else as decode gives it. Without gradients.
  virtual Tensor draw_examples(const Tensor& codes, at::Generator rng) = 0;

  /// Whether the reconstruction loss is -log p(x | z) of a normalised likelihood, so that a bound in nats
  /// exists.
  virtual bool has_likelihood() const = 0;

  /// `input` as forward takes it. Throws c10::Error unless has_likelihood(). Without gradients.
  virtual EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) = 0;

  /// log p(x) of each example (N, nats), estimated from below with that many importance samples (Burda et al.
  /// 2016, eq. 8). Throws c10::Error unless has_likelihood(). Without gradients.
  virtual Tensor log_likelihood(const Tensor& input, int64_t importance_samples, at::Generator rng) = 0;
};

/// A row of pictures, one for each example, between the originals and the reconstructions.
struct Panel {
  std::string caption;
  Tensor images;  ///< N x C x H x W in the data's range
};

/// A picture of the model itself: its atoms, the pixels that it selects. Drawn as RUN/NAME.png.
struct Illustration {
  std::string name;
  std::string caption;
  Tensor images;  ///< N x C x H x W in [0, 1]
};

/// A figure of merit that only some families have.
struct Metric {
  std::string name;   ///< for machines: "dead_units"
  std::string label;  ///< for people: "units that never fire"
  double value;
  std::string unit;
};

/// Numbers that a family has to tell of: the features that it selects.
struct Listing {
  std::string name;  ///< for machines, and RUN/NAME.txt: "selected_features"
  std::vector<int64_t> numbers;
};

/// More to show than codes and reconstructions. `examples`: some of the data, N x C x H x W.
class Illustrated {
 public:
  virtual ~Illustrated() = default;

  virtual std::vector<Panel> panels(const Tensor& /*input*/, const Step& /*step*/) { return {}; }
  virtual std::vector<Illustration> illustrations(const Tensor& /*examples*/) { return {}; }
  virtual std::vector<Metric> diagnostics(const Tensor& /*examples*/) { return {}; }
  virtual std::vector<Listing> listings() { return {}; }
};

}  // namespace autoencoder
