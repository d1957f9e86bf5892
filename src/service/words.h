// The words of a call: what stands in its query, or in the JSON object that is its body.
#pragma once

#include <cstdint>
#include <string>

#include "common/json.h"
#include "http/message.h"

namespace autoencoder::service {

class Words {
 public:
  /// Those of the query, and of the body where that is a JSON object; throws Problem where it is no JSON.
  explicit Words(const http::Request& request);

  /// Of a word that is not there `usual`. Throws Problem (422) where it is no whole number, or beyond the
  /// bounds.
  int64_t whole(const std::string& name, int64_t usual, int64_t least, int64_t most) const;
  double number(const std::string& name, double usual, double least, double most) const;
  std::string text(const std::string& name, const std::string& usual) const;

 private:
  template <typename Number>
  Number between(const std::string& name, Number usual, Number least, Number most) const;

  Json words_ = Json::object();
};

/// Whether a word of the query says yes.
bool is_wanted(const http::Request& request, const std::string& name);

}  // namespace autoencoder::service
