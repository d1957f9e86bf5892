#include "models/autoencoder.h"

#include <ATen/Context.h>

#include "common/random.h"
#include "models/dropout.h"

namespace autoencoder {
namespace {

bool is_global(const at::Generator& generator) {
  return generator == at::globalContext().defaultGenerator(generator.device());
}

}  // namespace

Loss Autoencoder::loss(const Objective& objective, const Batch& batch, const Step& step) {
  const Batch seen = {scaled(batch.input), scaled(batch.target), batch.label};
  if (division() != Division::kNone || is_global(step.rng)) {
    const LayersDrawFrom draws(step.rng);
    return objective.loss(seen, step);
  }
  // LibTorch's random layers know no other generator, and one stream serves them and the family's draws.
  const GlobalGeneratorLoan loan(step.rng);
  const LayersDrawFrom draws(loan.generator());
  return objective.loss(seen, {loan.generator(), step.progress});
}

std::vector<Objective> Autoencoder::objectives() {
  Objective whole = {"", {}, [this](const Batch& batch, const Step& step) { return do_loss(batch, step); }};
  for (const Tensor& parameter : parameters()) {
    if (parameter.requires_grad()) {
      whole.parameters.push_back(parameter);
    }
  }
  return {whole};
}

Tensor Autoencoder::predict_holes(const Tensor& input) {
  constexpr double kMidGrey = 0.5;
  return forward(row_layout().empty() ? input.nan_to_num(kMidGrey) : input);
}

const RowLayout& Autoencoder::row_layout() const {
  static const RowLayout none;
  return none;
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
