#include "tests/support/program.h"

#include <csignal>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace autoencoder::testing {
namespace {

[[noreturn]] void become_program(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  std::string program = AUTOENCODER_PROGRAM;
  argv.push_back(program.data());
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

}  // namespace

ProgramCall::ProgramCall(const std::filesystem::path& folder, const std::vector<std::string>& words)
    : output_(folder), process_(::fork()) {
  if (process_ < 0) {
    throw std::runtime_error("cannot fork");
  }
  if (process_ == 0) {
    output_.redirect();
    std::filesystem::current_path(folder);
    become_program(words);
  }
}

void ProgramCall::send(int signal) const { ::kill(process_, signal); }

bool ProgramCall::has_ended() const {
  siginfo_t state = {};
  ::waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT);
  return state.si_pid != 0;
}

ProgramResult ProgramCall::wait() {
  int status = 0;
  rusage usage{};
  ::wait4(process_, &status, 0, &usage);
  return output_.result_of(status, usage);
}

ProgramResult run_program(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  return ProgramCall(folder, words).wait();
}

}  // namespace autoencoder::testing
