#include "http/server.h"

#include <array>
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <ctime>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"

namespace autoencoder::http {
namespace {

namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;

constexpr std::chrono::seconds kHandshake(10);
constexpr std::chrono::seconds kLingering(2);
constexpr std::chrono::seconds kHeartbeat(15);
constexpr size_t kMostLingering = size_t{16} << 20;
constexpr int kMostTurnedAway = 100;  // that are waited for at once

// What a connection is to the server.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Ends it once its present request is answered.
  virtual void finish() = 0;
  /// Ends it now.
  virtual void abort() = 0;
};

// The way from other threads to a loop's, for as long as it is there.
class Door {
 public:
  explicit Door(net::io_context& context) : context_(&context) {}

  // Done by the loop's thread: at once if that is this one. Not at all once the loop has gone.
  template <typename Work>
  void pass(Work work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (context_ != nullptr) {
      net::dispatch(*context_, std::move(work));
    }
  }
  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    context_ = nullptr;
  }

 private:
  std::mutex mutex_;
  net::io_context* context_;
};

// A thread and what it serves. Everything but `open` and `door` is for that thread alone. Only the server
// owns it: with what waits in the context it would be kept for ever.
struct Loop {
  Loop() = default;
  ~Loop() { door->close(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  std::set<Connection*> connections;
  std::atomic<int> open = 0;  // connections
  bool is_stopping = false;
  // After what connections still use that end with it.
  net::io_context context{1};
  net::executor_work_guard<net::io_context::executor_type> work{context.get_executor()};
  std::shared_ptr<Door> door = std::make_shared<Door>(context);
};

// An answer that is waited for.
struct Pending {
  explicit Pending(net::io_context& context) : timer(context) {}
  MakeResponse make;
  bool has_client = true;
  net::steady_timer timer;
};

// What logs are told of clients that leave before they are answered, as nginx does.
constexpr int kClientHasGone = 499;

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

// What to tell of a request that cannot be read; nothing where the client has gone.
struct Refusal {
  int status = 0;
  std::string why = "";
};

Refusal refusal_of(const error_code& failure, bool has_begun, const Limits& limits) {
  if (failure == bhttp::error::header_limit || failure == bhttp::error::buffer_overflow) {
    return {431, fmt::format("the request's header is longer than {} bytes", limits.header_bytes)};
  }
  if (failure == bhttp::error::body_limit) {
    return {413, fmt::format("the body is longer than {} bytes; send less at once", limits.body_bytes)};
  }
  if (failure == beast::error::timeout) {
    return has_begun ? Refusal{408, "the request did not come in time"} : Refusal{};
  }
  if (failure == bhttp::error::bad_version) {
    return {505, "this server speaks HTTP/1.0 and HTTP/1.1"};
  }
  const bool is_malformed = failure.category() == bhttp::make_error_code(bhttp::error::bad_method).category();
  if (is_malformed && failure != bhttp::error::end_of_stream) {
    return {400, fmt::format("the request is not HTTP: {}", failure.message())};
  }
  return {};
}

// Bytes from a client and to it. Every call ends when the deadline of lowest() has passed.
class Stream {
 public:
  virtual ~Stream() = default;
  virtual beast::tcp_stream& lowest() = 0;
  virtual net::awaitable<void> open(error_code& failure) = 0;
  virtual net::awaitable<size_t> read_some(net::mutable_buffer bytes, error_code& failure) = 0;
  virtual net::awaitable<size_t> write(std::array<net::const_buffer, 2> bytes, error_code& failure) = 0;
  virtual net::awaitable<void> close() = 0;
};

auto told_in(error_code& failure) { return net::redirect_error(net::use_awaitable, failure); }

class PlainStream : public Stream {
 public:
  explicit PlainStream(tcp::socket socket) : stream_(std::move(socket)) {}

  beast::tcp_stream& lowest() override { return stream_; }
  net::awaitable<void> open(error_code& /*failure*/) override { co_return; }
  net::awaitable<size_t> read_some(net::mutable_buffer bytes, error_code& failure) override {
    co_return co_await stream_.async_read_some(bytes, told_in(failure));
  }
  net::awaitable<size_t> write(std::array<net::const_buffer, 2> bytes, error_code& failure) override {
    co_return co_await net::async_write(stream_, bytes, told_in(failure));
  }
  net::awaitable<void> close() override { co_return; }

 private:
  beast::tcp_stream stream_;
};

class EncryptedStream : public Stream {
 public:
  EncryptedStream(tcp::socket socket, ssl::context& tls) : stream_(std::move(socket), tls) {}

  beast::tcp_stream& lowest() override { return stream_.next_layer(); }
  net::awaitable<void> open(error_code& failure) override {
    lowest().expires_after(kHandshake);
    co_await stream_.async_handshake(ssl::stream_base::server, told_in(failure));
  }
  net::awaitable<size_t> read_some(net::mutable_buffer bytes, error_code& failure) override {
    co_return co_await stream_.async_read_some(bytes, told_in(failure));
  }
  net::awaitable<size_t> write(std::array<net::const_buffer, 2> bytes, error_code& failure) override {
    co_return co_await net::async_write(stream_, bytes, told_in(failure));
  }
  net::awaitable<void> close() override {
    error_code ignored;
    lowest().expires_after(kLingering);
    co_await stream_.async_shutdown(told_in(ignored));
  }

 private:
  beast::ssl_stream<beast::tcp_stream> stream_;
};

std::string header_of(const Response& response, std::optional<size_t> length, bool keeps_alive) {
  std::string text =
      fmt::format("HTTP/1.1 {} {}\r\nServer: autoencoder\r\nDate: {}\r\nConnection: {}\r\n", response.status,
                  reason_of(response.status), http_date(), keeps_alive ? "keep-alive" : "close");
  const bool has_body = response.status != 204 && response.status != 304;
  if (has_body) {
    text += fmt::format("Content-Type: {}\r\n", response.type);
  }
  if (has_body && length) {
    text += fmt::format("Content-Length: {}\r\n", *length);
  }
  for (const auto& [name, value] : response.headers) {
    text += fmt::format("{}: {}\r\n", name, value);
  }
  return text + "\r\n";
}

// Reads what a client still sends: closed with bytes unread, TCP would take the answer back.
net::awaitable<void> linger(beast::tcp_stream& stream) {
  error_code failure;
  stream.socket().shutdown(tcp::socket::shutdown_send, failure);
  stream.expires_after(kLingering);
  std::vector<char> passed_over(size_t{64} << 10);
  size_t count = 0;
  while (!failure && count < kMostLingering) {
    count += co_await stream.async_read_some(net::buffer(passed_over), told_in(failure));
  }
}

/// One client, from the first byte to the last.
class Session : public Connection, public std::enable_shared_from_this<Session> {
 public:
  Session(std::unique_ptr<Stream> stream, Loop& loop, const Limits& limits, Handler& handler)
      : stream_(std::move(stream)), loop_(loop), limits_(limits), handler_(handler) {
    loop_.connections.insert(this);
    ++loop_.open;
    error_code ignored;
    tcp::socket& socket = lowest().socket();
    socket.set_option(tcp::no_delay(true), ignored);
    const auto peer = socket.remote_endpoint(ignored);
    client_ = ignored ? "" : peer.address().to_string();
  }
  ~Session() override {
    loop_.connections.erase(this);
    --loop_.open;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  net::awaitable<void> run() {
    const auto self = shared_from_this();
    error_code failure;
    co_await stream_->open(failure);
    bool goes_on = !failure;
    while (goes_on && !loop_.is_stopping) {
      goes_on = co_await serve_one();
    }
    co_await stream_->close();
    lowest().socket().shutdown(tcp::socket::shutdown_both, failure);
  }

  void finish() override {
    if (is_idle_) {
      abort();
    }
    if (wake_) {
      wake_();
    }
  }

  void abort() override { lowest().close(); }

 private:
  using Parser = bhttp::request_parser<bhttp::string_body>;

  beast::tcp_stream& lowest() { return stream_->lowest(); }

  // A request and its answer; whether the connection goes on.
  net::awaitable<bool> serve_one() {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser.body_limit(limits_.body_bytes);
    exchange_ = {};
    exchange_.client = client_;
    const error_code failure = co_await read(parser);
    if (failure) {
      co_await refuse(refusal_of(failure, !is_idle_ || buffer_.size() > 0, limits_), parser);
      co_return false;
    }
    const bool keeps_alive = parser.get().keep_alive();
    const bool is_head = parser.get().method() == bhttp::verb::head;
    const std::optional<Response> response = co_await answer(request_of(parser));
    if (!response) {
      end_exchange({.status = kClientHasGone}, 0);
      co_return false;
    }
    if (response->events) {
      co_await send_events(*response);
      co_return false;
    }
    co_return co_await send(*response, keeps_alive && !loop_.is_stopping, is_head);
  }

  net::awaitable<error_code> read(Parser& parser) {
    is_idle_ = true;
    lowest().expires_after(limits_.idle);
    parser.eager(false);
    error_code failure = co_await read_until(parser, [&] { return parser.is_header_done(); });
    begun_ = Clock::now();
    if (failure) {
      co_return failure;
    }
    is_idle_ = false;
    lowest().expires_after(limits_.read);
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
      co_await write("HTTP/1.1 100 Continue\r\n\r\n", "", failure);
    }
    parser.eager(true);
    co_return failure ? failure : co_await read_until(parser, [&] { return parser.is_done(); });
  }

  template <typename IsThere>
  net::awaitable<error_code> read_until(Parser& parser, IsThere is_there) {
    constexpr size_t kAtOnce = size_t{64} << 10;
    error_code failure;
    bool needs_more = buffer_.size() == 0;
    while (!is_there()) {
      if (needs_more) {
        const size_t count = co_await stream_->read_some(buffer_.prepare(kAtOnce), failure);
        buffer_.commit(count);
        if (failure == net::error::eof) {
          failure = buffer_.size() > 0 || parser.got_some() ? bhttp::error::partial_message
                                                            : bhttp::error::end_of_stream;
        }
        if (failure) {
          co_return failure;
        }
      }
      buffer_.consume(parser.put(buffer_.data(), failure));
      needs_more = failure == bhttp::error::need_more || buffer_.size() == 0;
      if (failure && failure != bhttp::error::need_more) {
        co_return failure;
      }
      failure = {};
    }
    co_return error_code();
  }

  net::awaitable<size_t> write(std::string_view first, std::string_view second, error_code& failure) {
    const std::array<net::const_buffer, 2> bytes = {net::const_buffer(first.data(), first.size()),
                                                    net::const_buffer(second.data(), second.size())};
    co_return co_await stream_->write(bytes, failure);
  }

  Request request_of(Parser& parser) {
    auto message = parser.release();
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = std::move(message.body());
    request.client = client_;
    request.is_encrypted = dynamic_cast<EncryptedStream*>(stream_.get()) != nullptr;
    request.received = begun_;
    note(request.method, request.target, request.body.size());
    return request;
  }

  void note(const std::string& method, const std::string& target, size_t bytes) {
    exchange_.method = method;
    exchange_.target = target;
    exchange_.received_bytes = bytes;
  }

  // None where the client leaves before it is there.
  net::awaitable<std::optional<Response>> answer(Request request) {
    const auto pending = std::make_shared<Pending>(loop_.context);
    pending->timer.expires_after(limits_.answer);
    const auto presence = std::make_shared<const bool>(true);
    request.awaited = presence;
    try {
      read_target(request);
    } catch (const std::invalid_argument& error) {
      co_return handler_.refused(400, fmt::format("the target has {}", error.what()));
    }
    handler_.handle(
        std::move(request), [waiting = std::weak_ptr(pending), door = loop_.door](MakeResponse make) {
          door->pass([waiting, make = std::move(make)]() mutable { give(waiting.lock(), std::move(make)); });
        });
    if (!pending->make) {
      error_code ignored;
      watch(pending);
      co_await pending->timer.async_wait(told_in(ignored));
      lowest().socket().cancel(ignored);
    }
    if (!pending->has_client) {
      co_return std::nullopt;
    }
    co_return pending->make
        ? pending->make()
        : handler_.refused(504, "it took too long to compute the answer; ask for less at once");
  }

  static void give(const std::shared_ptr<Pending>& pending, MakeResponse make) {
    if (pending) {
      pending->make = std::move(make);
      pending->timer.cancel();
    }
  }

  // Ends the wait when the client closes the connection. What it sends meanwhile, the next request, ends the
  // watch.
  void watch(const std::shared_ptr<Pending>& pending) {
    lowest().socket().async_wait(
        tcp::socket::wait_read, [pending, self = shared_from_this()](error_code failure) {
          if (!failure) {
            char next = 0;
            self->lowest().socket().receive(net::buffer(&next, 1), tcp::socket::message_peek, failure);
          }
          if (failure && failure != net::error::operation_aborted) {
            pending->has_client = false;
            pending->timer.cancel();
          }
        });
  }

  net::awaitable<bool> send(const Response& response, bool keeps_alive, bool is_head) {
    const std::string header = header_of(response, response.body.size(), keeps_alive);
    error_code failure;
    lowest().expires_after(limits_.write);
    const size_t sent = co_await write(header, is_head ? std::string_view() : response.body, failure);
    end_exchange(response, sent);
    co_return keeps_alive && !failure;
  }

  void end_exchange(const Response& response, size_t sent) {
    exchange_.status = response.status;
    exchange_.label = response.label;
    exchange_.sent_bytes = sent;
    exchange_.seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
    handler_.ended(exchange_);
  }

  // The body has no length: it ends with the connection.
  net::awaitable<void> send_events(Response response) {
    net::steady_timer timer(loop_.context);
    wake_ = [&timer] { timer.cancel(); };
    const auto listener = response.events->listen([self = weak_from_this(), door = loop_.door] {
      door->pass([self] {
        if (const auto session = self.lock(); session && session->wake_) {
          session->wake_();
        }
      });
    });
    response.type = "text/event-stream";
    std::string text = header_of(response, std::nullopt, /*keeps_alive=*/false);
    error_code failure;
    size_t sent = 0;
    while (!failure && !text.empty()) {
      lowest().expires_after(limits_.write);
      sent += co_await write(text, "", failure);
      text = co_await next_events(*listener, timer);
    }
    wake_ = nullptr;
    end_exchange(response, sent);
  }

  // Waits for some; nothing once all are told and the server stops.
  net::awaitable<std::string> next_events(EventStream::Listener& listener, net::steady_timer& timer) {
    std::string text = listener.take();
    if (text.empty() && !loop_.is_stopping) {
      timer.expires_after(kHeartbeat);
      error_code woken;
      co_await timer.async_wait(told_in(woken));
      text = listener.take();
    }
    if (text.empty() && !loop_.is_stopping) {
      text = ":\n\n";  // a comment: whether anybody is there
    }
    co_return text;
  }

  net::awaitable<void> refuse(Refusal refusal, const Parser& parser) {
    if (refusal.status == 0) {
      co_return;
    }
    if (!parser.get().target().empty()) {
      note(std::string(parser.get().method_string()), std::string(parser.get().target()), 0);
    }
    const Response response = handler_.refused(refusal.status, refusal.why);
    co_await send(response, /*keeps_alive=*/false, /*is_head=*/false);
    co_await linger(lowest());
  }

  std::unique_ptr<Stream> stream_;
  Loop& loop_;
  const Limits& limits_;
  Handler& handler_;
  beast::flat_buffer buffer_;
  std::string client_;
  bool is_idle_ = true;  // between two requests
  Clock::time_point begun_ = Clock::now();
  Exchange exchange_;
  std::function<void()> wake_;  // of one that waits for events
};

std::optional<ssl::context> tls_of(const std::optional<Certificate>& certificate) {
  if (!certificate) {
    return std::nullopt;
  }
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  error_code failure;
  context.use_certificate_chain_file(certificate->chain.string(), failure);
  if (failure) {
    throw Error(fmt::format("{}: no certificate chain in PEM that can be used: {}",
                            certificate->chain.string(), failure.message()));
  }
  context.use_private_key_file(certificate->key.string(), ssl::context::pem, failure);
  if (failure) {
    throw Error(fmt::format("{}: no private key in PEM that belongs to {}: {}", certificate->key.string(),
                            certificate->chain.string(), failure.message()));
  }
  return context;
}

tcp::endpoint endpoint_of(net::io_context& context, const std::string& host, int port) {
  error_code failure;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, failure);
  if (failure || found.empty()) {
    throw Error(
        fmt::format("host {}: not found ({}); 127.0.0.1 is this machine alone, 0.0.0.0 all of its addresses",
                    host, failure.message()));
  }
  return found.begin()->endpoint();
}

tcp::acceptor acceptor_of(net::io_context& context, const ServerOptions& options) {
  const tcp::endpoint endpoint = endpoint_of(context, options.host, options.port);
  tcp::acceptor acceptor(context);
  error_code failure;
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) {
    acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  }
  if (!failure) {
    acceptor.bind(endpoint, failure);
  }
  if (!failure) {
    acceptor.listen(net::socket_base::max_listen_connections, failure);
  }
  if (failure == net::error::address_in_use) {
    throw Error(
        fmt::format("port {} of {} is taken by another program; give another one (0: any that is free)",
                    options.port, options.host));
  }
  if (failure == net::error::access_denied) {
    throw Error(fmt::format("port {} is not for this user; give one from 1024 on", options.port));
  }
  if (failure) {
    throw Error(
        fmt::format("port {} of {} cannot be had: {}", options.port, options.host, failure.message()));
  }
  return acceptor;
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(const ServerOptions& options, Handler& handler)
      : limits_(options.limits), handler_(handler), tls_(tls_of(options.certificate)) {
    for (int i = 0; i < std::max(options.threads, 1); ++i) {
      loops_.push_back(std::make_unique<Loop>());
    }
    acceptor_.emplace(acceptor_of(loops_.front()->context, options));
    port_ = acceptor_->local_endpoint().port();
    net::co_spawn(loops_.front()->context, accept(), net::detached);
    for (const auto& loop : loops_) {
      threads_.emplace_back([&context = loop->context] { context.run(); });
    }
  }

