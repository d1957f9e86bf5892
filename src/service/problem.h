// What a client is told of a request that cannot be answered.
#pragma once

#include <string>

#include "common/error.h"
#include "common/json.h"
#include "http/message.h"

namespace autoencoder::service {

inline constexpr const char* kProblemType = "application/problem+json";

/// A request that its sender can mend, or send again later: an answer of another status than 200.
class Problem : public Error {
 public:
  /// `detail`: what was wrong, the value found, what to do.
  Problem(int status, const std::string& detail, http::Headers headers = {})
      : Error(detail), status_(status), headers_(std::move(headers)) {}

  int status() const { return status_; }

  /// A problem detail (RFC 9457).
  http::Response response() const;

 private:
  int status_;
  http::Headers headers_;
};

/// What `make` returns, or the problem that kept it from being made: an Error is 422, what nobody expected
/// 500.
http::Response answered(const http::MakeResponse& make);

}  // namespace autoencoder::service
