#include "models/autoencoder.h"

#include <ATen/Context.h>

namespace autoencoder {
namespace {

// Makes LibTorch's global generator go on where another one stands, and that one where the global one then
// stands. LibTorch's random layers (dropout) know no other, and one stream serves them and the family's
// draws.
class GlobalGeneratorLoan {
 public:
  explicit GlobalGeneratorLoan(at::Generator owner)
      : owner_(std::move(owner)),
        lent_(at::globalContext().defaultGenerator(owner_.device())),
        before_(lent_.get_state()) {
    lent_.set_state(owner_.get_state());
  }
  ~GlobalGeneratorLoan() {
    owner_.set_state(lent_.get_state());
    lent_.set_state(before_);
  }
  GlobalGeneratorLoan(const GlobalGeneratorLoan&) = delete;
  GlobalGeneratorLoan& operator=(const GlobalGeneratorLoan&) = delete;

  const at::Generator& generator() const { return lent_; }

 private:
  at::Generator owner_;
  at::Generator lent_;
  Tensor before_;
};

bool is_global(const at::Generator& generator) {
  return generator == at::globalContext().defaultGenerator(generator.device());
}

}  // namespace

Loss Autoencoder::loss(const Batch& batch, const Step& step) {
  const Batch seen = {scaled(batch.input), scaled(batch.target), batch.label};
  if (is_separable() || is_global(step.rng)) {
    return do_loss(seen, step);
  }
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
