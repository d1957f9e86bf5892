#include "training/step_recorder.h"

#include <fmt/format.h>

namespace autoencoder {
namespace {

constexpr int64_t kLaunchedFirst = 3;  // as PyTorch's own wrapper of CUDA graphs has it

void copy_into(Tensor& input, const Tensor& values) {
  if (!values.defined()) {
    return;
  }
  if (input.defined()) {
    input.copy_(values);
  } else {
    input = values.clone();
  }
}

bool are_alike(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.sizes() == b.sizes());
}

}  // namespace

void RecordedStep::run(const Batch& batch) {
  // The first one may be an epoch's last, where training goes on there.
  const bool is_larger = launched_ > 0 && batch.input.size(0) > inputs_.input.size(0);
  if (launched_ == 0 || (is_larger && mode_ == Mode::kToRecord)) {
    inputs_ = {};
    copy_inputs(batch);
    launched_ = 0;
  }
  if (mode_ == Mode::kPlain || !fits_inputs(batch) || launched_ < kLaunchedFirst) {
    ++launched_;
    work_(batch);
    return;
  }
  copy_inputs(batch);
  if (mode_ == Mode::kToRecord) {
    record();
  }
  if (mode_ == Mode::kRecorded) {
    recorder_.replay();
  } else {
    work_(batch);
  }
}

bool RecordedStep::fits_inputs(const Batch& batch) const {
  return are_alike(inputs_.input, batch.input) && are_alike(inputs_.target, batch.target) &&
         are_alike(inputs_.label, batch.label);
}

// Input and target share memory where they are the same.
void RecordedStep::copy_inputs(const Batch& batch) {
  copy_into(inputs_.input, batch.input);
  copy_into(inputs_.label, batch.label);
  if (batch.target.is_same(batch.input)) {
    inputs_.target = inputs_.input;
  } else {
    copy_into(inputs_.target, batch.target);
  }
}

void RecordedStep::record() {
  try {
    recorder_.record([this] { work_(inputs_); });
    mode_ = Mode::kRecorded;
  } catch (const c10::Error& error) {
    fmt::print(stderr,
               "warning: the training step cannot be recorded, and runs as with --cuda-graph off: {}\n",
               error.what_without_backtrace());
    mode_ = Mode::kPlain;
  }
}

}  // namespace autoencoder
