#include "cli/journal.h"

#include <cstdlib>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace autoencoder {

std::string_view error_priority() {
  // "DEVICE:INODE" of the stream: one that was sent elsewhere since is another one.
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) {
    return "";
  }
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream ? "<3>" : "";
}

}  // namespace autoencoder
