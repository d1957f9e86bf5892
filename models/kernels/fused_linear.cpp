#include "models/kernels/fused_linear.h"

namespace autoencoder {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

class FusedLinear : public torch::autograd::Function<FusedLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight,
                        const Tensor& bias, FusibleActivation activation) {
    Tensor output = torch::addmm(bias, input, weight.t());
    activate_in_place(activation, output);
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
    const Tensor gradient = gradient_before(activation, gradients[0], saved[3]);
    return {context->needs_input_grad(0) ? gradient.mm(weight) : Tensor(), gradient.t().mm(input),
            gradient.sum(0), Tensor()};
  }
};

}  // namespace

bool takes_fused_linear(const torch::nn::LinearImpl& layer, const Tensor& input) {
  return layer.bias.defined() && input.dim() == 2;
}

Tensor fused_linear(const torch::nn::LinearImpl& layer, FusibleActivation activation, const Tensor& input) {
  return FusedLinear::apply(input, layer.weight, layer.bias, activation);
}

}  // namespace autoencoder
