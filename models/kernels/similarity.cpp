#include "models/kernels/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include "common/vectorised.h"

namespace autoencoder {
namespace {

using torch::Tensor;

constexpr double kC1 = 0.01 * 0.01;
constexpr double kC2 = 0.03 * 0.03;

// A (size - window + 1) x size matrix whose rows hold the window, each one place further to the right:
// multiplied with a column of pixels it gives the local means.
Tensor window_means(const std::vector<double>& window, int64_t size, const torch::TensorOptions& options) {
  const auto width = static_cast<int64_t>(window.size());
  Tensor means = torch::zeros({size - width + 1, size}, torch::kFloat64);
  for (int64_t place = 0; place < width; ++place) {
    means.diagonal(place).fill_(window[static_cast<size_t>(place)]);
  }
  return means.to(options);
}

// What a window sees of two pictures: weighted sums of the target, the picture, their squares and their
// product.
enum Sum : size_t { kTarget, kPicture, kTargetSquare, kPictureSquare, kProduct };
constexpr size_t kSums = 5;

// The derivatives of a window's similarity with respect to those sums that the picture has a part in.
enum Derivative : size_t { kOfPicture, kOfSquare, kOfProduct };
constexpr size_t kDerivatives = 3;

using Window = std::vector<float>;

template <size_t kCount>
using Rows = std::array<float*, kCount>;

// The sums down the window, whose upper edge is the first row of both pictures.
AUTOENCODER_VECTORISED
void sum_down(const Window& window, const float* target, const float* picture, int64_t width,
              const Rows<kSums>& sums) {
  float* const of_target = sums[kTarget];
  float* const of_picture = sums[kPicture];
  float* const of_target_square = sums[kTargetSquare];
  float* const of_picture_square = sums[kPictureSquare];
  float* const of_product = sums[kProduct];
  for (float* sum : sums) {
    std::fill_n(sum, width, 0.0F);
  }
  for (const float weight : window) {
#pragma omp simd
    for (int64_t i = 0; i < width; ++i) {
      const float x = weight * target[i];
      const float y = weight * picture[i];
      of_target[i] += x;
      of_picture[i] += y;
      of_target_square[i] += x * target[i];
      of_picture_square[i] += y * picture[i];
      of_product[i] += x * picture[i];
    }
    target += width;
    picture += width;
  }
}

// to[i] = the sum across the window that begins at from[i].
AUTOENCODER_VECTORISED
void sum_across(const Window& window, const float* from, int64_t count, float* to) {
  std::fill_n(to, count, 0.0F);
  for (const float weight : window) {
#pragma omp simd
    for (int64_t i = 0; i < count; ++i) {
      to[i] += weight * from[i];
    }
    ++from;
  }
}

// The similarities of a row of windows, summed, and their derivatives times `scale`.
AUTOENCODER_VECTORISED
float compare_row(const Rows<kSums>& sums, int64_t count, SimilarityPart part, float scale,
                  const Rows<kDerivatives>& derivatives) {
  constexpr auto c1 = static_cast<float>(kC1);
  constexpr auto c2 = static_cast<float>(kC2);
  const float* const of_target = sums[kTarget];
  const float* const of_picture = sums[kPicture];
  const float* const of_target_square = sums[kTargetSquare];
  const float* const of_picture_square = sums[kPictureSquare];
  const float* const of_product = sums[kProduct];
  float* const by_picture = derivatives[kOfPicture];
  float* const by_square = derivatives[kOfSquare];
  float* const by_product = derivatives[kOfProduct];
  const float has_luminance = part == SimilarityPart::kWhole ? 1 : 0;
  float total = 0;
#pragma omp simd reduction(+ : total)
  for (int64_t i = 0; i < count; ++i) {
    const float x = of_target[i];
    const float y = of_picture[i];
    const float brightness = x * x + y * y + c1;
    const float variance = of_target_square[i] + of_picture_square[i] - x * x - y * y + c2;
    const float luminance = has_luminance * (2 * x * y + c1) / brightness + (1 - has_luminance);
    const float structure = (2 * (of_product[i] - x * y) + c2) / variance;
    total += luminance * structure;
    const float of_luminance = has_luminance * 2 * (x - y * luminance) / brightness;
    const float of_structure = 2 * (y * structure - x) / variance;
    by_picture[i] = scale * (structure * of_luminance + luminance * of_structure);
    by_square[i] = -scale * luminance * structure / variance;
    by_product[i] = scale * 2 * luminance / variance;
  }
  return total;
}

// Adds to the rows of the gradient what a row of windows has to say of the pixels in them.
AUTOENCODER_VECTORISED
void add_gradients(const Window& window, const float* target, const float* picture, int64_t width,
                   const Rows<kDerivatives>& derivatives, float* gradient) {
  const float* const by_picture = derivatives[kOfPicture];
  const float* const by_square = derivatives[kOfSquare];
  const float* const by_product = derivatives[kOfProduct];
  for (const float weight : window) {
#pragma omp simd
    for (int64_t i = 0; i < width; ++i) {
      gradient[i] += weight * (by_picture[i] + 2 * picture[i] * by_square[i] + target[i] * by_product[i]);
    }
    target += width;
    picture += width;
    gradient += width;
  }
}

// Room for one row after the other of pictures of a size; each thread's own.
class PlaneComparison {
 public:
  PlaneComparison(const Window& window, int64_t height, int64_t width, SimilarityPart part)
      : window_(window),
        edge_(static_cast<int64_t>(window.size()) - 1),
        width_(width),
        rows_(height - edge_),
        columns_(width - edge_),
        part_(part),
        down_(room_for<kSums>(width)),
        across_(room_for<kSums>(columns_)),
        derivatives_(room_for<kDerivatives>(width + edge_)),
        spread_(room_for<kDerivatives>(width)) {}

