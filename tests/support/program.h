// The built program, called as a user calls it.
#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/support/call_output.h"

namespace autoencoder::testing {

/// A call of the program in `folder`.
class ProgramCall {
 public:
  ProgramCall(const std::filesystem::path& folder, const std::vector<std::string>& words);

  void send(int signal) const;
  pid_t process() const { return process_; }
  std::string out_so_far() const { return output_.out_so_far(); }
  bool has_ended() const;
  ProgramResult wait();

 private:
  CallOutput output_;
  pid_t process_;
};

ProgramResult run_program(const std::filesystem::path& folder, const std::vector<std::string>& words);

}  // namespace autoencoder::testing
