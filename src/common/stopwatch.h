// How long something takes.
#pragma once

#include <chrono>

namespace autoencoder {

/// Runs from the moment it is made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point start_ = Clock::now();
};

}  // namespace autoencoder
