#include "tests/support/forked.h"

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/program.h"

namespace autoencoder::testing {

ForkedCall::ForkedCall(const std::filesystem::path& folder, const std::vector<std::string>& words,
                       const std::function<void()>& prepare)
    : output_(folder), process_(::fork()) {
  if (process_ < 0) {
    throw std::runtime_error("cannot fork");
  }
  if (process_ == 0) {
    output_.redirect();
    std::filesystem::current_path(folder);
    prepare();
    const int status = autoencoder::run_program(words);
    std::fflush(nullptr);
    ::_exit(status);
  }
}

void ForkedCall::send(int signal) const { ::kill(process_, signal); }

ProgramResult ForkedCall::wait() {
  int status = 0;
  rusage usage{};
  ::wait4(process_, &status, 0, &usage);
  return output_.result_of(status, usage);
}

ProgramResult run_forked(const std::filesystem::path& folder, const std::vector<std::string>& words,
                         const std::function<void()>& prepare) {
  return ForkedCall(folder, words, prepare).wait();
}

}  // namespace autoencoder::testing
