// Ctrl-C and SIGTERM as a request: the work at hand is finished and saved first.
#pragma once

namespace autoencoder {

/// While it lives, SIGINT and SIGTERM set a flag instead of ending the program; a second one ends it at once.
/// One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// The signal that came (SIGINT or SIGTERM), or 0.
  int signal() const;
};

}  // namespace autoencoder
