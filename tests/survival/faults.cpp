// The functions of the C library that write, in place of its own: a program's come first.

#include "tests/survival/faults.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace autoencoder::testing {
namespace {

Fault chosen = Fault::kRefuse;
int64_t chosen_call = 0;

// Shared with the processes that are forked from this one.
int64_t& calls() {
  static auto* const shared = static_cast<int64_t*>(
      ::mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *shared;
}

bool is_printed_to(int descriptor) { return descriptor <= STDERR_FILENO; }

bool is_file(int descriptor) {
  struct stat status {};
  return !is_printed_to(descriptor) && ::fstat(descriptor, &status) == 0 &&
         (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

// Counts a call. Whether it is to fail; `half_done` is what a killed one has done of it before.
template <typename HalfDone>
bool fails(const HalfDone& half_done) {
  const int64_t call = ++calls();
  if (chosen_call == 0 || call < chosen_call) {
    return false;
  }
  if (chosen == Fault::kKill) {
    half_done();
    ::kill(::getpid(), SIGKILL);
  }
  return true;
}

int refuse(int code) {
  errno = code;
  return -1;
}

}  // namespace

void inject(Fault fault, int64_t at) {
  chosen = fault;
  chosen_call = at;
  calls() = 0;
}

int64_t calls_of_files() { return calls(); }

}  // namespace autoencoder::testing

using autoencoder::testing::fails;
using autoencoder::testing::is_file;
using autoencoder::testing::refuse;

extern "C" ssize_t write(int descriptor, const void* bytes, size_t count) {
  const auto half_done = [&] { ::syscall(SYS_write, descriptor, bytes, count / 2); };
  return is_file(descriptor) && fails(half_done) ? refuse(ENOSPC)
                                                 : ::syscall(SYS_write, descriptor, bytes, count);
}

extern "C" ssize_t writev(int descriptor, const iovec* parts, int count) {
  const auto half_done = [&] { ::syscall(SYS_writev, descriptor, parts, count / 2); };
  return is_file(descriptor) && fails(half_done) ? refuse(ENOSPC)
                                                 : ::syscall(SYS_writev, descriptor, parts, count);
}

extern "C" int fsync(int descriptor) {
  return is_file(descriptor) && fails([] {}) ? refuse(EIO)
                                             : static_cast<int>(::syscall(SYS_fsync, descriptor));
}

extern "C" int rename(const char* from, const char* to) noexcept {
  return fails([] {}) ? refuse(EIO) : static_cast<int>(::syscall(SYS_rename, from, to));
}
