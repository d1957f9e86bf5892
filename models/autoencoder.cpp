#include "models/autoencoder.h"

#include <ATen/Context.h>

#include "common/random.h"

namespace autoencoder {
namespace {

bool is_global(const at::Generator& generator) {
  return generator == at::globalContext().defaultGenerator(generator.device());
}

}  // namespace

Loss Autoencoder::loss(const Batch& batch, const Step& step) {
  const Batch seen = {scaled(batch.input), scaled(batch.target), batch.label};
  if (is_separable() || is_global(step.rng)) {
    return do_loss(seen, step);
  }
  // LibTorch's random layers (dropout) know no other generator, and one stream serves them and the family's
  // draws.
  const GlobalGeneratorLoan loan(step.rng);
  return do_loss(seen, {loan.generator(), step.progress});
}

void Autoencoder::set_scaling(const Scaling& scaling) {
  scaling_.offset = register_buffer("offset", scaling.offset);
  scaling_.factor = register_buffer("factor", scaling.factor);
}

Tensor Autoencoder::scaled(const Tensor& data) const {
  return has_scaling() ? (data - scaling_.offset) / scaling_.factor : data;
}

Tensor Autoencoder::unscaled(const Tensor& data) const {
  return has_scaling() ? data * scaling_.factor + scaling_.offset : data;
}

}  // namespace autoencoder