  // The mean similarity of two planes; its gradient is added to `gradient`.
  float compare(const float* target, const float* picture, float* gradient) {
    float total = 0;
    for (int64_t row = 0; row < rows_; ++row) {
      const int64_t first = row * width_;
      total += compare_rows(target + first, picture + first, gradient + first);
    }
    return total * scale();
  }

 private:
  using Room = std::vector<float>;
  template <size_t kCount>
  using Rooms = std::array<Room, kCount>;

  template <size_t kCount>
  static Rooms<kCount> room_for(int64_t size) {
    Rooms<kCount> rooms;
    rooms.fill(Room(static_cast<size_t>(size)));
    return rooms;
  }

  template <size_t kCount>
  static Rows<kCount> rows_of(Rooms<kCount>& rooms, int64_t first = 0) {
    Rows<kCount> rows;
    std::ranges::transform(rooms, rows.begin(), [&](Room& room) { return room.data() + first; });
    return rows;
  }

  float scale() const { return 1 / static_cast<float>(rows_ * columns_); }

  // One row of windows. The derivatives lie between zeros, so that the window's sums across them, which it
  // is symmetric for, are what each pixel of the row is told by all windows that it is in.
  float compare_rows(const float* target, const float* picture, float* gradient) {
    sum_down(window_, target, picture, width_, rows_of(down_));
    for (size_t sum = 0; sum < kSums; ++sum) {
      sum_across(window_, down_[sum].data(), columns_, across_[sum].data());
    }
    const float total = compare_row(rows_of(across_), columns_, part_, scale(), rows_of(derivatives_, edge_));
    for (size_t each = 0; each < kDerivatives; ++each) {
      sum_across(window_, derivatives_[each].data(), width_, spread_[each].data());
    }
    add_gradients(window_, target, picture, width_, rows_of(spread_), gradient);
    return total;
  }

  const Window& window_;
  int64_t edge_, width_, rows_, columns_;
  SimilarityPart part_;
  Rooms<kSums> down_, across_;
  Rooms<kDerivatives> derivatives_, spread_;
};

class FusedSimilarity : public torch::autograd::Function<FusedSimilarity> {
 public:
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& target,
                        const Tensor& picture, SimilarityPart part) {
    const Tensor of_target = target.contiguous();
    const Tensor of_picture = picture.contiguous();
    Tensor gradient = torch::zeros_like(of_picture);
    Tensor means = torch::empty({picture.size(0), picture.size(1)}, picture.options());
    compare(of_target, of_picture, part, means, gradient);
    context->save_for_backward({target, picture, gradient});
    context->saved_data["part"] = static_cast<int64_t>(part);
    return means;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const torch::autograd::tensor_list saved = context->get_saved_variables();
    const auto part = static_cast<SimilarityPart>(context->saved_data["part"].toInt());
    const Tensor gradient = torch::GradMode::is_enabled()
                                ? differentiable_gradient(saved[0], saved[1], part, gradients[0])
                                : saved[2] * gradients[0].unsqueeze(2).unsqueeze(3);
    return {Tensor(), gradient, Tensor()};
  }

