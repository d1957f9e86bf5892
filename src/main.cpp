// autoencoder COMMAND ...: what is set for the whole process before the command runs.

#include <csignal>

#include <ATen/Context.h>

#include "cli/program.h"
#include "common/memory.h"

int main(int argc, char** argv) {
  // Adam's moments of always-black pixels decay into denormal numbers, which slow every later epoch. Threads
  // inherit the setting, so it comes before the first of them.
  at::globalContext().setFlushDenormal(true);
  autoencoder::keep_freed_memory();
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file that may not grow is an error like a full disk, with a line of its own
  return autoencoder::run_program({argv + 1, argv + argc});
}
