// What a user can be told. Everything that is the user's to mend throws Error; only main() catches it.
#pragma once

#include <stdexcept>

namespace autoencoder {

/// A failure that the user can mend. The message is one line: what was wrong, the value found, what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mistake on the command line: the program exits with 2 instead of 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace autoencoder
