#include "common/interrupt.h"

#include <atomic>
#include <csignal>
#include <thread>
#include <unistd.h>

namespace autoencoder {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<int> received = 0;
std::atomic<pid_t> sender = 0;  // of the first signal
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free);

void receive(int signal, siginfo_t* info, void* /*context*/) {
  if (received == 0) {
    sender = info->si_pid;
    received = signal;
    return;
  }
  const pid_t parent = ::getppid();
  if (info->si_pid == parent && sender != parent) {
    return;
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // comes when this one is over
}

void change_mask_of_thread(int how) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : kSignals) {
    sigaddset(&signals, signal);
  }
  ::pthread_sigmask(how, &signals, nullptr);
}

// Gives each of the signals that is not ignored this action.
void act_on_signals(const struct sigaction& action) {
  for (const int signal : kSignals) {
    struct sigaction before = {};
    ::sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) {
      ::sigaction(signal, &action, nullptr);
    }
  }
}

}  // namespace

void keep_signals_from_working_threads() {
  std::thread([] {
    change_mask_of_thread(SIG_UNBLOCK);
    while (true) {
      ::pause();
    }
  }).detach();
  change_mask_of_thread(SIG_BLOCK);
}

InterruptGuard::InterruptGuard() {
  received = 0;
  struct sigaction action = {};
  action.sa_sigaction = receive;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  act_on_signals(action);
}

InterruptGuard::~InterruptGuard() {
  struct sigaction usual = {};
  usual.sa_handler = SIG_DFL;
  act_on_signals(usual);
}

int InterruptGuard::signal() const { return received; }

}  // namespace autoencoder
