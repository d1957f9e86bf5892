#include "training/mixed_precision.h"

#include <ATen/autocast_mode.h>

#include "models/kernels/blas.h"

namespace autoencoder {

void visit_precision(OptionVisitor& visitor, Precision& precision) {
  visitor.choice("precision", precision, "fp32, or bf16: products in bfloat16, weights in float32",
                 {{"fp32", Precision::kFloat32}, {"bf16", Precision::kBfloat16}});
}

MixedPrecision::MixedPrecision(const Autoencoder& model, Precision precision)
    : device_(model.parameters().front().device().type()), engine_(Engine::kNone) {
  if (precision == Precision::kBfloat16) {
    const bool is_own = device_ == torch::kCPU && has_bfloat16_products();
    engine_ = is_own ? Engine::kOwn : Engine::kAutocast;
    parameters_ = is_own ? model.parameters() : std::vector<Tensor>();
  }
}

void MixedPrecision::take_weights() { weights_.refresh(parameters_); }

MixedPrecision::Scope::Scope(const MixedPrecision& precision)
    : own_(precision.engine_ == Engine::kOwn ? &precision.weights_ : nullptr) {
  if (precision.engine_ == Engine::kAutocast) {
    autocast_ = precision.device_;
    at::autocast::set_autocast_dtype(*autocast_, at::kBFloat16);
    at::autocast::set_autocast_enabled(*autocast_, true);
  }
}

MixedPrecision::Scope::~Scope() {
  if (autocast_) {
    at::autocast::set_autocast_enabled(*autocast_, false);
    at::autocast::clear_cache();  // it holds the weights' casts, which the next step makes stale
  }
}

bool suits_threads(Precision precision) {
  return precision == Precision::kFloat32 || has_bfloat16_products();
}

std::string note_on(Precision precision, const torch::Device& device) {
  return !device.is_cpu() || suits_threads(precision)
             ? ""
             : "bfloat16 is slower here than float32: this processor has no instructions for it, or this "
               "program no oneDNN to use them; leave --precision bf16 away";
}

}  // namespace autoencoder
