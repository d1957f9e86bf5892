// Requests of many clients, computed together: what a model needs for one example and for thirty is nearly
// the same time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <torch/types.h>

#include "service/operations.h"
#include "service/served_model.h"

namespace autoencoder::service {

struct BatchLimits {
  int64_t examples = 64;  ///< that are computed at once
  std::chrono::microseconds wait{
      0};                  ///< for more of them, where there are fewer; 0: what came meanwhile goes
  int64_t waiting = 4096;  ///< examples that may wait; more are turned away
};

/// What is to be computed.
struct Job {
  std::shared_ptr<const ServedModel> served;
  const Operation* operation = nullptr;
  torch::Tensor input;                ///< on the CPU
  std::weak_ptr<const void> awaited;  ///< expires when nobody waits for it any longer
  /// Called once, on the thread that computes: what came of it, or why nothing did.
  std::function<void(std::vector<Part> parts, std::exception_ptr failure)> done;
};

/// A thread that computes what is asked of it, in the order in which it was asked, but together what can be:
/// jobs of one model and operation. While it computes others gather, so that batches grow with the load.
class Batcher {
 public:
  /// Hears of each batch: how many jobs and examples, and the seconds that it took.
  using Listener = std::function<void(int64_t jobs, int64_t examples, double seconds)>;

  /// `prepare` is called on the thread before all else.
  Batcher(const BatchLimits& limits, std::function<void()> prepare, Listener listener);
  /// As stop().
  ~Batcher();
  Batcher(const Batcher&) = delete;
  Batcher& operator=(const Batcher&) = delete;

  /// Throws Problem: 429 where too much waits already, 503 once it has stopped.
  void submit(Job job);

  /// Computes what waits, and takes no more.
  void stop();

  int64_t waiting() const;  ///< examples

 private:
  void work();
  void forget_unawaited();
  std::vector<Job> next_batch(std::unique_lock<std::mutex>& lock);
  void compute(std::vector<Job> batch);

  const BatchLimits limits_;
  Listener listener_;
  mutable std::mutex mutex_;
  std::condition_variable has_changed_;
  std::deque<Job> jobs_;
  int64_t waiting_ = 0;
  bool is_stopping_ = false;
  std::jthread thread_;
};

}  // namespace autoencoder::service
