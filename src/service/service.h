// The service: who may ask, what is answered, and what is told of it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "common/log.h"
#include "http/message.h"
#include "service/meters.h"
#include "service/router.h"

namespace autoencoder::service {

/// Who may ask.
struct Access {
  std::string token;                 ///< that every call has to bear; empty: none is asked for
  std::vector<std::string> origins;  ///< of pages of other sites that may call: "https://example.org"
};

/// Answers what its routes know, and everything else with a problem. Each call is told of in a line of the
/// log, and counted.
class Service : public http::Handler {
 public:
  /// `log`: where lines go; null where requests are not told of. It may be called from several threads.
  Service(Access access, Log::Listener log) : access_(std::move(access)), log_(std::move(log)) {}

  /// Before the first request.
  void add(std::vector<Route> routes) { router_.add(std::move(routes)); }

  void handle(http::Request request, http::Reply reply) override;
  http::Response refused(int status, const std::string& why) override;
  void ended(const http::Exchange& exchange) override;

  Meters& meters() { return meters_; }

 private:
  void dispatch(http::Request request, const http::Reply& reply, std::string& label);
  void check_origin(const http::Request& request) const;
  void check_token(const http::Request& request) const;
  bool is_allowed(std::string_view origin) const;
  http::Headers cross_origin_headers(const http::Request& request) const;

  Access access_;
  Log::Listener log_;
  Router router_;
  Meters meters_;
};

}  // namespace autoencoder::service
