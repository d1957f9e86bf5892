// Requests and answers, as those see them who answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/event_stream.h"

namespace autoencoder::http {

using Clock = std::chrono::steady_clock;
using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;                        ///< "POST"
  std::string target;                        ///< as it was written: "/v1/models/vae/sample?count=4"
  std::string path;                          ///< its path, decoded
  std::map<std::string, std::string> query;  ///< decoded; of a name that comes twice the last one
  Headers headers;
  std::string body;
  std::string client;  ///< its address
  bool is_encrypted = false;
  Clock::time_point received = Clock::now();  ///< when its first line was there
  /// Expires when nobody waits for the answer any longer: it took too long, or the client has gone.
  std::weak_ptr<const void> awaited = {};

  /// That of a name, whatever its case; empty where there is none.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string type = "application/json";  ///< of the body
  std::string body = {};
  Headers headers = {};
  std::string label = {};                    ///< what kind of answer it is: handed on to Exchange
  std::shared_ptr<EventStream> events = {};  ///< whose events are sent, without end, in place of a body
};

/// What a browser or another program is told of a status: "Not Found"; "" of one that nobody knows.
std::string_view reason_of(int status);

/// Path and query of a target. Throws std::invalid_argument where a % is followed by no two hexadecimal
/// digits, or by those of a zero.
void read_target(Request& request);

/// "%2F" -> "/"; a + stays. Throws std::invalid_argument likewise.
std::string decoded(std::string_view text);

/// Makes the answer, on the thread that sends it.
using MakeResponse = std::function<Response()>;

/// To be called once, from any thread, whenever the answer can be made.
using Reply = std::function<void(MakeResponse)>;

/// An exchange that has ended, for a log.
struct Exchange {
  std::string method;
  std::string target;
  std::string client;
  std::string label;  ///< of the answer
  int status = 0;
  uint64_t received_bytes = 0;  ///< of the body
  uint64_t sent_bytes = 0;
  double seconds = 0;  ///< from the request's first line to the answer's last byte
};

/// Who answers. All calls may run at the same time.
class Handler {
 public:
  virtual ~Handler() = default;

  /// Must not take long: it runs on a thread that serves many.
  virtual void handle(Request request, Reply reply) = 0;

  /// The answer to what is no request that could be handed on: `why`, a sentence, tells.
  virtual Response refused(int status, const std::string& why) = 0;

  virtual void ended(const Exchange& exchange) = 0;
};

}  // namespace autoencoder::http
