// Ctrl-C, SIGTERM, and the terminal's end as a request: the work at hand is finished and saved first.
#pragma once

namespace autoencoder {

/// Signals come to a thread of its own from now on, and to none that works. To be called before there are
/// other threads, which inherit it: some products of oneDNN (2.6 is Debian's) use the stack pointer as one to
/// numbers, and a handler that ran on such a thread would write over them.
void keep_signals_from_working_threads();

/// While it lives, SIGINT, SIGTERM and SIGHUP set a flag instead of ending the program; a second one ends it
/// at once, unless it is the parent process that passes on what all have been told. Those that the program
/// was started to ignore (nohup) stay ignored. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// The signal that came first, or 0.
  int signal() const;
};

}  // namespace autoencoder
