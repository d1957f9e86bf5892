// Made-up defects, for a model that learns to repair them: what it has seen of normal pictures is then all
// that it can put in their place (as CutPaste, Li et al. 2021, and DRAEM, Zavrtanik et al. 2021, do).
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace autoencoder {

/// The pictures (N x C x H x W in [0, 1]) with `mean_count` defects each on average, none to twice as many.
/// A defect is a line, a spot or a ragged patch, anywhere and of any direction, up to a fifth of the shorter
/// side wide (lines: up to three fifths long); in it lies a piece of another picture of the batch, one
/// colour, the picture out of focus, or the picture in other colours. `rng` is on their device; nothing is
/// waited for there, and the same pictures and state of `rng` give the same defects.
torch::Tensor with_defects(const torch::Tensor& pictures, double mean_count, const at::Generator& rng);

}  // namespace autoencoder
