#include "service/service.h"

#include <algorithm>
#include <memory>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <fmt/format.h>

#include "service/problem.h"

namespace autoencoder::service {
namespace {

std::string digest(std::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  ::SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// In a time that does not go by where they differ, nor by how long they are.
bool are_equal(std::string_view a, std::string_view b) {
  return ::CRYPTO_memcmp(digest(a).data(), digest(b).data(), SHA256_DIGEST_LENGTH) == 0;
}

// Targets and methods hold what a client likes.
std::string printable(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char letter) { return letter < 0x20 || letter >= 0x7f; }, '?');
  return text;
}

std::string line_of(const http::Exchange& exchange) {
  return fmt::format("{} \"{} {}\" {} {} -> {} bytes, {:.1f} ms", exchange.client, printable(exchange.method),
                     printable(exchange.target), exchange.status, exchange.received_bytes,
                     exchange.sent_bytes, 1000 * exchange.seconds);
}

Json facts_of(const http::Exchange& exchange) {
  return {{"client", exchange.client},
          {"method", printable(exchange.method)},
          {"target", printable(exchange.target)},
          {"route", exchange.label},
          {"status", exchange.status},
          {"received_bytes", exchange.received_bytes},
          {"sent_bytes", exchange.sent_bytes},
          {"seconds", exchange.seconds}};
}

}  // namespace

void Service::handle(http::Request request, http::Reply reply) {
  const http::Headers added = cross_origin_headers(request);
  const auto label = std::make_shared<std::string>();
  const http::Reply finish = [reply = std::move(reply), added, label](http::MakeResponse make) {
    reply([make = std::move(make), added, label] {
      http::Response response = answered(make);
      response.label = *label;
      response.headers.emplace_back("X-Content-Type-Options", "nosniff");
      response.headers.insert(response.headers.end(), added.begin(), added.end());
      return response;
    });
  };
  try {
    dispatch(std::move(request), finish, *label);
  } catch (...) {
    finish([failure = std::current_exception()]() -> http::Response { std::rethrow_exception(failure); });
  }
}

void Service::dispatch(http::Request request, const http::Reply& reply, std::string& label) {
  check_origin(request);
  if (request.method == "OPTIONS") {
    const std::string methods = router_.methods_of(request.path);
    if (methods.empty()) {
      throw Problem(404, "nothing is here; GET /openapi.json tells what there is");
    }
    reply([methods] { return http::Response{.status = 204, .headers = {{"Allow", methods}}}; });
    return;
  }
  Call call;
  const Route& route = router_.find(request, call.words);
  label = route.pattern;
  if (!route.is_public) {
    check_token(request);
  }
  call.request = std::move(request);
  route.answer(std::move(call), reply);
}

bool Service::is_allowed(std::string_view origin) const {
  return std::ranges::any_of(access_.origins,
                             [&](const std::string& each) { return each == "*" || each == origin; });
}

// A page of another site must not use this service behind its reader's back.
void Service::check_origin(const http::Request& request) const {
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || is_allowed(origin)) {
    return;
  }
  const std::string own =
      fmt::format("{}://{}", request.is_encrypted ? "https" : "http", request.header("Host"));
  const bool is_behind_proxy = origin.ends_with(fmt::format("://{}", request.header("Host")));
  if (origin != own && !is_behind_proxy && request.method != "GET" && request.method != "HEAD") {
    throw Problem(403, fmt::format("pages of {} may not call this service; start it with --origins {}",
                                   origin, origin));
  }
}

void Service::check_token(const http::Request& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (access_.token.empty()) {
    return;
  }
  std::string_view given = request.header("Authorization");
  const bool has_scheme = given.starts_with(kScheme);
  given.remove_prefix(has_scheme ? kScheme.size() : 0);
  if (!has_scheme || !are_equal(given, access_.token)) {
    throw Problem(401, "this takes the service's token: Authorization: Bearer TOKEN",
                  {{"WWW-Authenticate", "Bearer"}});
  }
}

http::Headers Service::cross_origin_headers(const http::Request& request) const {
  const std::string_view origin = request.header("Origin");
  if (origin.empty() || !is_allowed(origin)) {
    return {};
  }
  http::Headers headers = {{"Access-Control-Allow-Origin", std::string(origin)}, {"Vary", "Origin"}};
  if (request.method == "OPTIONS") {
    headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
    headers.emplace_back("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept");
    headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return headers;
}

http::Response Service::refused(int status, const std::string& why) {
  return Problem(status, why).response();
}

void Service::ended(const http::Exchange& exchange) {
  meters_.count_request(exchange.label, exchange.status, exchange.seconds);
  if (log_) {
    log_(line_of(exchange), facts_of(exchange));
  }
}

}  // namespace autoencoder::service
