#include "pictures/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace autoencoder {
namespace {

class IndexLoop {
 public:
  IndexLoop(size_t count, const std::function<void(size_t)>& work)
      : count_(count), work_(work), failed_at_(count) {}

  /// Takes indices in rising order until there are no more, or one has failed: by then all below it have been
  /// taken.
  void run() {
    while (!failed_) {
      const size_t index = next_++;
      if (index >= count_) {
        return;
      }
      try {
        work_(index);
      } catch (...) {
        keep_failure(index, std::current_exception());
      }
    }
  }

  void rethrow() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  void keep_failure(size_t index, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    if (index < failed_at_) {
      failed_at_ = index;
      failure_ = std::move(failure);
    }
  }

  const size_t count_;
  const std::function<void(size_t)>& work_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  size_t failed_at_;
  std::exception_ptr failure_;
};

}  // namespace

void for_each_index(size_t count, size_t threads, const std::function<void(size_t)>& work) {
  IndexLoop loop(count, work);
  {
    std::vector<std::jthread> others;
    for (size_t i = 1; i < std::min(threads, count); ++i) {
      others.emplace_back([&loop] { loop.run(); });
    }
    loop.run();
  }
  loop.rethrow();
}

}  // namespace autoencoder