  ~Implementation() { stop(std::chrono::milliseconds(0)); }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  int port() const { return port_; }
  int connections() const {
    return std::accumulate(loops_.begin(), loops_.end(), 0,
                           [](int sum, const auto& loop) { return sum + loop->open; });
  }

  void stop(std::chrono::milliseconds patience) {
    net::post(loops_.front()->context, [this] {
      error_code ignored;
      acceptor_->close(ignored);
    });
    for_all([](Connection& connection) { connection.finish(); });
    const auto end = Clock::now() + patience;
    while (connections() > 0 && Clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for_all([](Connection& connection) { connection.abort(); });
    const auto last = Clock::now() + std::chrono::milliseconds(200);
    while (connections() > 0 && Clock::now() < last) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    for (const auto& loop : loops_) {
      loop->work.reset();
      loop->context.stop();
    }
    threads_.clear();
  }

 private:
  // Each connection, on its own thread; later ones find the loop stopping.
  void for_all(const std::function<void(Connection&)>& visit) {
    for (const auto& each : loops_) {
      net::post(each->context, [&loop = *each, visit] {
        loop.is_stopping = true;
        const std::set<Connection*> all = loop.connections;  // some end while they are visited
        for (Connection* connection : all) {
          if (loop.connections.contains(connection)) {
            visit(*connection);
          }
        }
      });
    }
  }

  net::awaitable<void> accept() {
    for (size_t next = 0;; next = (next + 1) % loops_.size()) {
      Loop& loop = *loops_[next];
      error_code failure;
      tcp::socket socket = co_await acceptor_->async_accept(loop.context, told_in(failure));
      if (failure == net::error::operation_aborted || !acceptor_->is_open()) {
        co_return;
      }
      if (failure) {  // too many open files: some will be closed
        net::steady_timer pause(loops_.front()->context, std::chrono::milliseconds(50));
        co_await pause.async_wait(told_in(failure));
      } else if (connections() >= limits_.connections) {
        net::co_spawn(loop.context, turn_away(std::move(socket)), net::detached);
      } else {
        auto held = std::make_shared<tcp::socket>(std::move(socket));
        net::post(loop.context, [this, &loop, held] { begin(loop, std::move(*held)); });
      }
    }
  }

  // What the kernel takes of the answer the client has; where few are turned away, it also has the time to
  // read it.
  net::awaitable<void> turn_away(tcp::socket socket) {
    const Response full = {
        .status = 503,
        .type = "application/problem+json",
        .body =
            R"({"type":"about:blank","title":"Service Unavailable","status":503,"detail":"all connections are in use"})",
        .headers = {{"Retry-After", "1"}}};
    const std::string answer = header_of(full, full.body.size(), /*keeps_alive=*/false) + full.body;
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(net::buffer(answer), ignored);
    if (turned_away_ < kMostTurnedAway) {
      ++turned_away_;
      beast::tcp_stream stream(std::move(socket));
      co_await linger(stream);
      --turned_away_;
    }
  }

  void begin(Loop& loop, tcp::socket socket) {
    std::unique_ptr<Stream> stream;
    if (tls_) {
      stream = std::make_unique<EncryptedStream>(std::move(socket), *tls_);
    } else {
      stream = std::make_unique<PlainStream>(std::move(socket));
    }
    const auto session = std::make_shared<Session>(std::move(stream), loop, limits_, handler_);
    net::co_spawn(
        loop.context, [session] { return session->run(); }, net::detached);
  }

  const Limits limits_;
  Handler& handler_;
  std::optional<ssl::context> tls_;
  std::atomic<int> turned_away_ = 0;  // and still there
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<tcp::acceptor> acceptor_;
  int port_ = 0;
  std::vector<std::jthread> threads_;
};

Server::Server(const ServerOptions& options, Handler& handler)
    : implementation_(std::make_unique<Implementation>(options, handler)) {}
Server::~Server() = default;
int Server::port() const { return implementation_->port(); }
int Server::connections() const { return implementation_->connections(); }
void Server::stop(std::chrono::milliseconds patience) { implementation_->stop(patience); }

}  // namespace autoencoder::http
