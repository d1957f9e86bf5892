// Reconstruction losses.
#pragma once

#include <torch/types.h>

#include "common/options.h"
#include "models/activation.h"

namespace autoencoder {

enum class ReconstructionLoss {
  kSquared,
  kCrossEntropy,
  kAbsolute,
  kHuber,
  kColumns,   ///< of a table's rows, each column by its kind (models/column_likelihood.h): no element has it
  kGaussian,  ///< a likelihood of its own scale, which a family makes of kSquared: no element has it
  kSimilarity,  ///< this one and those that follow are of whole pictures: no element has them
  kMultiScaleSimilarity,
  kSimilarityAndAbsolute,
  kSimilarityAndSquared,
};

/// Of elements: "mse", "bce", "l1", "huber".
Choices<ReconstructionLoss> reconstruction_losses();

/// Of pictures: "ssim", "ms-ssim", "ssim+l1", "ssim+mse".
Choices<ReconstructionLoss> picture_losses();

/// Throws Error where examples of that shape have no such loss, and where the loss does not go with the
/// activation.
void check_loss(ReconstructionLoss loss, Activation activation, const ImageShape& shape);

/// The loss of each element, in the shape of `target`. `logits` is what the decoder gives before its output
/// activation: cross-entropy is computed from the logits, which is exact where sigmoid saturates. huber: 0.5
/// d^2 below a difference of 1, |d| - 0.5 above.
torch::Tensor reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                   Activation activation, const torch::Tensor& target);

/// The same of rows whose holes (NaN in `target`) cost nothing, summed over the elements of each: N.
torch::Tensor summed_error_of_rows(ReconstructionLoss loss, const torch::Tensor& logits,
                                   Activation activation, const torch::Tensor& target);

/// The same, summed over the elements of each example: N. Where gradients are wanted, losses of a sigmoid's
/// logits are computed with them, in one pass (models/kernels/sigmoid_errors.h).
///
/// Of pictures, N x C x H x W of values of a range of 1: 1 - structural similarity (Wang et al. 2004, window
/// 11, as Bergmann et al. 2019 train by it; models/kernels/similarity.h), times the elements, so that the
/// mean of an element is the loss by its name; ssim+l1 and ssim+mse add that of elements to it. ms-ssim: the
/// product over five scales, each half as large as the one before (Wang, Simoncelli & Bovik 2003, eq. 7).
torch::Tensor summed_reconstruction_error(ReconstructionLoss loss, const torch::Tensor& logits,
                                          Activation activation, const torch::Tensor& target);

}  // namespace autoencoder
