#include "common/memory.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace autoencoder {
namespace {

std::atomic<uint64_t> bound = 0;

// A line such as "VmHWM:    412012 kB" of a file of such lines; 0 where there is none.
uint64_t kilobytes_in(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string word; lines >> word;) {
    if (uint64_t kilobytes = 0; word == name && lines >> kilobytes) {
      return kilobytes;
    }
    lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

// What the container that this process runs in has left, as cgroup 2 tells it; nothing where there is no such
// limit.
std::optional<uint64_t> left_in_container() {
  uint64_t most = 0;
  uint64_t used = 0;
  const bool has_limit = bool(std::ifstream("/sys/fs/cgroup/memory.max") >> most) &&
                         bool(std::ifstream("/sys/fs/cgroup/memory.current") >> used);
  return has_limit ? std::optional(most - std::min(most, used)) : std::nullopt;
}

uint64_t free_bytes() {
  const uint64_t free = 1024 * kilobytes_in("/proc/meminfo", "MemAvailable:");
  return std::min(free, left_in_container().value_or(free));
}

}  // namespace

uint64_t resident_bytes() { return 1024 * kilobytes_in("/proc/self/status", "VmRSS:"); }

uint64_t peak_resident_bytes() { return 1024 * kilobytes_in("/proc/self/status", "VmHWM:"); }

void set_memory_bound(uint64_t bytes) { bound = bytes; }

uint64_t memory_bound() { return bound; }

bool is_beyond_memory(uint64_t bytes) {
  constexpr uint64_t kAlwaysFits = uint64_t{1} << 28;
  return bound > 0 ? bytes > bound : bytes > kAlwaysFits && bytes > free_bytes() / 2;
}

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMegabyte = 1 << 20;
  mallopt(M_MMAP_MAX, 0);  // mapped memory is never kept: large pictures spent two fifths of a step on it
  mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
  mallopt(M_TOP_PAD, 16 * kMegabyte);
#endif
}

void give_back_freed_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace autoencoder
