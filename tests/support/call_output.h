// What a call of the program prints, and how it ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/resource.h>

namespace autoencoder::testing {

/// What a finished call left.
struct ProgramResult {
  int status = -1;  ///< exit status
  std::string out;
  std::string error;
  int64_t peak_bytes = 0;  ///< the most memory that it had
};

/// Where what a call in `folder` prints goes: to files in it, so that a running call can be watched.
class CallOutput {
 public:
  explicit CallOutput(const std::filesystem::path& folder)
      : out_path_(folder / ".out"), error_path_(folder / ".error") {}

  void redirect() const;  ///< of this process, from now on
  std::string out_so_far() const;
  ProgramResult result_of(int wait_status, const rusage& usage) const;

 private:
  std::filesystem::path out_path_;
  std::filesystem::path error_path_;
};

}  // namespace autoencoder::testing
