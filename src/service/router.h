// Which path is answered by whom.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/json.h"
#include "http/message.h"

namespace autoencoder::service {

/// A request on its way to who answers it.
struct Call {
  http::Request request;
  std::vector<std::string> words;  ///< what stands in the path for each {word} of the pattern, in order
};

/// Answers a call, at once or later. May throw what problem.h knows.
using Answer = std::function<void(Call call, const http::Reply& reply)>;

struct Route {
  std::string method;   ///< "GET" (HEAD is answered likewise) or "POST"
  std::string pattern;  ///< "/v1/models/{name}/{operation}"
  Answer answer;
  bool is_public = false;  ///< whether it is answered without a token
};

/// What answers at once.
Answer at_once(std::function<http::Response(const Call& call)> make);

class Router {
 public:
  void add(std::vector<Route> routes);

  /// That of a request, with the words of its path. Throws Problem: 404 where nothing has that path, 405,
  /// with what it has, where it has another method.
  const Route& find(const http::Request& request, std::vector<std::string>& words) const;

  /// The methods that a path has: "GET, HEAD, POST"; empty where nothing has it.
  std::string methods_of(const std::string& path) const;

 private:
  std::vector<const Route*> routes_of(const std::string& path) const;

  std::vector<Route> routes_;
};

}  // namespace autoencoder::service
