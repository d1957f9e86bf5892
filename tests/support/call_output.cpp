#include "tests/support/call_output.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/files.h"

namespace autoencoder::testing {
namespace {

void redirect_to(const std::filesystem::path& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, descriptor);
  ::close(file);
}

}  // namespace

void CallOutput::redirect() const {
  redirect_to(out_path_, STDOUT_FILENO);
  redirect_to(error_path_, STDERR_FILENO);
}

std::string CallOutput::out_so_far() const {
  return std::filesystem::exists(out_path_) ? read_file(out_path_) : "";
}

ProgramResult CallOutput::result_of(int wait_status, const rusage& usage) const {
  const int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -WTERMSIG(wait_status);
  return {status, read_file(out_path_), read_file(error_path_), usage.ru_maxrss * 1024};
}

}  // namespace autoencoder::testing
