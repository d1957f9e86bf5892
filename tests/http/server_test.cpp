#include "http/server.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/http_client.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::http {
namespace {

using autoencoder::testing::ask;
using autoencoder::testing::error_of;
using autoencoder::testing::HttpAnswer;
using autoencoder::testing::HttpClient;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

// Tells what it was asked; /slow takes its time, /never is not answered, /events tells of events.
class Echo : public Handler {
 public:
  void handle(Request request, Reply reply) override {
    if (request.path == "/never") {
      const std::lock_guard lock(mutex_);
      never_answered_.push_back(request.awaited);
      return;
    }
    if (request.path == "/slow") {
      later_.emplace_back([reply] {
        std::this_thread::sleep_for(milliseconds(150));
        reply([] { return Response{.body = "slow"}; });
      });
      return;
    }
    if (request.path == "/events") {
      reply([this] { return Response{.events = events}; });
      return;
    }
    reply([request = std::move(request)] {
      return Response{.type = "text/plain",
                      .body = fmt::format("{} {} {}", request.method, request.path, request.body.size())};
    });
  }

  Response refused(int status, const std::string& why) override { return {.status = status, .body = why}; }

  void ended(const Exchange& exchange) override {
    const std::lock_guard lock(mutex_);
    ended_.push_back(exchange);
  }

  std::vector<Exchange> exchanges() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  /// Of those who asked for /never, how many still wait.
  std::ptrdiff_t waiting() {
    const std::lock_guard lock(mutex_);
    return std::ranges::count_if(never_answered_, [](const auto& client) { return !client.expired(); });
  }

  std::shared_ptr<EventStream> events = std::make_shared<EventStream>();

 private:
  std::mutex mutex_;
  std::vector<Exchange> ended_;
  std::vector<std::weak_ptr<const void>> never_answered_;
  std::vector<std::jthread> later_;
};

class HttpServer : public ::testing::Test {
 protected:
  int serve(const Limits& limits = {}) {
    server_.emplace(ServerOptions{.limits = limits, .threads = 2}, echo_);
    return server_->port();
  }

