// The interface that every autoencoder keeps, whatever its family and its backbone.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "common/image_shape.h"
#include "data/batch.h"
#include "data/scaling.h"

namespace autoencoder {

using torch::Tensor;

/// What else a loss may depend on.
struct Step {
  at::Generator rng;  ///< on the model's device: samples, masks
  /// Of training, a scalar, 0..1: what annealing goes by; 1 in validation.
  Tensor progress = torch::ones({});
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

/// The numbers between two ends.
struct Interval {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
};

class Autoencoder : public torch::nn::Module {
 public:
  /// code_shape: C x H x W of a code that is itself a picture; D x 1 x 1 of one that is none. Its size is D.
  Autoencoder(const ImageShape& input_shape, const ImageShape& code_shape)
      : input_shape_(input_shape), code_shape_(code_shape) {}

  /// N x C x H x W -> N x D. Deterministic and traceable: a variational model gives the mean code.
  Tensor encode(const Tensor& input) { return do_encode(scaled(input)); }

  /// N x D -> N x C x H x W in the data's range. Deterministic and traceable.
  Tensor decode(const Tensor& code) { return unscaled(do_decode(code)); }

  /// decode(encode(input)): what is evaluated and exported, never random.
  Tensor forward(const Tensor& input) { return decode(encode(input)); }

  /// The training loss, of scaled data. Moves step.rng on. A GPU may record a step and play it back: neither
  /// this nor after_step may read a value back from the device.
  Loss loss(const Batch& batch, const Step& step);

  /// Whether the loss of a batch is the mean of its examples' own losses, draws from step.rng alone, and
  /// leaves the model as it is: threads may then compute the losses of parts of a batch at the same time.
  virtual bool is_separable() const { return false; }

  /// Where what it puts out can lie, of scaled data: nothing beyond can be reconstructed.
  virtual Interval reach() const { return {}; }

  /// What other tasks work on, N x F: the code, where a family has nothing better.
  virtual Tensor features(const Tensor& input) { return encode(input); }

  /// Called once before the first step of fresh weights, without gradients: what is learned from data at
  /// once. `examples` gives the training examples, N x C x H x W, to those who ask.
  virtual void prepare(const std::function<Tensor()>& /*examples*/) {}

  /// Called after every step of the optimizer, without gradients: constraints, counters, annealing.
  virtual void after_step(const Step& /*step*/) {}

  virtual std::vector<Panel> panels(const Tensor& /*input*/, const Step& /*step*/) { return {}; }

  /// `examples`: some of the data, N x C x H x W, where a picture needs any.
  virtual std::vector<Illustration> illustrations(const Tensor& /*examples*/) { return {}; }

  virtual std::vector<Metric> diagnostics(const Tensor& /*examples*/) { return {}; }

  virtual std::vector<Listing> listings() { return {}; }

  virtual std::vector<Stage> stages() = 0;

  /// Buffers `offset` and `factor` of the model from now on.
  void set_scaling(const Scaling& scaling);
  bool has_scaling() const { return scaling_.offset.defined(); }

  const ImageShape& input_shape() const { return input_shape_; }
  const ImageShape& code_shape() const { return code_shape_; }
  int64_t latent_dim() const { return code_shape_.size(); }

  /// What the model computes with, of its input; the same where there is no scaling.
  Tensor scaled(const Tensor& data) const;

 protected:
  Tensor unscaled(const Tensor& data) const;

 private:
  // The same as their public counterparts, on scaled data.
  virtual Tensor do_encode(const Tensor& input) = 0;
  virtual Tensor do_decode(const Tensor& code) = 0;
  /// Owns what only training does: samples, masks, penalties, auxiliary terms.
  virtual Loss do_loss(const Batch& batch, const Step& step) = 0;

  ImageShape input_shape_;
  ImageShape code_shape_;
  Scaling scaling_;
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

  /// Codes from the prior, made of standard normal noise: M x D -> M x D.
  virtual Tensor prior_codes(const Tensor& noise) = 0;

  /// Whether the reconstruction loss is -log p(x | z) of a normalised likelihood, so that a bound in nats
  /// exists.
  virtual bool has_likelihood() const = 0;

  /// `input` as forward takes it. Throws c10::Error unless has_likelihood(). Without gradients.
  virtual EvidenceBound evidence_bound(const Tensor& input, at::Generator rng) = 0;

  /// log p(x) of each example (N, nats), estimated from below with that many importance samples (Burda et al.
  /// 2016, eq. 8). Throws c10::Error unless has_likelihood(). Without gradients.
  virtual Tensor log_likelihood(const Tensor& input, int64_t importance_samples, at::Generator rng) = 0;
};

}  // namespace autoencoder
