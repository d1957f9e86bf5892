// autoencoder COMMAND ...: finds the command and runs it. The only place that catches.
// Exit status: 0 done, 1 failed, 2 bad usage, 128 + N stopped by signal N.

#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <ATen/Context.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "commands/command.h"
#include "commands/version.h"
#include "common/error.h"

namespace {

using namespace autoencoder;

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", program_help());
    return 2;
  }
  if (words.front() == "--version") {
    fmt::print("{}\n", version_text());
    return 0;
  }
  if (words.front() == "help" || words.front() == "--help" || words.front() == "-h") {
    fmt::print("{}", program_help());
    return 0;
  }
  const Command& command = find_command(words.front());
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (asks_for_help(rest)) {
    fmt::print("{}", command_help(command));
    return 0;
  }
  return command.run(parse_arguments(command, rest));
}

// What one step of training gives back the next one wants again: the allocator keeps it, in place of handing
// it to the kernel and having it cleared anew.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
#endif
}

int fail(const std::string& message, int status) {
  fmt::print(stderr, "error: {}\n", message);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  // Adam's moments of always-black pixels decay into denormal numbers, which slow every later epoch. Threads
  // inherit the setting, so it comes before the first of them.
  at::globalContext().setFlushDenormal(true);
  keep_freed_memory();
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    return fail(error.what(), 2);
  } catch (const Error& error) {
    return fail(error.what(), 1);
  } catch (const c10::OutOfMemoryError&) {
    return fail("the GPU's memory is full; lower --batch-size", 1);
  } catch (const c10::Error& error) {
    return fail(std::string("LibTorch: ") + error.what_without_backtrace(), 1);
  } catch (const std::bad_alloc&) {
    return fail("out of memory; lower --batch-size or --limit", 1);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}
