#include "models/kernels/fused_normalisation.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/vectorised.h"
#include "models/kernels/in_parallel.h"

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// An image, channels last.
struct Plan {
  int64_t pixels, channels, groups;

  int64_t size() const { return pixels * channels; }
  int64_t channels_in_group() const { return channels / groups; }
  auto numbers_in_group() const { return static_cast<float>(pixels * channels_in_group()); }
  static Plan of(const Tensor& images, int64_t groups) {
    return {images.size(2) * images.size(3), images.size(1), groups};
  }
};

using Channels = std::vector<float>;  // a number for each

// sums[c] = the sum over pixels of term(channel's values at i), i the number's place in the image. A few
// pixels are added up at a time, and then their sums, so that rounding does not grow with the image.
template <typename Term>
inline void sum_over_pixels(const Plan& plan, float* sums, Term term) {
  constexpr int64_t kAtATime = 256;
  std::fill_n(sums, plan.channels, 0.0F);
  Channels part(static_cast<size_t>(plan.channels));
  float* const part_sums = part.data();
  for (int64_t begin = 0; begin < plan.pixels; begin += kAtATime) {
    std::fill(part.begin(), part.end(), 0.0F);
    for (int64_t pixel = begin; pixel < std::min(begin + kAtATime, plan.pixels); ++pixel) {
      const int64_t first = pixel * plan.channels;
#pragma omp simd
      for (int64_t channel = 0; channel < plan.channels; ++channel) {
        part_sums[channel] += term(first + channel, channel);
      }
    }
    for (int64_t channel = 0; channel < plan.channels; ++channel) {
      sums[channel] += part_sums[channel];
    }
  }
}

AUTOENCODER_VECTORISED
void sum_values(const Plan& plan, const float* image, float* sums) {
  sum_over_pixels(plan, sums, [image](int64_t i, int64_t) { return image[i]; });
}

AUTOENCODER_VECTORISED
void sum_squares(const Plan& plan, const float* image, const float* means, float* sums) {
  sum_over_pixels(plan, sums, [image, means](int64_t i, int64_t channel) {
    const float distance = image[i] - means[channel];
    return distance * distance;
  });
}

AUTOENCODER_VECTORISED
void sum_products(const Plan& plan, const float* image, const float* means, const float* gradient,
                  float* sums) {
  sum_over_pixels(plan, sums, [image, means, gradient](int64_t i, int64_t channel) {
    return (image[i] - means[channel]) * gradient[i];
  });
}

// output = scale * (image - mean) + shift, by channel.
AUTOENCODER_VECTORISED
void scale_and_shift(const Plan& plan, const float* image, const float* means, const float* scale,
                     const float* shift, float* output) {
  for (int64_t pixel = 0; pixel < plan.pixels; ++pixel) {
    const int64_t first = pixel * plan.channels;
#pragma omp simd
    for (int64_t channel = 0; channel < plan.channels; ++channel) {
      output[first + channel] = scale[channel] * (image[first + channel] - means[channel]) + shift[channel];
    }
  }
}

// What an image's gradient is made of, by channel.
struct GradientParts {
  Channels by_gradient;
  Channels by_distance;
  Channels shift;
};

// input_gradient = by_gradient * gradient + by_distance * (image - mean) + shift, by channel.
AUTOENCODER_VECTORISED
void combine(const Plan& plan, const float* image, const float* means, const float* gradient,
             const GradientParts& parts, float* input_gradient) {
  const float* const factor = parts.by_gradient.data();
  const float* const distance_factor = parts.by_distance.data();
  const float* const offset = parts.shift.data();
  for (int64_t pixel = 0; pixel < plan.pixels; ++pixel) {
    const int64_t first = pixel * plan.channels;
#pragma omp simd
    for (int64_t channel = 0; channel < plan.channels; ++channel) {
      input_gradient[first + channel] = factor[channel] * gradient[first + channel] +
                                        distance_factor[channel] * (image[first + channel] - means[channel]) +
                                        offset[channel];
    }
  }
}

// Each channel's number becomes the sum over its group.
void sum_over_groups(const Plan& plan, float* numbers) {
  const int64_t size = plan.channels_in_group();
  for (int64_t first = 0; first < plan.channels; first += size) {
    float sum = 0;
    for (int64_t channel = first; channel < first + size; ++channel) {
      sum += numbers[channel];
    }
    std::fill_n(numbers + first, size, sum);
  }
}

// Of one image, for each channel.
struct Moments {
  float* means;     // of the channel's group
  float* inverses;  // 1 / the group's standard deviation
};

void find_moments(const Plan& plan, const float* image, double epsilon, const Moments& moments) {
  const auto& [means, inverses] = moments;
  sum_values(plan, image, means);
  sum_over_groups(plan, means);
  for (int64_t channel = 0; channel < plan.channels; ++channel) {
    means[channel] /= plan.numbers_in_group();
  }
  sum_squares(plan, image, means, inverses);
  sum_over_groups(plan, inverses);
  for (int64_t channel = 0; channel < plan.channels; ++channel) {
    inverses[channel] =
        1 / std::sqrt(inverses[channel] / plan.numbers_in_group() + static_cast<float>(epsilon));
  }
}

void normalise(const Plan& plan, const float* image, const Moments& moments, const float* weight,
               const float* bias, float* output) {
  Channels scale;
  for (int64_t channel = 0; channel < plan.channels; ++channel) {
    scale.push_back(weight[channel] * moments.inverses[channel]);
  }
  scale_and_shift(plan, image, moments.means, scale.data(), bias, output);
}

