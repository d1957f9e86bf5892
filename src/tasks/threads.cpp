#include "tasks/threads.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <latch>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "common/cpu_quota.h"
#include "common/error.h"
#include "common/stopwatch.h"

namespace autoencoder {
namespace {

int processor_count() {
#ifdef _OPENMP
  return omp_get_num_procs();
#else
  return static_cast<int>(std::thread::hardware_concurrency());
#endif
}

// How many threads the system lets this process start besides its own: `count`, or fewer.
int startable_threads(int count) {
  std::latch done(1);
  std::vector<std::jthread> threads;
  try {
    while (static_cast<int>(threads.size()) < count) {
      threads.emplace_back([&] { done.wait(); });
    }
  } catch (const std::system_error&) {  // enough is known
  }
  done.count_down();
  return static_cast<int>(threads.size());
}

// OpenMP starts threads when there is work for them, and ends the program where the system refuses one. In a
// number that it is told, LibTorch starts a pool of them beside those at once, and crashes at the program's
// end where it did not get all. So they are asked for before.
void require_threads(int count, int pools) {
  // One of each is this thread itself.
  if (const int startable = 1 + startable_threads(pools * (count - 1)) / pools; startable < count) {
    throw Error(
        fmt::format("threads: {} are too many, for the system lets this program start only {} (see "
                    "ulimit -u); lower --threads",
                    count, startable));
  }
}

bool is_set(const char* name) { return std::getenv(name) != nullptr; }

// A team of OpenMP's that has nothing to do.
class IdleTeam {
 public:
  explicit IdleTeam(int size) : leader_([this, size] { assemble(size); }) { assembled_.wait(); }
  ~IdleTeam() { end_.count_down(); }
  IdleTeam(const IdleTeam&) = delete;
  IdleTeam& operator=(const IdleTeam&) = delete;

  // With its leader. OpenMP ends the program where it gets fewer than it wants.
  static bool can_start(int size) { return startable_threads(size + 1) == size + 1; }

 private:
  void assemble([[maybe_unused]] int size) {
    std::atomic<int> members = 0;
#pragma omp parallel num_threads(size)
    ++members;  // an empty region would not be one
    assembled_.count_down();
    end_.wait();
  }

  std::latch assembled_{1};
  std::latch end_{1};
  std::jthread leader_;
};

// How long the threads of this process have waited for a processor that others had, in seconds (Linux's
// sched-stats.rst); nothing where the system does not say.
std::optional<double> seconds_in_queues() {
  double nanoseconds = 0;
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    double running = 0;
    double waiting = 0;
    if (std::ifstream(thread.path() / "schedstat") >> running >> waiting) {
      nanoseconds += waiting;
    }
  }
  return nanoseconds > 0 ? std::optional(nanoseconds / 1e9) : std::nullopt;
}

// Where all teams together have more threads than there are processors, those of GNU's OpenMP that wait go to
// sleep after a hundred looks in place of 300,000 (libgomp's manual, GOMP_SPINCOUNT). An idle team makes it
// so, for as long as this process shares its processors with others.
class Company {
 public:
  explicit Company(int team_size)
      : team_size_(team_size), watcher_([this](const std::stop_token& stop) { watch(stop); }) {}

 private:
  static constexpr auto kPeriod = std::chrono::milliseconds(100);
  // Of a period: below 0.1 on an idle machine, 0.5 beside one busy process on two cores.
  static constexpr double kShare = 0.2;

  void watch(const std::stop_token& stop) {
    std::optional<IdleTeam> team(team_size_);
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any end;
    std::optional<double> before = seconds_in_queues();
    Stopwatch period;
    while (!end.wait_for(lock, stop, kPeriod, [&] { return stop.stop_requested(); })) {
      const auto now = seconds_in_queues();
      const bool is_alone = before && now && *now - *before < kShare * period.seconds();
      if (is_alone) {
        team.reset();
      } else if (!team && IdleTeam::can_start(team_size_)) {
        team.emplace(team_size_);
      }
      before = now;
      period = Stopwatch();
    }
  }

  int team_size_;
  std::jthread watcher_;
};

// Beside a team of so many `threads` at work.
void let_waiting_threads_sleep(int threads) {
  if (is_set("GOMP_SPINCOUNT") || is_set("OMP_WAIT_POLICY")) {
    return;
  }
  const int size = std::max(processor_count() - threads, 0) + 2;
  if (IdleTeam::can_start(size)) {
    static const Company company(size);
  }
}

}  // namespace

int usual_threads() {
  const int processors = at::get_num_threads();
  const auto quota = is_set("OMP_NUM_THREADS") ? std::nullopt : cpu_quota();
  return quota ? std::clamp(static_cast<int>(std::ceil(*quota)), 1, processors) : processors;
}

void use_threads(int count) {
  const int wanted = count > 0 ? count : usual_threads();
  const bool is_told = wanted != at::get_num_threads() || count > 0;
  require_threads(wanted, /*pools=*/is_told ? 2 : 1);
  if (is_told) {
    at::set_num_threads(wanted);
  }
  if (wanted > 1) {
    let_waiting_threads_sleep(wanted);
  }
}

}  // namespace autoencoder
