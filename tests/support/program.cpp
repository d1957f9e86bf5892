#include "tests/support/program.h"

#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "common/files.h"

namespace autoencoder::testing {
namespace {

void redirect(const std::filesystem::path& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, descriptor);
  ::close(file);
}

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
    : out_path_(folder / ".out"), error_path_(folder / ".error"), process_(::fork()) {
  if (process_ < 0) {
    throw std::runtime_error("cannot fork");
  }
  if (process_ == 0) {
    redirect(out_path_, STDOUT_FILENO);
    redirect(error_path_, STDERR_FILENO);
    std::filesystem::current_path(folder);
    become_program(words);
  }
}

void ProgramCall::send(int signal) const { ::kill(process_, signal); }

std::string ProgramCall::out_so_far() const {
  return std::filesystem::exists(out_path_) ? read_file(out_path_) : "";
}

bool ProgramCall::has_ended() const {
  siginfo_t state = {};
  ::waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT);
  return state.si_pid != 0;
}

ProgramResult ProgramCall::wait() {
  int status = 0;
  ::waitpid(process_, &status, 0);
  const int exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return {exit_status, read_file(out_path_), read_file(error_path_)};
}

ProgramResult run_program(const std::filesystem::path& folder, const std::vector<std::string>& words) {
  return ProgramCall(folder, words).wait();
}

}  // namespace autoencoder::testing