// Calls visit(index) for each image on all threads.
template <typename Visit>
void for_each_image(int64_t count, Visit visit) {
  in_parallel(count, [&](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) {
      visit(index);
    }
  });
}

// 2 x N x C.
Moments moments_of(const Tensor& moments, int64_t index) {
  return {moments[0][index].mutable_data_ptr<float>(), moments[1][index].mutable_data_ptr<float>()};
}

Tensor with_channels_last(const Tensor& images) {
  return images.contiguous(torch::MemoryFormat::ChannelsLast);
}

// What the gradient of one image is made of, for each channel.
struct GradientSums {
  float* of_gradient;  // the sum over pixels of the gradient
  float* of_products;  // of the gradient times the image's distance from the mean
};

// Wu & He 2018, eq. 7, differentiated: the gradient of a normalised number is less its mean over the group,
// and less its mean product with the normalised numbers times the number itself.
void find_input_gradient(const Plan& plan, const float* image, const float* gradient, const float* weight,
                         const Moments& moments, const GradientSums& sums, float* input_gradient) {
  const auto& [means, inverses] = moments;
  const auto count = static_cast<size_t>(plan.channels);
  Channels of_group(count);
  Channels products_of_group(count);
  for (size_t channel = 0; channel < count; ++channel) {
    of_group[channel] = weight[channel] * sums.of_gradient[channel];
    products_of_group[channel] = weight[channel] * sums.of_products[channel];
  }
  sum_over_groups(plan, of_group.data());
  sum_over_groups(plan, products_of_group.data());
  GradientParts parts;
  for (size_t channel = 0; channel < count; ++channel) {
    const float inverse = inverses[channel];
    parts.by_gradient.push_back(weight[channel] * inverse);
    parts.by_distance.push_back(-inverse * inverse * inverse * products_of_group[channel] /
                                plan.numbers_in_group());
    parts.shift.push_back(-inverse * of_group[channel] / plan.numbers_in_group());
  }
  combine(plan, image, means, gradient, parts, input_gradient);
}

class FusedNormalisation : public torch::autograd::Function<FusedNormalisation> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, int64_t groups, double epsilon, FusibleActivation activation) {
    const Tensor images = with_channels_last(input);
    const Plan plan = Plan::of(images, groups);
    const Tensor moments = torch::empty({2, images.size(0), plan.channels}, images.options());
    Tensor output = torch::empty_like(images);
    for_each_image(images.size(0), [&](int64_t index) {
      const Moments own = moments_of(moments, index);
      const auto* image = images[index].const_data_ptr<float>();
      find_moments(plan, image, epsilon, own);
      normalise(plan, image, own, weight.const_data_ptr<float>(), bias.const_data_ptr<float>(),
                output[index].mutable_data_ptr<float>());
    });
    activate_in_place(activation, output);
    const bool keeps_output = activation != FusibleActivation::kNone;
    context->save_for_backward({input, weight, bias, images, moments, keeps_output ? output : Tensor()});
    context->saved_data["groups"] = groups;
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["activation"] = static_cast<int64_t>(activation);
    return output;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const int64_t groups = context->saved_data["groups"].toInt();
    const auto activation = static_cast<FusibleActivation>(context->saved_data["activation"].toInt());
    if (torch::GradMode::is_enabled()) {
      const double epsilon = context->saved_data["epsilon"].toDouble();
      tensor_list all =
          differentiable_gradients(saved, gradients[0], activation, [&](const tensor_list& sources) {
            return torch::group_norm(sources[0], groups, sources[1], sources[2], epsilon);
          });
      all.resize(6);
      return all;
    }
    const Tensor gradient = with_channels_last(gradient_before(activation, gradients[0], saved[5]));
    return own_gradients(saved, groups, gradient);
  }

 private:
  static tensor_list own_gradients(const tensor_list& saved, int64_t groups, const Tensor& gradient) {
    const Tensor& images = saved[3];
    const Tensor& moments = saved[4];
    const Plan plan = Plan::of(images, groups);
    const Tensor sums = torch::empty_like(moments);
    Tensor input_gradient = torch::empty_like(images);
    for_each_image(images.size(0), [&](int64_t index) {
      const auto* image = images[index].const_data_ptr<float>();
      const auto* of_output = gradient[index].const_data_ptr<float>();
      const GradientSums own = {sums[0][index].mutable_data_ptr<float>(),
                                sums[1][index].mutable_data_ptr<float>()};
      sum_values(plan, of_output, own.of_gradient);
      const Moments moments_of_image = moments_of(moments, index);
      sum_products(plan, image, moments_of_image.means, of_output, own.of_products);
      find_input_gradient(plan, image, of_output, saved[1].const_data_ptr<float>(), moments_of_image, own,
                          input_gradient[index].mutable_data_ptr<float>());
    });
    const Tensor weight_gradient = (sums[1] * moments[1]).sum(0);
    return {input_gradient, weight_gradient, sums[0].sum(0), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

bool takes_fused_normalisation(const torch::nn::GroupNormImpl& layer, const Tensor& input) {
  constexpr int64_t kMostPixels = 256;
  return layer.options.affine() && input.dim() == 4 && input.size(1) == layer.options.num_channels() &&
         input.size(2) * input.size(3) > kMostPixels;
}

Tensor fused_normalisation(const torch::nn::GroupNormImpl& layer, FusibleActivation activation,
                           const Tensor& input) {
  return FusedNormalisation::apply(input, layer.weight, layer.bias, layer.options.num_groups(),
                                   layer.options.eps(), activation);
}

}  // namespace autoencoder
