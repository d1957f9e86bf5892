// What requests send: examples and codes, in the formats that people have them in.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "http/message.h"
#include "service/operations.h"
#include "service/served_model.h"

namespace autoencoder::service {

/// What a call may send.
struct InputLimits {
  int64_t examples = 4096;
  double pixels = 25e6;  ///< of a picture, before it is scaled
};

/// Ready to be computed with, on the CPU.
struct Input {
  torch::Tensor values;  ///< N x C x H x W or N x D, float32
  /// Of windows by what each was standardised, of their codes by what each is to be: where that is known.
  std::vector<SeriesScale> scales = {};
  std::vector<std::string> notes = {};  ///< what was strange about it, for people

  int64_t size() const { return values.size(0); }

  /// Examples that the model has made of these, in the units in which they were sent.
  torch::Tensor restored(const torch::Tensor& examples) const;
};

/// The body as what an operation takes.
///
/// JSON: a list of examples or an object with one ("examples", or "codes"), each a list of its numbers, flat
/// or nested as the shape is; of pictures also texts in base64, each a PNG or JPEG file; of a table's rows
/// objects by column, or lists of cells; null for a hole, of pictures too where an operation takes them.
/// .npy: N x C x H x W, N rows, or a single example; uint8 of pictures stands for 0 to 1. CSV: a row an
/// example, a table with its header; of windows a row a step. A PNG or JPEG file: one picture, scaled to the
/// model's size.
///
/// Windows are in the units of their series: the only one that the run has, that which ?series= names, or
/// else each is standardised by itself.
///
/// Throws Problem: 400 (no JSON), 413 (too many examples or pixels), 415 (another type), 422 (other numbers
/// than the model takes, none at all, or some that are not finite).
Input read_input(const ServedModel& served, const Operation& operation, const http::Request& request,
                 const InputLimits& limits);

/// Numbers that came in another way, N x C x H x W or N x D of any type, likewise checked and standardised.
Input prepared_input(const ServedModel& served, const Operation& operation, const torch::Tensor& values,
                     const std::string& series, const InputLimits& limits);

}  // namespace autoencoder::service
