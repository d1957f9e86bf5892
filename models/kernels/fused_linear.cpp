#include "models/kernels/fused_linear.h"

#include "models/kernels/bfloat16.h"
#include "models/kernels/products.h"

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// ... x F -> N x F
Tensor as_rows(const Tensor& values) { return values.flatten(0, -2); }

// What is multiplied: the rows of a layer's input, and its weight.
struct Factors {
  Tensor rows, weight;
};

// activation(rows weight^T + bias)
Tensor activated_product(const Factors& factors, const Tensor& bias, const Finish& finish) {
  const auto& [rows, weight] = factors;
  Tensor outputs = torch::empty({rows.size(0), weight.size(0)}, finish.type);
  put_activated(finish.activation, bias, rows, weight.t(), outputs);
  return outputs;
}

class FusedLinear : public torch::autograd::Function<FusedLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, const Finish& finish) {
    const Factors factors = {Bfloat16Products::factor(as_rows(input)), Bfloat16Products::weight(weight)};
    const Tensor output = activated_product(factors, bias, finish).view(sizes_with(input, weight.size(0)));
    const bool keeps_output = finish.activation != FusibleActivation::kNone;
    context->save_for_backward(
        {input, weight, bias, keeps_output ? output : Tensor(), factors.rows, factors.weight});
    context->saved_data["activation"] = static_cast<int64_t>(finish.activation);
    return output;
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const Tensor& input = saved[0];
    const auto activation = static_cast<FusibleActivation>(context->saved_data["activation"].toInt());
    if (torch::GradMode::is_enabled()) {
      return differentiable_gradients(saved, gradients[0], activation, [](const tensor_list& sources) {
        return torch::linear(sources[0], sources[1], sources[2]);
      });
    }
    const Factors factors = {saved[4], saved[5]};
    const Tensor before = as_rows(gradient_before(activation, gradients[0], saved[3]));
    const Tensor gradient = before.to(factors.rows.scalar_type());
    Tensor input_gradient;
    if (context->needs_input_grad(0)) {
      input_gradient = torch::empty_like(as_rows(input));
      put_product(gradient, factors.weight, input_gradient);
      input_gradient = input_gradient.view(input.sizes());
    }
    return {input_gradient, product(gradient.t(), factors.rows), before.sum(0, false, torch::kFloat32),
            Tensor()};
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

Tensor fused_linear(const torch::nn::LinearImpl& layer, const Finish& finish, const Tensor& input) {
  return FusedLinear::apply(input, layer.weight, layer.bias, finish);
}

}  // namespace autoencoder
