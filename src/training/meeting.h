// Parts of a batch that ask each other of the whole while they are computed.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <semaphore>
#include <vector>

#include <c10/core/thread_pool.h>
#include <torch/types.h>

#include "training/communicator.h"

namespace autoencoder {

/// Where the parts of one batch wait for each other: those of this process, each on a thread of its own, and
/// through the processes those of the others.
class Meeting {
 public:
  /// parts: of the whole batch, a power of two. at_once: how many of this process's parts may be computed at
  /// the same time, while the others wait for them.
  Meeting(Communicator& processes, int64_t parts, int64_t at_once);

  /// Calls work(i) for i = 0 ... count - 1, on `threads`, which are at least as many, each as a PartOfBatch.
  /// count: of this process's parts (PartShare::part_count); 1 where it has none, which computes one that
  /// does not count. Throws what the first call threw that failed.
  void run(int64_t count, c10::ThreadPool& threads, const std::function<void(int64_t)>& work);

 private:
  class Part;

  void take_part(int64_t place, const std::function<void(int64_t)>& work);
  torch::Tensor gather(int64_t place, const torch::Tensor& own);
  torch::Tensor of_all_processes(const torch::Tensor& own) const;
  torch::Tensor wait_for_others(std::unique_lock<std::mutex>& lock);
  void fail();

  Communicator& processes_;
  int64_t parts_;
  std::counting_semaphore<> turns_;
  std::mutex mutex_;  // of all that follows
  std::condition_variable change_;
  std::vector<torch::Tensor> given_;
  int64_t arrived_ = 0;
  int64_t round_ = 0;
  torch::Tensor gathered_;
  std::exception_ptr failure_;
};

}  // namespace autoencoder
