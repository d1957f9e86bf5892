#include "service/serve.h"

#include <chrono>
#include <mutex>
#include <sys/resource.h>
#include <thread>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/memory.h"
#include "common/text.h"
#include "http/server.h"
#include "service/batcher.h"
#include "service/model_routes.h"
#include "service/open_inference.h"
#include "service/openapi.h"
#include "service/page.h"
#include "service/service.h"
#include "service/shelf.h"
#include "service/studio.h"

namespace autoencoder {
namespace {

using namespace service;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kLook(50);          // for the signal that ends it
constexpr Milliseconds kRefresh(1000);     // looks for runs that have changed
constexpr Milliseconds kPatience(30'000);  // with answers that are not made yet when it ends

std::string read_token(const std::string& path) {
  if (path.empty()) {
    return "";
  }
  std::string token = read_file(path);
  token.erase(0, token.find_first_not_of(" \t\r\n"));
  token.erase(token.find_last_not_of(" \t\r\n") + 1);
  if (token.size() < 8) {
    throw Error(fmt::format(
        "{}: a token has at least 8 characters; openssl rand -hex 32 > {} makes a good one", path, path));
  }
  return token;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// What stands together: in the order in which each needs those before it.
class House {
 public:
  House(const ServeRequest& request, const torch::Device& device, Log::Listener log)
      : log_(std::move(log)),
        service_({read_token(request.door.token_file), split_words(request.door.origins)},
                 request.quiet ? Log::Listener() : log_),
        shelf_(request.runs, device, [this](const std::string& line) { log_(line, Json::object()); }),
        batcher_(
            {.examples = request.batch_size,
             .wait = std::chrono::microseconds(static_cast<int64_t>(1000 * request.batch_wait)),
             .waiting = request.max_waiting},
            [request] { use_device(request.device); },
            [this](int64_t, int64_t examples, double seconds) {
              service_.meters().count_batch(examples, seconds);
            }),
        studio_(shelf_, request.data_dir, [request] { use_device(request.device); }),
        limits_({.examples = request.max_examples, .pixels = 1e6 * static_cast<double>(request.max_pixels)}),
        timeout_(static_cast<int64_t>(1000 * request.timeout)) {
    add_routes(!request.door.token_file.empty());
    server_.emplace(server_options(request), service_);
  }

  std::string address(const DoorOptions& door) const {
    return fmt::format("{}://{}:{}/", door.certificate.empty() ? "http" : "https", door.host,
                       server_->port());
  }

  void live(const AsksToStop& asks_to_stop) {
    auto refreshed = std::chrono::steady_clock::now();
    while (!asks_to_stop()) {
      std::this_thread::sleep_for(kLook);
      if (std::chrono::steady_clock::now() - refreshed > kRefresh) {
        shelf_.refresh();
        refreshed = std::chrono::steady_clock::now();
      }
    }
  }

  void end() { server_->stop(kPatience); }

  const Shelf& shelf() const { return shelf_; }

 private:
  http::ServerOptions server_options(const ServeRequest& request) const {
    http::ServerOptions options = {
        .host = request.door.host, .port = static_cast<int>(request.door.port), .threads = 2};
    if (!request.door.certificate.empty()) {
      options.certificate = {request.door.certificate, request.door.key};
    }
    options.limits.body_bytes = static_cast<size_t>(request.max_body) << 20;
    options.limits.connections = static_cast<int>(request.max_connections);
    options.limits.answer = timeout_;
    return options;
  }

  void add_routes(bool asks_for_token) {
    const Workshop workshop = {shelf_, batcher_, limits_};
    service_.add(page_routes());
    service_.add(
        {{"GET", "/healthz",
          at_once([](const Call&) { return http::Response{.body = "{\"status\":\"ok\"}\n"}; }), true},
         {"GET", "/metrics", at_once([this](const Call&) { return metrics(); })},
         {"GET", "/openapi.json", at_once([this, asks_for_token](const Call&) {
            return http::Response{.body = json_text(openapi_of(shelf_, limits_, asks_for_token), 2) + "\n"};
          })}});
    service_.add(studio_.routes());
    service_.add(model_routes(workshop));
    service_.add(open_inference_routes(workshop));
  }

  http::Response metrics() {
    const std::vector<Meters::Gauge> gauges = {
        {"autoencoder_connections", "Connections that are open.",
         static_cast<double>(server_->connections())},
        {"autoencoder_waiting_examples", "Examples that wait to be computed.",
         static_cast<double>(batcher_.waiting())},
        {"autoencoder_models", "Models that are served.", static_cast<double>(shelf_.all().size())},
        {"autoencoder_model_reloads_total", "Models that were loaded again.",
         static_cast<double>(shelf_.reloads())},
        {"process_resident_memory_bytes", "Memory in use.", static_cast<double>(resident_bytes())},
        {"process_cpu_seconds_total", "Processor time.", processor_seconds()}};
    return {.type = "text/plain; version=0.0.4", .body = service_.meters().text(gauges)};
  }

  Log::Listener log_;
  Service service_;
  Shelf shelf_;
  Batcher batcher_;
  Studio studio_;
  InputLimits limits_;
  Milliseconds timeout_;
  std::optional<http::Server> server_;
};

// Its listener may be one for a single thread.
Log::Listener one_at_a_time(const Log::Listener& listener) {
  return [listener, mutex = std::make_shared<std::mutex>()](std::string_view lines, const Json& facts) {
    const std::lock_guard lock(*mutex);
    listener(lines, facts);
  };
}

std::string models_text(const Shelf& shelf) {
  std::vector<std::string> names;
  for (const auto& served : shelf.all()) {
    names.push_back(served->name);
  }
  return join(names);
}

void check_door(const DoorOptions& door) {
  if (door.certificate.empty() != door.key.empty()) {
    throw UsageError("--certificate and --key go together: give both, or none");
  }
}

}  // namespace

void DoorOptions::visit(OptionVisitor& visitor) {
  visitor.group("Door");
  visitor.option("port", port, "TCP port; 0: any that is free", between(0, 65535));
  visitor.option("host", host, "address to be found at: 127.0.0.1 for this machine alone, 0.0.0.0 for all");
  visitor.option("certificate", certificate, "certificate chain (PEM), for HTTPS");
  visitor.option("key", key, "its private key (PEM)");
  visitor.option("token-file", token_file,
                 "file with the token that calls must bear; none: everybody may call");
  visitor.option("origins", origins,
                 "pages of other sites that may call, with commas between: https://example.org");
}

void ServeRequest::visit(OptionVisitor& visitor) {
  door.visit(visitor);
  visitor.group("Limits");
  visitor.option("max-body", max_body, "largest body, MiB", between(1, 4096));
  visitor.option("max-pixels", max_pixels, "most pixels of a picture that is sent, millions",
                 between(1, 1000));
  visitor.option("max-examples", max_examples, "most examples of one call", between(1, kMostExamples));
  visitor.option("max-connections", max_connections, "most connections at a time", between(1, 100'000));
  visitor.option("max-waiting", max_waiting, "most examples that wait to be computed; more are answered 429",
                 between(1, kMostExamples));
  visitor.option("timeout", timeout, "seconds that an answer may take", between(0.1, 86'400));
  visitor.group("Batches");
  visitor.option("batch-size", batch_size, "most examples computed at once", between(1, 65'536));
  visitor.option(
      "batch-wait", batch_wait,
      "milliseconds to wait for others where there are fewer; 0: those that came while the last ones were "
      "computed",
      between(0, 10'000));
  visitor.group("Data");
  visitor.option("data-dir", data_dir, "where the runs' data lie now, for maps of their codes");
  visitor.group("Device");
  device.visit(visitor);
  visitor.group("Output");
  visitor.option("quiet", quiet, "no line for each request");
}

void serve_runs(const ServeRequest& request, const Log::Listener& log, const AsksToStop& asks_to_stop) {
  check_door(request.door);
  const Log::Listener say = one_at_a_time(log);
  House house(request, use_device(request.device), say);
  const std::string address = house.address(request.door);
  say(fmt::format("serving {} at {}", models_text(house.shelf()), address), {{"address", address}});
  house.live(asks_to_stop);
  say("stopping: what is there will be answered", Json::object());
  house.end();
}

}  // namespace autoencoder
