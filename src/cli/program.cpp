#include "cli/program.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <system_error>

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/journal.h"
#include "cli/version.h"
#include "common/error.h"

namespace autoencoder {
namespace {

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    fmt::print(stderr, "{}", program_help());
    return 2;
  }
  if (words.front() == "--version") {
    fmt::print("{}\n", version_text());
    return 0;
  }
  if (words.front() == "help" && words.size() > 1) {
    std::vector<std::string> asked(words.begin() + 1, words.end());
    asked.emplace_back("--help");
    return dispatch(asked);
  }
  if (words.front() == "help" || words.front() == "--help" || words.front() == "-h") {
    fmt::print("{}", program_help());
    return 0;
  }
  const Command command = find_command(words.front());
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (asks_for_help(rest)) {
    fmt::print("{}", command_help(command, rest));
    return 0;
  }
  return command.run(parse_arguments(command, rest));
}

int fail(const std::string& message, int status) {
  fmt::print(stderr, "{}error: {}\n", error_priority(), message);
  return status;
}

// What did not reach its reader was not done: "autoencoder evaluate RUN > /dev/full".
int with_output_flushed(int status) {
  const bool is_flushed = std::fflush(stdout) == 0;
  const std::string reason = is_flushed ? "some of it was lost" : std::strerror(errno);
  if ((is_flushed && std::ferror(stdout) == 0) || status != 0) {
    return status;
  }
  return fail(fmt::format("standard output: cannot write: {}", reason), 1);
}

std::string text_of(const std::filesystem::filesystem_error& error) {
  const std::string other = error.path2().empty() ? "" : fmt::format(" to {}", error.path2().string());
  return fmt::format("{}{}: {}", error.path1().string(), other, error.code().message());
}

}  // namespace

int run_program(const std::vector<std::string>& words) {
  try {
    return with_output_flushed(dispatch(words));
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
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(text_of(error), 1);
  } catch (const std::system_error& error) {
    return fail(error.what(), 1);
  } catch (const std::exception& error) {
    return fail(fmt::format("unexpected: {}; this is a fault of the program, please report it", error.what()),
                1);
  }
}

}  // namespace autoencoder