  Echo echo_;
  std::optional<Server> server_;
};

TEST_F(HttpServer, AnswersSeveralRequestsOfOneConnection) {
  HttpClient client(serve());
  EXPECT_EQ(client.ask("GET", "/a").body, "GET /a 0");
  EXPECT_EQ(client.ask("POST", "/b", "1234").body, "POST /b 4");
  EXPECT_EQ(client.ask("POST", "/c", std::string(1 << 20, 'x')).body, "POST /c 1048576");
}

TEST_F(HttpServer, AnswersRequestsThatWereSentTogether) {
  HttpClient client(serve());
  client.send(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhiGET /c "
      "HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().body, "GET /a 0");
  EXPECT_EQ(client.receive().body, "POST /b 2");
  EXPECT_EQ(client.receive().body, "GET /c 0");
}

TEST_F(HttpServer, TakesBodiesInChunksAndByteByByte) {
  const int port = serve();
  HttpClient chunked(port);
  chunked.send(
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.receive().body, "POST /c 8");
  HttpClient slow(port);
  for (const char letter : std::string("POST /d HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")) {
    slow.send(std::string(1, letter));
  }
  EXPECT_EQ(slow.receive().body, "POST /d 3");
}

TEST_F(HttpServer, TellsThoseWhoAskBeforeTheySend) {
  HttpClient client(serve());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("hi");
  EXPECT_EQ(client.receive().body, "POST /a 2");
}

TEST_F(HttpServer, AHeadHasNoBody) {
  HttpClient client(serve());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  HttpAnswer head = client.receive();
  EXPECT_EQ(head.headers.at("content-length"), "9");
  EXPECT_THAT(head.body, HasSubstr("HTTP/1.1"));  // what comes next: there was no body
}

TEST_F(HttpServer, RefusesWhatIsTooLong) {
  const int port = serve({.body_bytes = 1000});
  EXPECT_EQ(ask(port, "POST", "/a", std::string(1001, 'x')).status, 413);
  HttpClient chunked(port);
  chunked.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
               std::string(2000, 'x') + "\r\n");
  EXPECT_EQ(chunked.receive().status, 413);
  EXPECT_EQ(ask(port, "GET", "/a", "", "X: " + std::string(20'000, 'x') + "\r\n").status, 431);
  std::string many;
  for (int i = 0; i < 10'000; ++i) {
    many += fmt::format("X-{}: 1\r\n", i);
  }
  EXPECT_EQ(ask(port, "GET", "/a", "", many).status, 431);
  EXPECT_EQ(ask(port, "GET", "/" + std::string(20'000, 'x')).status, 431);
}

TEST_F(HttpServer, AnAnswerReachesWhoStillSends) {
  HttpClient client(serve({.body_bytes = 1000}));
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n");
  client.send(std::string(4'000'000, 'x'));
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(HttpServer, RefusesWhatIsNoHttp) {
  const int port = serve();
  for (const char* text :
       {"GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    HttpClient client(port);
    client.send(text);
    EXPECT_EQ(client.receive().status, 400) << text;
  }
  HttpClient later(port);
  later.send("GET / HTTP/9.9\r\n\r\n");
  EXPECT_EQ(later.receive().status, 505);
}

TEST_F(HttpServer, ABodyThatEndsEarlyIsToldOf) {
  HttpClient client(serve());
  client.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
  client.finish();
  EXPECT_EQ(client.receive().status, 400);
}

TEST_F(HttpServer, SlowClientsDoNotHoldIt) {
  const int port = serve({.idle = milliseconds(200), .read = milliseconds(200)});
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<HttpClient>(port));
    slow.back()->send(i % 2 == 0 ? "GET / HT" : "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab");
  }
  EXPECT_EQ(ask(port, "GET", "/a").status, 200);
  for (const auto& client : slow) {
    EXPECT_EQ(client->receive().status, 0);  // who does not send in time does not read, either
  }
  HttpClient idle(port);
  EXPECT_EQ(idle.receive().status, 0);
  server_.reset();
  EXPECT_EQ(std::ranges::count(echo_.exchanges(), 408, &Exchange::status), 50);
}

TEST_F(HttpServer, SlowReadersDoNotHoldIt) {
#ifdef AUTOENCODER_SANITIZED
  constexpr int kPatience = 3000;  // until the socket's buffers are full
#else
  constexpr int kPatience = 500;
#endif
  const int port = serve({.write = milliseconds(200)});
  const std::string requests = [] {
    std::string all;
    for (int i = 0; i < 200'000; ++i) {
      all += "GET /abcdefgh HTTP/1.1\r\n\r\n";
    }
    return all;
  }();
  {
    HttpClient reader(port);
    std::jthread sender([&] { reader.send(requests); });
    for (int i = 0; i < kPatience && server_->connections() > 0; ++i) {
      std::this_thread::sleep_for(milliseconds(20));
    }
    EXPECT_EQ(server_->connections(), 0);
    EXPECT_EQ(ask(port, "GET", "/a").status, 200);
  }
}

TEST_F(HttpServer, WhatIsNotAnsweredInTimeIsToldSo) {
  EXPECT_EQ(ask(serve({.answer = milliseconds(100)}), "GET", "/never").status, 504);
}

TEST_F(HttpServer, MoreConnectionsThanItMayHaveAreTurnedAway) {
  const int port = serve({.connections = 2});
  HttpClient first(port);
  HttpClient second(port);
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  EXPECT_EQ(second.ask("GET", "/a").status, 200);
  HttpClient third(port);
  const HttpAnswer answer = third.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.headers.at("retry-after"), "1");
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
}

TEST_F(HttpServer, ThoseTurnedAwayAreToldWhileTheyStillSend) {
  const int port = serve({.connections = 1});
  HttpClient first(port);
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  EXPECT_EQ(ask(port, "POST", "/a", std::string(1'000'000, 'x')).status, 503);
}

TEST_F(HttpServer, ClientsThatLeaveAreNotComputedFor) {
  const int port = serve();
  HttpClient staying(port);
  const std::string request = "GET /never HTTP/1.1\r\nHost: x\r\n\r\n";
  staying.send(request + "GET /a HTTP/1.1\r\n");  // what follows is no farewell
  for (int i = 0; i < 3; ++i) {
    HttpClient(port).send(request);
  }
  for (int i = 0; i < 500 && (server_->connections() > 1 || echo_.exchanges().size() < 3); ++i) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(echo_.waiting(), 1);
  EXPECT_EQ(std::ranges::count(echo_.exchanges(), 499, &Exchange::status), 3);
}

TEST_F(HttpServer, StopsWhenWhatIsThereIsAnswered) {
  const int port = serve();
  HttpClient waiting(port);
  HttpClient idle(port);
  idle.ask("GET", "/a");
  waiting.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(50));
  server_->stop(milliseconds(5000));
  EXPECT_EQ(waiting.receive().body, "slow");
  EXPECT_EQ(idle.receive().status, 0);
  EXPECT_THROW(HttpClient{port}, std::runtime_error);
}

TEST_F(HttpServer, StopsWithoutPatienceToo) {
  HttpClient waiting(serve());
  waiting.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(50));
  server_.reset();
  EXPECT_EQ(waiting.receive().status, 0);
}

TEST_F(HttpServer, TellsOfEachExchange) {
  const int port = serve();
  ask(port, "POST", "/a?b=c", "1234");
  ask(port, "GET", "/%zz");
  server_.reset();
  const std::vector<Exchange> exchanges = echo_.exchanges();
  ASSERT_EQ(exchanges.size(), 2);
  EXPECT_EQ(exchanges[0].method, "POST");
  EXPECT_EQ(exchanges[0].target, "/a?b=c");
  EXPECT_EQ(exchanges[0].client, "127.0.0.1");
  EXPECT_EQ(exchanges[0].status, 200);
  EXPECT_EQ(exchanges[0].received_bytes, 4);
  EXPECT_GT(exchanges[0].sent_bytes, 8);
  EXPECT_EQ(exchanges[1].status, 400);
}

TEST_F(HttpServer, SendsEventsUntilItStops) {
  const int port = serve();
  HttpClient client(port);
  client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  const HttpAnswer head = client.receive();
  EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
  while (echo_.events->listeners() == 0) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  echo_.events->publish("epoch", "1");
  echo_.events->publish("end", "2");
  server_->stop(milliseconds(1000));
  EXPECT_THAT(client.rest(), HasSubstr("event: epoch\ndata: 1\n\nevent: end\ndata: 2\n\n"));
  EXPECT_EQ(echo_.events->listeners(), 0);
}

TEST_F(HttpServer, SaysWhatKeepsItFromAPort) {
  const int port = serve();
  EXPECT_EQ(
      error_of([&] { Server({.port = port}, echo_); }),
      fmt::format("port {} of 127.0.0.1 is taken by another program; give another one (0: any that is free)",
                  port));
  EXPECT_THAT(error_of([&] { Server({.host = "no.such.host.invalid"}, echo_); }),
              HasSubstr("host no.such.host.invalid: not found"));
  EXPECT_THAT(error_of([&] { Server({.host = "192.0.2.1"}, echo_); }), HasSubstr("cannot be had"));
}

TEST_F(HttpServer, SpeaksTlsWithItsCertificate) {
  const autoencoder::testing::TemporaryFolder folder;
  const std::string chain = (folder / "chain.pem").string();
  const std::string key = (folder / "key.pem").string();
  const std::string make = fmt::format(
      "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout {} -out {} 2>/dev/null",
      key, chain);
  if (std::system(make.c_str()) != 0) {
    GTEST_SKIP() << "no openssl";
  }
  server_.emplace(ServerOptions{.certificate = Certificate{chain, key}}, echo_);
  const std::string call = fmt::format(
      "curl -s --cacert {} --resolve localhost:{}:127.0.0.1 -d hello https://localhost:{}/a -o {}", chain,
      server_->port(), server_->port(), (folder / "answer").string());
  if (std::system("curl --version >/dev/null 2>&1") == 0) {
    EXPECT_EQ(std::system(call.c_str()), 0);
    EXPECT_EQ(std::system(fmt::format("grep -q 'POST /a 5' {}", (folder / "answer").string()).c_str()), 0);
  }
  HttpClient plain(server_->port());
  EXPECT_EQ(plain.ask("GET", "/a").status, 0);
  EXPECT_THAT(error_of([&] {
                Server({.certificate = Certificate{key, key}}, echo_);
              }),
              HasSubstr("no certificate chain in PEM"));
  EXPECT_THAT(error_of([&] {
                Server({.certificate = Certificate{chain, chain}}, echo_);
              }),
              HasSubstr("no private key in PEM"));
}

}  // namespace
}  // namespace autoencoder::http
