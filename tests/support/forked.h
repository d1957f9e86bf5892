// The program's command line in a process forked from the test: a call costs its work alone, not half a
// second for loading LibTorch. The test must not have started threads before.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/support/call_output.h"

namespace autoencoder::testing {

/// A call of the program in `folder`, under way.
class ForkedCall {
 public:
  /// `prepare` is called in the new process before the program.
  ForkedCall(
      const std::filesystem::path& folder, const std::vector<std::string>& words,
      const std::function<void()>& prepare = [] {});

  void send(int signal) const;
  /// Status is minus the signal where one ended it.
  ProgramResult wait();

 private:
  CallOutput output_;
  pid_t process_;
};

ProgramResult run_forked(
    const std::filesystem::path& folder, const std::vector<std::string>& words,
    const std::function<void()>& prepare = [] {});

}  // namespace autoencoder::testing
