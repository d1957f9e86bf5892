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
#include "data/examples.h"
#include "data/row_layout.h"
#include "data/scaling.h"
#include "models/capabilities.h"
#include "models/division.h"

namespace autoencoder {

using torch::Tensor;

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

/// What training minimises over some of a model's parameters.
struct Objective {
  std::string name;                ///< "discriminator"; of the first, the model's loss, empty
  std::vector<Tensor> parameters;  ///< what it moves; no other objective's
  /// Of scaled data; moves step.rng on.
  std::function<Loss(const Batch& batch, const Step& step)> loss;
};

/// A part of a model as data passes it: what a summary walks through.
struct Stage {
  std::string name;
  torch::nn::Sequential layers;
  std::vector<int64_t> input_sizes;  ///< sizes of one example's input
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

  /// The training loss: that of the first objective.
  Loss loss(const Batch& batch, const Step& step) { return loss(objectives().front(), batch, step); }

  /// The loss of one of its objectives. Moves step.rng on. A GPU may record a step and play it back: neither
  /// this nor after_step may read a value back from the device.
  Loss loss(const Objective& objective, const Batch& batch, const Step& step);

  /// What a step of training minimises: each objective's gradients are found for its own parameters, with the
  /// weights as the step before left them, and then all move. The first one's loss is the model's: what early
  /// stopping goes by; the others are columns of metrics.csv by their names. Most families have one, their
  /// loss, over all parameters.
  virtual std::vector<Objective> objectives();

  /// How a batch may be computed in parts, by threads and processes.
  virtual Division division() const { return Division::kNone; }

  /// What the loss of a batch, which is a mean, has been divided by, up to a factor that all batches share:
  /// the number of examples, where a family has nothing else (a number of entries that are there). Found from
  /// the batch without waiting for a device.
  virtual double weight(const Batch& batch) const { return static_cast<double>(batch.input.size(0)); }

  /// What the numbers of its input stand for, where that is a table's row: such input may have holes. Without
  /// columns elsewhere.
  virtual const RowLayout& row_layout() const;

  /// Whether the encoder is told what of an example is a hole (NaN), so that it tells it from zeros.
  virtual bool is_told_of_holes() const { return false; }

  /// What it expects in the holes of examples (NaN), N x C x H x W; has a meaning there alone. A model that
  /// knows no holes, as it has no row_layout(), is given mid-grey in their place.
  virtual Tensor predict_holes(const Tensor& input);

  /// Where what it puts out can lie, of scaled data: nothing beyond can be reconstructed.
  virtual Interval reach() const { return {}; }

  /// What other tasks work on, N x F: the code, where a family has nothing better.
  virtual Tensor features(const Tensor& input) { return encode(input); }

  /// Called once before the first step of fresh weights, without gradients: what is learned from data at
  /// once, the training examples, on the model's device.
  virtual void prepare(const Examples& /*examples*/) {}

  /// Called after every step of the optimizer, without gradients: constraints, counters, annealing.
  virtual void after_step(const Step& /*step*/) {}

  virtual std::vector<Stage> stages() = 0;

  // What only some families can do: null where this one cannot.
  virtual Generative* generative() { return nullptr; }
  virtual Illustrated* illustrated() { return nullptr; }

  /// Buffers `offset` and `factor` of the model from now on.
  void set_scaling(const Scaling& scaling);
  bool has_scaling() const { return scaling_.offset.defined(); }
  const Scaling& scaling() const { return scaling_; }  ///< undefined where there is none

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

}  // namespace autoencoder
