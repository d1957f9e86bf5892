#include "models/kernels/repeated_pixels.h"

#include <torch/nn/functional/upsampling.h>

#include "models/kernels/fused_convolution.h"

namespace autoencoder {
namespace {

using torch::Tensor;

// O x I x 3 x 3 -> I x O x 4 x 4. Row by row: an even pixel of the output sees its own source with the
// kernel's second and third row and the source before with the first one, an odd pixel its own with the first
// and second and the source behind with the third.
Tensor transposed_kernel(const Tensor& weight) {
  const Tensor merged = torch::tensor({0, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 0}, weight.options()).view({4, 3});
  return torch::matmul(merged, weight).matmul(merged.t()).transpose(0, 1).contiguous();
}

}  // namespace

Tensor RepeatedPixelsImpl::forward(const Tensor& input) {
  namespace functional = torch::nn::functional;
  return functional::interpolate(
      input,
      functional::InterpolateFuncOptions().size(std::vector<int64_t>{height_, width_}).mode(torch::kNearest));
}

bool takes_convolution_of_repeated(const RepeatedPixelsImpl& repeated, const torch::nn::Conv2dImpl& layer,
                                   const Tensor& input) {
  const auto& options = layer.options;
  const auto* padding = std::get_if<torch::ExpandingArray<2>>(&options.padding());
  const auto are_all = [](const torch::ExpandingArray<2>& sizes, int64_t size) {
    return sizes->at(0) == size && sizes->at(1) == size;
  };
  return takes_fused_convolution(layer) && are_all(options.kernel_size(), 3) &&
         are_all(options.stride(), 1) && are_all(*padding, 1) && input.dim() == 4 &&
         input.size(1) == options.in_channels() && repeated.doubles(input);
}

Tensor fused_convolution_of_repeated(const torch::nn::Conv2dImpl& layer, const Finish& finish,
                                     const Tensor& input) {
  return fused_doubling_convolution(transposed_kernel(layer.weight), layer.bias, finish, input);
}

}  // namespace autoencoder
