#include "service/router.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "common/text.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size());
    parts.push_back(part);
  }
  return parts;
}

bool is_word(std::string_view part) { return part.starts_with('{'); }

// What stands for the pattern's words; nothing where the path is another.
std::optional<std::vector<std::string>> words_in(const std::string& path, const std::string& pattern) {
  const auto found = parts_of(path);
  const auto wanted = parts_of(pattern);
  if (found.size() != wanted.size() || !path.starts_with('/')) {
    return std::nullopt;
  }
  std::vector<std::string> words;
  for (size_t i = 0; i < found.size(); ++i) {
    if (is_word(wanted[i]) && !found[i].empty()) {
      words.emplace_back(found[i]);
    } else if (found[i] != wanted[i]) {
      return std::nullopt;
    }
  }
  return words;
}

}  // namespace

Answer at_once(std::function<http::Response(const Call& call)> make) {
  return [make = std::move(make)](Call call, const http::Reply& reply) {
    reply([make, call = std::move(call)] { return make(call); });
  };
}

void Router::add(std::vector<Route> routes) { std::ranges::move(routes, std::back_inserter(routes_)); }

// Those with the fewest words: a pattern that names a path hides those that leave it open.
std::vector<const Route*> Router::routes_of(const std::string& path) const {
  std::vector<const Route*> found;
  size_t fewest = std::numeric_limits<size_t>::max();
  for (const Route& route : routes_) {
    const auto words = words_in(path, route.pattern);
    if (!words || words->size() > fewest) {
      continue;
    }
    if (words->size() < fewest) {
      found.clear();
    }
    fewest = words->size();
    found.push_back(&route);
  }
  return found;
}

const Route& Router::find(const http::Request& request, std::vector<std::string>& words) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const Route* route : routes_of(request.path)) {
    if (route->method == method) {
      words = *words_in(request.path, route->pattern);
      return *route;
    }
  }
  const std::string methods = methods_of(request.path);
  if (!methods.empty()) {
    throw Problem(405, fmt::format("{} is not for {}; it has {}", request.path, request.method, methods),
                  {{"Allow", methods}});
  }
  throw Problem(404, "nothing is here; GET /openapi.json tells what there is");
}

std::string Router::methods_of(const std::string& path) const {
  std::vector<std::string> methods;
  for (const Route* route : routes_of(path)) {
    methods.push_back(route->method);
    if (route->method == "GET") {
      methods.emplace_back("HEAD");
    }
  }
  if (!methods.empty()) {
    methods.emplace_back("OPTIONS");
  }
  return join(methods);
}

}  // namespace autoencoder::service
