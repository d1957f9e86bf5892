#include "common/mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

using Address = uintptr_t;

struct MappedRange {
  Address begin = 0;
  Address end = 0;
  int descriptor = -1;
};

// All mappings of this process.
class Mappings {
 public:
  void add(const MappedRange& range) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ranges_.emplace(range.begin, range);
  }
  void remove(Address begin) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ranges_.erase(begin);
  }
  // The one that the address lies in; nothing where it lies in none.
  std::optional<MappedRange> around(Address address) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto next = ranges_.upper_bound(address);
    const bool is_inside = next != ranges_.begin() && address < std::prev(next)->second.end;
    return is_inside ? std::optional(std::prev(next)->second) : std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  std::map<Address, MappedRange> ranges_;  // by their beginnings
};

// Never destroyed: threads, and objects that are older, may give up mappings while the process ends.
Mappings& mappings() {
  static auto* const all = new Mappings;
  return *all;
}

// Closes a file at the end of a block.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

Error unreadable(const fs::path& path) {
  return Error(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
}

// /tmp is memory itself on many systems.
fs::path scratch_folder() {
  const char* chosen = std::getenv("TMPDIR");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/var/tmp";
}

int open_nameless(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    return descriptor;
  }
  std::string name = (folder / "autoencoder-XXXXXX").string();  // where the file system knows none without
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) {
    ::unlink(name.c_str());
  }
  return named;
}

}  // namespace

Mapping::Mapping(void* memory, size_t size, int descriptor)
    : memory_(memory), size_(size), descriptor_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
  const auto begin = reinterpret_cast<Address>(memory);
  mappings().add({begin, begin + size, descriptor_});
}

Mapping::~Mapping() {
  if (memory_ != nullptr) {
    mappings().remove(reinterpret_cast<Address>(memory_));
    ::munmap(memory_, size_);
    ::close(descriptor_);
  }
}

Mapping::Mapping(Mapping&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(size_, other.size_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

bool is_mapped(const void* address) {
  return mappings().around(reinterpret_cast<Address>(address)).has_value();
}

void read_mapped(const void* address, size_t bytes, void* to) {
  const auto first = reinterpret_cast<Address>(address);
  const auto range = mappings().around(first);
  auto* const begin = static_cast<char*>(to);
  for (size_t done = 0; done < bytes;) {
    const auto offset = static_cast<off_t>(first - range->begin + done);
    const ssize_t count = ::pread(range->descriptor, begin + done, bytes - done, offset);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      throw Error(fmt::format("a file of examples cannot be read any more: {}",
                              count < 0 ? std::strerror(errno) : "it has become shorter"));
    }
    done += static_cast<size_t>(count);
  }
}

void forget_mapped(const void* begin, size_t bytes) {
  static const auto page = static_cast<Address>(::sysconf(_SC_PAGESIZE));
  const auto first = reinterpret_cast<Address>(begin);
  const auto range = mappings().around(first);
  if (!range) {
    return;
  }
  const Address from = (first + page - 1) / page * page;
  const Address to = std::min(first + bytes, range->end) / page * page;
  if (from < to) {
    char* const mapped = static_cast<char*>(const_cast<void*>(begin)) + (from - first);
    ::madvise(mapped, to - from, MADV_DONTNEED);
  }
}

MappedFile::MappedFile(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0) {
    throw unreadable(path);
  }
  const auto size = static_cast<size_t>(status.st_size);
  if (size == 0) {
    return;  // nothing cannot be mapped
  }
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file.number(), 0);
  if (memory == MAP_FAILED) {
    throw unreadable(path);
  }
  mapping_ = Mapping(memory, size, file.number());
}

ScratchMemory::ScratchMemory(size_t bytes) {
  const fs::path folder = scratch_folder();
  const auto failure = [&](int code) {
    return Error(
        fmt::format("{}: no room for {} of examples, which are more than --memory: {}; name a folder "
                    "on another disk with TMPDIR, or give more --memory",
                    folder.string(), bytes_text(bytes), std::strerror(code)));
  };
  const Descriptor file(open_nameless(folder));
  if (file.number() < 0) {
    throw failure(errno);
  }
  // All of it now: a disk that is full later would end the program with a signal.
  if (const int code = ::posix_fallocate(file.number(), 0, static_cast<off_t>(bytes)); code != 0) {
    throw failure(code);
  }
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.number(), 0);
  if (memory == MAP_FAILED) {
    throw failure(errno);
  }
  mapping_ = Mapping(memory, bytes, file.number());
}

}  // namespace autoencoder
