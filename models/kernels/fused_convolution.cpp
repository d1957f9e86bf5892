#include "models/kernels/fused_convolution.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "models/kernels/bfloat16.h"
#include "models/kernels/in_parallel.h"
#include "models/kernels/patches.h"
#include "models/kernels/products.h"

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// What a layer does beside its weights.
struct Convolution {
  int64_t kernel, stride, padding;
  int64_t output_padding_down, output_padding_across;  // of a transposed one
  Finish finish;

  c10::IValue value() const {
    return std::vector<int64_t>{kernel,
                                stride,
                                padding,
                                output_padding_down,
                                output_padding_across,
                                static_cast<int64_t>(finish.activation),
                                static_cast<int64_t>(finish.type)};
  }
  static Convolution of(const c10::IValue& value) {
    const auto numbers = value.toIntVector();
    const Finish finish = {static_cast<FusibleActivation>(numbers[5]),
                           static_cast<torch::ScalarType>(numbers[6])};
    return {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], finish};
  }

  // Of the kernel on images of N x C x H x W.
  PatchPlan plan_for(const Tensor& images) const {
    const int64_t height = images.size(2);
    const int64_t width = images.size(3);
    return {images.size(1), height, width, kernel, stride, padding, places(height), places(width)};
  }
  bool fits(int64_t side) const { return side + 2 * padding >= kernel; }
  // Of a kernel that fits: the division rounds towards zero, and would find a place for others.
  int64_t places(int64_t side) const { return (side + 2 * padding - kernel) / stride + 1; }
  int64_t side_from(int64_t places, int64_t output_padding) const {
    return (places - 1) * stride - 2 * padding + kernel + output_padding;
  }
};

Tensor empty_images(int64_t count, int64_t channels, int64_t height, int64_t width, torch::ScalarType type) {
  return torch::empty({count, channels, height, width},
                      torch::TensorOptions(type).memory_format(torch::MemoryFormat::ChannelsLast));
}

Tensor channels_last(const Tensor& images) { return images.contiguous(torch::MemoryFormat::ChannelsLast); }

// N x C x H x W, channels last -> N*H*W x C, the same memory.
Tensor as_pixels(const Tensor& images) {
  return images.permute({0, 2, 3, 1}).view({images.size(0) * images.size(2) * images.size(3), -1});
}

// Calls visit(a number of the tensor's type): float32 or bfloat16.
template <typename Visit>
void with_number_of(const Tensor& values, Visit visit) {
  values.scalar_type() == torch::kFloat32 ? visit(float()) : visit(c10::BFloat16());
}

// For images -> N * places x kernel * kernel * C, of the images' type, as gather_patches lays them.
Tensor empty_patches(const PatchPlan& plan, const Tensor& images) {
  const int64_t places = images.size(0) * plan.places();
  return plan.lies_in_columns() ? torch::empty({plan.patch_size(), places}, images.scalar_type()).t()
                                : torch::empty({places, plan.patch_size()}, images.scalar_type());
}

// Of images, channels last.
Tensor patches_of(const PatchPlan& plan, const Tensor& images) {
  Tensor patches = empty_patches(plan, images);
  with_number_of(images, [&]<typename Number>(Number) {
    gather_patches(plan, images.const_data_ptr<Number>(), images.size(0), patches.mutable_data_ptr<Number>());
  });
  return patches;
}

// To images of float32.
void add_patches(const PatchPlan& plan, const Tensor& patches, const Tensor& images) {
  with_number_of(patches, [&]<typename Number>(Number) {
    scatter_patches(plan, patches.const_data_ptr<Number>(), images.size(0), images.mutable_data_ptr<float>());
  });
}

Tensor zero_images_like(const Tensor& images) {
  return torch::zeros_like(images, torch::TensorOptions(torch::kFloat32));
}

Tensor sum_of_pixels(const Tensor& pixels) { return pixels.sum(0, /*keepdim=*/false, torch::kFloat32); }

