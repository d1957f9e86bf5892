#include "service/problem.h"

#include <new>

#include <c10/util/Exception.h>
#include <fmt/format.h>

namespace autoencoder::service {

http::Response Problem::response() const {
  const Json problem = {{"type", "about:blank"},
                        {"title", std::string(http::reason_of(status_))},
                        {"status", status_},
                        {"detail", what()}};
  return {.status = status_, .type = kProblemType, .body = json_text(problem) + "\n", .headers = headers_};
}

http::Response answered(const http::MakeResponse& make) {
  try {
    return make();
  } catch (const Problem& problem) {
    return problem.response();
  } catch (const Error& error) {
    return Problem(422, error.what()).response();
  } catch (const std::bad_alloc&) {
    return Problem(503, "out of memory; send less at once", {{"Retry-After", "1"}}).response();
  } catch (const c10::Error& error) {
    return Problem(500, std::string("LibTorch: ") + error.what_without_backtrace()).response();
  } catch (const std::exception& error) {
    return Problem(500, fmt::format("unexpected: {}; this is a fault of the program, please report it",
                                    error.what()))
        .response();
  }
}

}  // namespace autoencoder::service
