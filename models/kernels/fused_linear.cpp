#include "models/kernels/fused_linear.h"

#include "models/kernels/products.h"

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// ... x F -> N x F
Tensor as_rows(const Tensor& values) { return values.flatten(0, -2); }

class FusedLinear : public torch::autograd::Function<FusedLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, FusibleActivation activation) {
    Tensor rows = product_plus(bias, as_rows(input), weight.t());
    activate_in_place(activation, rows);
    const Tensor output = rows.view(sizes_with(input, weight.size(0)));
    const bool keeps_output = activation != FusibleActivation::kNone;
    context->save_for_backward({input, weight, bias, keeps_output ? output : Tensor()});
    context->saved_data["activation"] = static_cast<int64_t>(activation);
    return output;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const Tensor& input = saved[0];
    const Tensor& weight = saved[1];
    const auto activation = static_cast<FusibleActivation>(context->saved_data["activation"].toInt());
    if (torch::GradMode::is_enabled()) {
      return differentiable_gradients(saved, gradients[0], activation, [](const tensor_list& sources) {
        return torch::linear(sources[0], sources[1], sources[2]);
      });
    }
    const Tensor gradient = as_rows(gradient_before(activation, gradients[0], saved[3]));
    return {context->needs_input_grad(0) ? product(gradient, weight).view(input.sizes()) : Tensor(),
            product(gradient.t(), as_rows(input)), gradient.sum(0), Tensor()};
  }

 private:
  static std::vector<int64_t> sizes_with(const Tensor& input, int64_t features) {
    std::vector<int64_t> sizes = input.sizes().vec();
    sizes.back() = features;
    return sizes;
  }
};

}  // namespace

bool takes_fused_linear(const torch::nn::LinearImpl& layer, const Tensor& input) {
  return layer.bias.defined() && input.dim() > 1 && input.size(-1) == layer.weight.size(1);
}

Tensor fused_linear(const torch::nn::LinearImpl& layer, FusibleActivation activation, const Tensor& input) {
  return FusedLinear::apply(input, layer.weight, layer.bias, activation);
}

}  // namespace autoencoder
