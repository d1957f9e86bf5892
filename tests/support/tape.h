// A recorder for tests: keeps the work itself and does it again.
#pragma once

#include <torch/types.h>

#include "training/step_recorder.h"

namespace autoencoder::testing {

class Tape : public Recorder {
 public:
  enum class Fate { kPlays, kTearsAtOnce };

  explicit Tape(Fate fate = Fate::kPlays) : fate_(fate) {}

  void record(const std::function<void()>& work) override {
    ++recordings;
    TORCH_CHECK(fate_ == Fate::kPlays, "no recording here");
    work_ = work;
  }

  void replay() override {
    ++replays;
    work_();
  }

  int64_t recordings = 0;
  int64_t replays = 0;

 private:
  Fate fate_;
  std::function<void()> work_;
};

}  // namespace autoencoder::testing
