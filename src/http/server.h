// An HTTP/1.1 server, over TLS where it has a certificate: connections in, requests to a handler, answers
// out.
//
// Why Boost.Beast, of what Debian keeps patched. With bodies of 6 kB and answers of 7 kB, at 1, 8 and 64
// clients on the same two cores, cpp-httplib 0.11 (TCP_NODELAY set) answered 11,500, 27,900 and 19,600
// requests a second, Beast on one thread as below 16,100, 38,400 and 33,900, on two 15,700, 36,800 and
// 40,000. And cpp-httplib gives a connection a thread for as long as it lives, and lets each single read take
// its time: as many slow clients as it has threads hold all of it. Here a connection that waits costs a few
// kilobytes, and has one deadline for a whole request and one for a whole answer (GNU libmicrohttpd waits as
// cheaply, but starts its timeout anew with every byte). Asio waits, Beast parses, whose parser meets every
// server's attackers; what is left to us is server.cpp. Its ready-made reading and writing of messages is not
// used: it took 70 seconds to compile, and answers have few headers.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "http/message.h"

namespace autoencoder::http {

/// What a client may take.
struct Limits {
  size_t body_bytes = size_t{32} << 20;
  size_t header_bytes = size_t{16} << 10;  ///< with the request's line
  int connections = 1000;
  std::chrono::milliseconds idle{60'000};    ///< until a request's header is there
  std::chrono::milliseconds read{30'000};    ///< for its body
  std::chrono::milliseconds answer{60'000};  ///< until there is an answer
  std::chrono::milliseconds write{30'000};   ///< for all of it
};

/// Files in PEM.
struct Certificate {
  std::filesystem::path chain;
  std::filesystem::path key;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  ///< address or name of this machine to be found at
  int port = 0;                    ///< 0: any that is free
  std::optional<Certificate> certificate = {};
  Limits limits = {};
  int threads = 1;
};

class Server {
 public:
  /// Takes the port; answers from here on. Throws Error where the port is taken or not allowed, where the
  /// host is none of this machine, and where the certificate cannot be used. The handler outlives the server.
  Server(const ServerOptions& options, Handler& handler);
  /// As stop() without patience.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  int connections() const;  ///< that are open now

  /// Takes no more requests, answers those that are there, and closes all connections: at the latest when so
  /// much time has passed. Whoever makes answers must still do so.
  void stop(std::chrono::milliseconds patience);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace autoencoder::http