// Images one behind the other, some of a batch.
struct Group {
  int64_t first, count;

  Tensor of(const Tensor& images) const { return images.narrow(0, first, count); }
};

// Groups so small that their patches stay in a core's cache from product to product.
class Groups {
 public:
  Groups(const PatchPlan& plan, const Tensor& images)
      : images_(images.size(0)),
        most_(std::max<int64_t>(1, kNumbers / (plan.places() * plan.patch_size()))) {}

  int64_t count() const { return (images_ + most_ - 1) / most_; }
  bool are_single_images() const { return most_ == 1; }
  Group at(int64_t index) const { return {index * most_, std::min(most_, images_ - index * most_)}; }

 private:
  static constexpr int64_t kNumbers = 1 << 18;  // of patches: 1 MB
  int64_t images_, most_;
};

// Calls visit(group), one after the other.
template <typename Visit>
void for_each_group(const Groups& groups, Visit visit) {
  for (int64_t index = 0; index < groups.count(); ++index) {
    visit(groups.at(index));
  }
}

// Calls visit(group) on all threads.
template <typename Visit>
void for_each_group_in_parallel(const Groups& groups, Visit visit) {
  in_parallel(groups.count(), [&](int64_t begin, int64_t end) {
    for (int64_t index = begin; index < end; ++index) {
      visit(groups.at(index));
    }
  });
}

// A x B x kernel x kernel -> A x kernel * kernel * B, as patches lie.
Tensor weights_of_patches(const Tensor& weight) { return weight.permute({0, 2, 3, 1}).flatten(1); }

// The gradient of weights A x B x kernel x kernel, as the sum over groups of products of patches (M x kernel
// * kernel * B) and pixels (M x A). In this order, for the one transposed to it takes six times as long where
// B is 1.
class WeightGradient {
 public:
  explicit WeightGradient(const Tensor& weight)
      : shape_{weight.size(0), weight.size(2), weight.size(3), weight.size(1)},
        sum_(torch::zeros({weight[0].numel(), weight.size(0)})) {}

  void add(const WeightGradient& other) { sum_.add_(other.sum_); }
  void add(const Tensor& patches, const Tensor& pixels) { add_product(patches.t(), pixels, sum_); }
  Tensor value() const { return sum_.t().reshape(shape_).permute({0, 3, 1, 2}).contiguous(); }

 private:
  std::vector<int64_t> shape_;
  Tensor sum_;
};

// The sum of what visit(group, sum) adds for each group. Where a group is one large image, which all threads
// together are not much faster with than one, each takes images of its own.
template <typename Visit>
WeightGradient sum_over_groups(const Tensor& weight, const Groups& groups, Visit visit) {
  WeightGradient sum(weight);
  if (!groups.are_single_images()) {
    for_each_group(groups, [&](const Group& group) { visit(group, sum); });
    return sum;
  }
  std::map<int64_t, WeightGradient> parts;  // by their first group: added in the same order in every run
  std::mutex mutex;
  in_parallel(groups.count(), [&](int64_t begin, int64_t end) {
    WeightGradient part(weight);
    for (int64_t index = begin; index < end; ++index) {
      visit(groups.at(index), part);
    }
    const std::lock_guard lock(mutex);
    parts.emplace(begin, std::move(part));
  });
  for (const auto& [first, part] : parts) {
    sum.add(part);
  }
  return sum;
}

