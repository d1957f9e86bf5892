#include "common/interrupt.h"

#include <csignal>

namespace autoencoder {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t received = 0;

void receive(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  received = 0;
  for (const int signal : kSignals) {
    const bool was_ignored = std::signal(signal, receive) == SIG_IGN;  // by nohup
    if (was_ignored) {
      std::signal(signal, SIG_IGN);
    }
  }
}

InterruptGuard::~InterruptGuard() {
  for (const int signal : kSignals) {
    const bool was_ignored = std::signal(signal, SIG_DFL) == SIG_IGN;
    if (was_ignored) {
      std::signal(signal, SIG_IGN);
    }
  }
}

int InterruptGuard::signal() const { return received; }

}  // namespace autoencoder
