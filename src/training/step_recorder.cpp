#include "training/step_recorder.h"

#include <fmt/format.h>

namespace autoencoder {
namespace {

constexpr int64_t kLaunchedFirst = 3;  // as PyTorch's own wrapper of CUDA graphs has it

void copy_into(Tensor& seat, const Tensor& values) {
  if (!values.defined()) {
    return;
  }
  if (seat.defined()) {
    seat.copy_(values);
  } else {
    seat = values.clone();
  }
}

bool are_alike(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.sizes() == b.sizes());
}

}  // namespace

void RecordedStep::run(const Batch& batch) {
  // The first one may be an epoch's last, where training goes on there.
  const bool is_larger = launched_ > 0 && batch.input.size(0) > seat_.input.size(0);
  if (launched_ == 0 || (is_larger && mode_ == Mode::kToRecord)) {
    seat_ = {};
    take_seat(batch);
    launched_ = 0;
  }
  if (mode_ == Mode::kPlain || !fits_seat(batch) || launched_ < kLaunchedFirst) {
    ++launched_;
    work_(batch);
    return;
  }
  take_seat(batch);
  if (mode_ == Mode::kToRecord) {
    record();
  }
  if (mode_ == Mode::kRecorded) {
    recorder_.replay();
  } else {
    work_(batch);
  }
}

bool RecordedStep::fits_seat(const Batch& batch) const {
  return are_alike(seat_.input, batch.input) && are_alike(seat_.target, batch.target) &&
         are_alike(seat_.label, batch.label);
}

// Input and target share a seat where they are the same.
void RecordedStep::take_seat(const Batch& batch) {
  copy_into(seat_.input, batch.input);
  copy_into(seat_.label, batch.label);
  if (batch.target.is_same(batch.input)) {
    seat_.target = seat_.input;
  } else {
    copy_into(seat_.target, batch.target);
  }
}

void RecordedStep::record() {
  try {
    recorder_.record([this] { work_(seat_); });
    mode_ = Mode::kRecorded;
  } catch (const c10::Error& error) {
    fmt::print(stderr,
               "warning: the training step cannot be recorded, and runs as with --cuda-graph off: {}\n",
               error.what_without_backtrace());
    mode_ = Mode::kPlain;
  }
}

}  // namespace autoencoder
