// autoencoder COMMAND ...: what is set for the whole process before the command runs.

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <ATen/Context.h>

#include "cli/program.h"
#include "common/interrupt.h"
#include "common/memory.h"

namespace {

// A short command would spend a fifth of its time on taking apart what LibTorch registered at its start.
// Builds that look at the process's end (leaks, coverage) go the long way.
[[noreturn]] void end_process(int status) {
#ifdef AUTOENCODER_INSTRUMENTED
  std::exit(status);
#else
  std::fflush(nullptr);
  std::_Exit(status);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  // Adam's moments of always-black pixels decay into denormal numbers, which slow every later epoch. Threads
  // inherit the setting, so it comes before the first of them.
  at::globalContext().setFlushDenormal(true);
  autoencoder::keep_freed_memory();
  autoencoder::keep_signals_from_working_threads();
  // A file that may not grow is an error like a full disk, with a line of its own.
  std::signal(SIGXFSZ, SIG_IGN);
  end_process(autoencoder::run_program({argv + 1, argv + argc}));
}
