// What a user is told of a request that was well asked and could not be done.
#pragma once

#include <functional>
#include <string>

#include "common/error.h"
#include "tests/support/expect_error.h"

namespace autoencoder::testing {

/// The message of the Error that `action` throws; fails the test where it throws none, and where it is one of
/// bad usage, with which the program exits otherwise.
inline std::string failure_of(const std::function<void()>& action) {
  return error_of([&] {
    try {
      action();
    } catch (const UsageError& error) {
      ADD_FAILURE() << "bad usage: " << error.what();
      throw;
    }
  });
}

}  // namespace autoencoder::testing
