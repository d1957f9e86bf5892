// Values and masks over pictures.
#pragma once

#include <torch/types.h>

namespace autoencoder {

/// Values in [0, 1] (N x 1 x H x W, clipped) over pictures (N x C x H x W float in [0, 1]): N x 3 x H x W.
/// The pictures are grey and stay to be seen where values are small; heat_of's colours cover them where they
/// are large.
torch::Tensor heat_over(const torch::Tensor& pictures, const torch::Tensor& values);

/// The colours of heat_over from 0 to 1 on a grey ground, 3 x 1 x 256: for a bar beside it.
torch::Tensor heat_scale();

/// The pictures (N x C x H x W float, C 1 or 3) in colour, with a cyan line just outside of their masks (N x
/// 1 x H x W, uint8, not 0 inside).
torch::Tensor outlined(const torch::Tensor& pictures, const torch::Tensor& masks);

}  // namespace autoencoder