class FusedConvolution : public torch::autograd::Function<FusedConvolution> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, const Convolution& layer) {
    const Tensor images = channels_last(Bfloat16Products::factor(input));
    const Tensor weights = weights_of_patches(Bfloat16Products::weight(weight));
    const PatchPlan plan = layer.plan_for(images);
    const FusibleActivation activation = layer.finish.activation;
    Tensor output = empty_images(images.size(0), weight.size(0), plan.rows, plan.columns, layer.finish.type);
    for_each_group_in_parallel({plan, images}, [&](const Group& group) {
      const Tensor patches = patches_of(plan, group.of(images));
      Tensor pixels = as_pixels(group.of(output));
      put_activated(activation, bias, patches, weights.t(), pixels);
    });
    const bool keeps_output = activation != FusibleActivation::kNone;
    context->save_for_backward({input, weight, bias, images, keeps_output ? output : Tensor(), weights});
    context->saved_data["layer"] = layer.value();
    return output;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const auto layer = Convolution::of(context->saved_data["layer"]);
    if (torch::GradMode::is_enabled()) {
      return differentiable_gradients(
          saved, gradients[0], layer.finish.activation, [&](const tensor_list& sources) {
            return torch::conv2d(sources[0], sources[1], sources[2], layer.stride, layer.padding);
          });
    }
    const Tensor& images = saved[3];
    const Tensor& weights = saved[5];
    const PatchPlan plan = layer.plan_for(images);
    const Tensor before = channels_last(gradient_before(layer.finish.activation, gradients[0], saved[4]));
    const Tensor gradient = before.to(images.scalar_type());
    const Tensor input_gradient = context->needs_input_grad(0) ? zero_images_like(images) : Tensor();
    const WeightGradient weight_gradient =
        sum_over_groups(saved[1], {plan, images}, [&](const Group& group, WeightGradient& sum) {
          Tensor patches = patches_of(plan, group.of(images));
          const Tensor pixels = as_pixels(group.of(gradient));
          sum.add(patches, pixels);
          if (input_gradient.defined()) {
            put_product(pixels, weights, patches);
            add_patches(plan, patches, group.of(input_gradient));
          }
        });
    return {input_gradient, weight_gradient.value(), sum_of_pixels(as_pixels(before)), Tensor()};
  }
};

class FusedTransposedConvolution : public torch::autograd::Function<FusedTransposedConvolution> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, const Convolution& layer) {
    const Tensor images = channels_last(Bfloat16Products::factor(input));
    const Tensor weights = weights_of_patches(Bfloat16Products::weight(weight));
    Tensor sums = empty_images(images.size(0), weight.size(1),
                               layer.side_from(images.size(2), layer.output_padding_down),
                               layer.side_from(images.size(3), layer.output_padding_across), torch::kFloat32);
    sums.copy_(bias.view({1, -1, 1, 1}).expand_as(sums));
    const PatchPlan plan = plan_from(layer, images, sums);
    for_each_group_in_parallel({plan, images}, [&](const Group& group) {
      Tensor patches = empty_patches(plan, group.of(images));
      put_product(as_pixels(group.of(images)), weights, patches);
      add_patches(plan, patches, group.of(sums));
    });
    activate_in_place(layer.finish.activation, sums);
    const Tensor output = sums.to(layer.finish.type);
    const bool keeps_output = layer.finish.activation != FusibleActivation::kNone;
    context->save_for_backward({input, weight, bias, images, keeps_output ? output : Tensor(), weights});
    context->saved_data["layer"] = layer.value();
    return output;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const auto layer = Convolution::of(context->saved_data["layer"]);
    if (torch::GradMode::is_enabled()) {
      return differentiable_gradients(
          saved, gradients[0], layer.finish.activation, [&](const tensor_list& sources) {
            const std::vector<int64_t> output_padding = {layer.output_padding_down,
                                                         layer.output_padding_across};
            return torch::conv_transpose2d(sources[0], sources[1], sources[2], layer.stride, layer.padding,
                                           output_padding);
          });
    }
    const Tensor& images = saved[3];
    const Tensor weights = saved[5].t();
    const Tensor before = channels_last(gradient_before(layer.finish.activation, gradients[0], saved[4]));
    const Tensor gradient = before.to(images.scalar_type());
    const PatchPlan plan = plan_from(layer, images, gradient);
    const Tensor input_gradient = context->needs_input_grad(0) ? torch::empty_like(images) : Tensor();
    const WeightGradient weight_gradient =
        sum_over_groups(saved[1], {plan, images}, [&](const Group& group, WeightGradient& sum) {
          const Tensor patches = patches_of(plan, group.of(gradient));
          sum.add(patches, as_pixels(group.of(images)));
          if (input_gradient.defined()) {
            Tensor pixels = as_pixels(group.of(input_gradient));
            put_product(patches, weights, pixels);
          }
        });
    return {input_gradient, weight_gradient.value(), sum_of_pixels(as_pixels(before)), Tensor()};
  }

 private:
  // A place of the kernel on the output for each pixel of the input.
  static PatchPlan plan_from(const Convolution& layer, const Tensor& input, const Tensor& output) {
    PatchPlan plan = layer.plan_for(output);
    plan.rows = input.size(2);
    plan.columns = input.size(3);
    return plan;
  }
};

