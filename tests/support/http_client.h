// A client of HTTP/1.1 that sends what it is told, also what no library would.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/json.h"

namespace autoencoder::testing {

/// What came back.
struct HttpAnswer {
  int status = 0;                              ///< 0: the connection was closed without one
  std::map<std::string, std::string> headers;  ///< by names in lower case
  std::string body;

  Json json() const { return Json::parse(body); }
};

/// A connection to a port of this machine.
class HttpClient {
 public:
  explicit HttpClient(int port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Whether all of it could be sent.
  bool send(std::string_view bytes) const;

  /// The next answer. Waits half a minute for it at most.
  HttpAnswer receive();

  /// All that comes until the connection ends.
  std::string rest();

  /// Both. `headers`: lines, each with its end.
  HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = "",
                 const std::string& headers = "");

  /// Sends no more.
  void finish() const;

 private:
  bool read_more();

  int socket_;
  std::string received_;
};

/// On a connection of its own.
HttpAnswer ask(int port, const std::string& method, const std::string& target, const std::string& body = "",
               const std::string& headers = "");

}  // namespace autoencoder::testing
