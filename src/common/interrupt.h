// Ctrl-C, SIGTERM, and the terminal's end as a request: the work at hand is finished and saved first.
#pragma once

namespace autoencoder {

/// While it lives, SIGINT, SIGTERM and SIGHUP set a flag instead of ending the program; a second one ends it
/// at once. Those that the program was started to ignore (nohup) stay ignored. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// The signal that came, or 0.
  int signal() const;
};

}  // namespace autoencoder
