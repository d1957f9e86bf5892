// Mean losses over a pass through the data, summed on the device so that no step waits for a number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <torch/types.h>

#include "common/safetensors.h"
#include "models/autoencoder.h"
#include "run/history.h"

namespace autoencoder {

class LossMeter {
 public:
  /// Adds a loss that is the mean over `examples`. `step` (from 1) names it should it not be finite. On a GPU
  /// only the first `step` is looked at, and the others are counted from there: a recorded call can be played
  /// back.
  void add(const Loss& loss, int64_t examples, int64_t step);

  /// The means so far. Waits for the device. At least one loss must have been added.
  LossMeans means() const;

  /// The first step whose loss was infinite or not a number. Waits for the device.
  std::optional<int64_t> first_bad_step() const;

  /// The mean total so far, without waiting: on a GPU as it stood at the last call. Nothing where none is
  /// known yet.
  std::optional<double> glance();

  /// Forgets all losses, and starts with step 1 again. Keeps its memory on the device.
  void reset();

  /// For checkpoints: the names of the terms, and the sums so far; no tensors before the first loss.
  const std::vector<std::string>& term_names() const { return names_; }
  NamedTensors state() const;

  /// Goes on where a meter with these names and this state stood, on `device`. Throws c10::Error where the
  /// two do not fit together.
  void restore(std::vector<std::string> term_names, const NamedTensors& state, const torch::Device& device);

 private:
  void begin(const Loss& loss);
  void add_numbers(const Loss& loss, int64_t examples, int64_t step);
  void add_tensors(const Loss& loss, int64_t examples, int64_t step);

  std::vector<std::string> names_;  // of the terms
  torch::Tensor sums_;              // float64: examples, then total, terms..., each times its examples
  torch::Tensor bad_step_;          // int64: the first bad step, 0 where there is none
  torch::Tensor step_;              // int64, on a GPU: the last step
  torch::Tensor glanced_;           // pinned copy of sums_
};

}  // namespace autoencoder
