#include "models/kernels/sigmoid_errors.h"

#include <algorithm>
#include <cmath>

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

using torch::Tensor;

constexpr int64_t kFactors = 64;  // of at least 1/2 each: their product is far from the smallest float
constexpr int64_t kPixelsAThread = 16'384;

// An example's pixels. `sigmoid` becomes the derivative of the error with respect to the logits.
struct Pixels {
  const float* logits;
  const float* target;
  float* sigmoid;
  int64_t count;
};

AUTOENCODER_VECTORISED
float squared_error(const Pixels& pixels) {
  const float* target = pixels.target;
  float* sigmoid = pixels.sigmoid;
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < pixels.count; ++i) {
    const float s = sigmoid[i];
    const float difference = s - target[i];
    sum += difference * difference;
    sigmoid[i] = 2 * difference * s * (1 - s);
  }
  return sum;
}

// max(l, 0) - l t - log(max(s, 1 - s)) of each pixel, which is exact where the sigmoid saturates; one
// logarithm for the product of many.
AUTOENCODER_VECTORISED
float cross_entropy(const Pixels& pixels) {
  const float* logits = pixels.logits;
  const float* target = pixels.target;
  float* sigmoid = pixels.sigmoid;
  float sum = 0;
  for (int64_t start = 0; start < pixels.count; start += kFactors) {
    const int64_t end = std::min(pixels.count, start + kFactors);
    float linear = 0;
    float product = 1;
#pragma omp simd reduction(+ : linear) reduction(* : product)
    for (int64_t i = start; i < end; ++i) {
      const float s = sigmoid[i];
      const float rest = 1 - s;  // in no branch, or the loop is not vectorised
      linear += (logits[i] > 0 ? logits[i] : 0) - logits[i] * target[i];
      product *= s > rest ? s : rest;
      sigmoid[i] = s - target[i];
    }
    sum += linear - std::log(product);
  }
  return sum;
}

using PixelErrors = float (*)(const Pixels&);

class SigmoidErrors : public torch::autograd::Function<SigmoidErrors> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& logits, const Tensor& target,
                        PixelErrors errors_of) {
    Tensor gradient = torch::sigmoid(logits);
    Tensor errors = torch::empty({logits.size(0)}, logits.options());
    const int64_t count = logits[0].numel();
    const int64_t grain = std::max<int64_t>(1, kPixelsAThread / count);
    at::parallel_for(0, logits.size(0), grain, [&](int64_t begin, int64_t end) {
      for (int64_t example = begin; example < end; ++example) {
        const int64_t first = example * count;
        errors.mutable_data_ptr<float>()[example] =
            errors_of({logits.const_data_ptr<float>() + first, target.const_data_ptr<float>() + first,
                       gradient.mutable_data_ptr<float>() + first, count});
      }
    });
    context->save_for_backward({gradient});
    return errors;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    TORCH_CHECK(!torch::GradMode::is_enabled(), "the error of a sigmoid has no second derivative");
    const Tensor gradient = context->get_saved_variables()[0];
    std::vector<int64_t> sizes(static_cast<size_t>(gradient.dim()), 1);
    sizes[0] = gradient.size(0);
    return {gradient * gradients[0].view(sizes), Tensor(), Tensor()};
  }
};

}  // namespace

bool takes_sigmoid_errors(const Tensor& logits, const Tensor& target) {
  const auto is_taken = [](const Tensor& tensor) {
    return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32 && tensor.is_contiguous();
  };
  return torch::GradMode::is_enabled() && logits.requires_grad() && logits.numel() > 0 && is_taken(logits) &&
         is_taken(target) && logits.sizes() == target.sizes();
}

Tensor sigmoid_squared_error(const Tensor& logits, const Tensor& target) {
  return SigmoidErrors::apply(logits, target, &squared_error);
}

Tensor sigmoid_cross_entropy(const Tensor& logits, const Tensor& target) {
  return SigmoidErrors::apply(logits, target, &cross_entropy);
}

}  // namespace autoencoder