 private:
  static void compare(const Tensor& target, const Tensor& picture, SimilarityPart part, Tensor& means,
                      Tensor& gradient) {
    const int64_t height = picture.size(2);
    const int64_t width = picture.size(3);
    const std::vector<double> weights = similarity_window(std::min(height, width));
    const Window window(weights.begin(), weights.end());
    const auto* of_target = target.const_data_ptr<float>();
    const auto* of_picture = picture.const_data_ptr<float>();
    auto* of_gradient = gradient.mutable_data_ptr<float>();
    auto* mean = means.mutable_data_ptr<float>();
    at::parallel_for(0, means.numel(), 1, [&](int64_t begin, int64_t end) {
      PlaneComparison comparison(window, height, width, part);
      for (int64_t plane = begin; plane < end; ++plane) {
        const int64_t first = plane * height * width;
        mean[plane] = comparison.compare(of_target + first, of_picture + first, of_gradient + first);
      }
    });
  }

  static Tensor differentiable_gradient(const Tensor& target, const Tensor& picture, SimilarityPart part,
                                        const Tensor& gradient) {
    return torch::autograd::grad({plain_channel_similarity(target, picture, part)}, {picture}, {gradient},
                                 /*retain_graph=*/true, /*create_graph=*/true)
        .front();
  }
};

bool takes_fused(const Tensor& target, const Tensor& picture) {
  const auto is_taken = [](const Tensor& tensor) {
    return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32;
  };
  return torch::GradMode::is_enabled() && picture.requires_grad() && !target.requires_grad() &&
         is_taken(target) && is_taken(picture);
}

}  // namespace

std::vector<double> similarity_window(int64_t shorter_side) {
  const int64_t width = std::min(kSimilarityWindow, shorter_side - (shorter_side + 1) % 2);
  std::vector<double> weights;
  double sum = 0;
  for (int64_t place = 0; place < width; ++place) {
    const int64_t distance = place - width / 2;
    weights.push_back(
        std::exp(static_cast<double>(distance * distance) / (-2 * kSimilaritySigma * kSimilaritySigma)));
    sum += weights.back();
  }
  for (double& weight : weights) {
    weight /= sum;
  }
  return weights;
}

Tensor similarity_by(const std::function<Tensor(const Tensor&)>& local_mean, const Tensor& target,
                     const Tensor& picture, SimilarityPart part) {
  const Tensor x = local_mean(target);
  const Tensor y = local_mean(picture);
  const Tensor variances = local_mean(target.square()) + local_mean(picture.square()) - x * x - y * y;
  const Tensor covariance = local_mean(target * picture) - x * y;
  const Tensor structure = (2 * covariance + kC2) / (variances + kC2);
  return part == SimilarityPart::kContrastAndStructure
             ? structure
             : structure * (2 * x * y + kC1) / (x * x + y * y + kC1);
}

Tensor channel_similarity(const Tensor& target, const Tensor& picture, SimilarityPart part) {
  return takes_fused(target, picture) ? FusedSimilarity::apply(target, picture, part)
                                      : plain_channel_similarity(target, picture, part);
}

Tensor plain_channel_similarity(const Tensor& target, const Tensor& picture, SimilarityPart part) {
  const std::vector<double> window = similarity_window(std::min(picture.size(2), picture.size(3)));
  const Tensor down = window_means(window, picture.size(2), picture.options());
  const Tensor across = window_means(window, picture.size(3), picture.options()).t();
  const auto local_mean = [&](const Tensor& values) { return down.matmul(values).matmul(across); };
  return similarity_by(local_mean, target, picture, part).mean({2, 3});
}

}  // namespace autoencoder