using LayerOptions = torch::nn::detail::ConvNdOptions<2>;

// The same down and across, and no less than `least`.
bool is_square(const torch::ExpandingArray<2>& sizes, int64_t least) {
  return sizes->at(0) == sizes->at(1) && sizes->at(0) >= least;
}

bool is_plain(const LayerOptions& options) {
  const auto* padding = std::get_if<torch::ExpandingArray<2>>(&options.padding());
  return padding != nullptr && is_square(*padding, 0) && is_square(options.kernel_size(), 1) &&
         is_square(options.stride(), 1) && options.groups() == 1 && options.dilation()->at(0) == 1 &&
         options.dilation()->at(1) == 1 && options.bias() &&
         std::holds_alternative<torch::enumtype::kZeros>(options.padding_mode());
}

bool are_images(const Tensor& input, int64_t channels) {
  return input.dim() == 4 && input.size(1) == channels;
}

Convolution convolution_of(const LayerOptions& options, const Finish& finish) {
  const auto& padding = std::get<torch::ExpandingArray<2>>(options.padding());
  return {options.kernel_size()->at(0),    options.stride()->at(0),         padding->at(0),
          options.output_padding()->at(0), options.output_padding()->at(1), finish};
}

}  // namespace

bool takes_fused_convolution(const torch::nn::Conv2dImpl& layer) { return is_plain(layer.options); }

bool takes_fused_convolution(const torch::nn::ConvTranspose2dImpl& layer) {
  const auto is_below_stride = [&](int64_t side) { return side < layer.options.stride()->at(0); };
  return is_plain(layer.options) && std::ranges::all_of(*layer.options.output_padding(), is_below_stride);
}

bool takes_fused_convolution(const torch::nn::Conv2dImpl& layer, const Tensor& input) {
  if (!takes_fused_convolution(layer) || !are_images(input, layer.options.in_channels())) {
    return false;
  }
  const Convolution convolution = convolution_of(layer.options, Finish());
  return convolution.fits(input.size(2)) && convolution.fits(input.size(3));
}

bool takes_fused_convolution(const torch::nn::ConvTranspose2dImpl& layer, const Tensor& input) {
  return takes_fused_convolution(layer) && are_images(input, layer.options.in_channels());
}

Tensor fused_convolution(const torch::nn::Conv2dImpl& layer, const Finish& finish, const Tensor& input) {
  return FusedConvolution::apply(input, layer.weight, layer.bias, convolution_of(layer.options, finish));
}

Tensor fused_convolution(const torch::nn::ConvTranspose2dImpl& layer, const Finish& finish,
                         const Tensor& input) {
  return FusedTransposedConvolution::apply(input, layer.weight, layer.bias,
                                           convolution_of(layer.options, finish));
}

Tensor fused_doubling_convolution(const Tensor& weight, const Tensor& bias, const Finish& finish,
                                  const Tensor& input) {
  const Convolution doubling = {4, 2, 1, 0, 0, finish};
  return FusedTransposedConvolution::apply(input, weight, bias, doubling);
}

}  // namespace autoencoder
