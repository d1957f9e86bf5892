#include "cli/workers.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "common/child_process.h"
#include "common/error.h"
#include "common/interrupt.h"
#include "tasks/threads.h"

namespace autoencoder {
namespace {

// One that is free now.
uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool is_found =
      socket >= 0 && ::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0;
  const int code = errno;
  if (socket >= 0) {
    ::close(socket);
  }
  if (!is_found) {
    throw Error(fmt::format("--workers: no free port on this machine: {}", std::strerror(code)));
  }
  return ntohs(address.sin_port);
}

std::vector<ChildProcess> start_workers(int64_t count) {
  const std::string port = std::to_string(free_port());
  const std::string threads = std::to_string(std::max<int64_t>(1, usual_threads() / count));
  std::vector<ChildProcess> workers;
  for (int64_t rank = 0; rank < count; ++rank) {
    workers.emplace_back(ChildCall{.words = own_words(),
                                   .environment = {{"RANK", std::to_string(rank)},
                                                   {"WORLD_SIZE", std::to_string(count)},
                                                   {"MASTER_ADDR", "127.0.0.1"},
                                                   {"MASTER_PORT", port},
                                                   {"OMP_NUM_THREADS", threads}}});
  }
  return workers;
}

bool is_request_to_stop(int signal) { return signal == SIGINT || signal == SIGTERM || signal == SIGHUP; }

// Whether a process has ended otherwise than well, or than it was asked to.
bool has_failed(ChildProcess& worker) {
  const int status = worker.status().value_or(0);
  return status != 0 && !(status > 128 && is_request_to_stop(status - 128));
}

}  // namespace

int run_workers(int64_t count) {
  std::vector<ChildProcess> workers = start_workers(count);
  const InterruptGuard guard;
  int sent = 0;
  const auto has_ended = [](ChildProcess& worker) { return worker.status().has_value(); };
  while (!std::ranges::all_of(workers, has_ended) && std::ranges::none_of(workers, has_failed)) {
    if (const int signal = guard.signal(); signal != sent) {
      sent = signal;
      std::ranges::for_each(workers, [&](const ChildProcess& worker) { worker.send(signal); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto failed = std::ranges::find_if(workers, has_failed);
  const int status = *(failed != workers.end() ? *failed : workers.front()).status();
  if (failed != workers.end() && status > 128) {
    throw Error(fmt::format("one of {} processes has ended by signal {} ({}); go on with --resume", count,
                            status - 128, ::strsignal(status - 128)));
  }
  return status;
}

}  // namespace autoencoder
