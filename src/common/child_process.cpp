#include "common/child_process.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"

extern char** environ;

namespace autoencoder {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

bool is_hidden(const std::string& variable, const ChildCall& call) {
  for (const std::string& start : call.hidden_variables) {
    if (variable.starts_with(start)) {
      return true;
    }
  }
  return call.environment.contains(variable.substr(0, variable.find('=')));
}

std::vector<std::string> environment_of(const ChildCall& call) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!is_hidden(*variable, call)) {
      all.emplace_back(*variable);
    }
  }
  for (const auto& [name, value] : call.environment) {
    all.push_back(name + "=" + value);
  }
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// In the new process, where nothing may be allocated.
void print_to(const char* path) {
  const int file = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file >= 0) {
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
  }
}

}  // namespace

ChildProcess::ChildProcess(const ChildCall& call) {
  std::vector<std::string> words = call.words;
  words.insert(words.begin(), "autoencoder");
  std::vector<std::string> environment = environment_of(call);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> variables = pointers_to(environment);
  const std::string output = call.output.string();
  process_ = ::fork();
  if (process_ < 0) {
    throw Error(fmt::format("cannot start a process: {}", std::strerror(errno)));
  }
  if (process_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (!output.empty()) {
      print_to(output.c_str());
    }
    ::execve(kThisProgram, argv.data(), variables.data());
    ::_exit(127);
  }
}

ChildProcess::~ChildProcess() {
  if (process_ > 0 && !status()) {
    send(SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, 0)), status_(other.status_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(status_, other.status_);
  return *this;
}

void ChildProcess::send(int signal) const {
  if (!status_) {
    ::kill(process_, signal);
  }
}

std::optional<int> ChildProcess::status() {
  int raw = 0;
  if (!status_ && ::waitpid(process_, &raw, WNOHANG) == process_) {
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  }
  return status_;
}

std::vector<std::string> own_words() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  std::string word;
  std::getline(file, word, '\0');  // the program's name
  while (std::getline(file, word, '\0')) {
    words.push_back(word);
  }
  return words;
}

}  // namespace autoencoder
