#include "service/batcher.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/stopwatch.h"
#include "common/text.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

using Clock = std::chrono::steady_clock;

bool go_together(const Job& first, const Job& other) {
  return first.served == other.served && first.operation == other.operation &&
         first.operation->is_shared(*first.served);
}

int64_t size_of(const std::vector<Job>& jobs) {
  int64_t size = 0;
  for (const Job& job : jobs) {
    size += job.input.size(0);
  }
  return size;
}

torch::Tensor inputs_of(const std::vector<Job>& jobs) {
  std::vector<torch::Tensor> inputs;
  for (const Job& job : jobs) {
    inputs.push_back(job.input);
  }
  return inputs.size() == 1 ? inputs.front() : torch::cat(inputs);
}

// Of all inputs, so many at once.
std::vector<Part> parts_of(const Job& job, const torch::Tensor& inputs, int64_t at_once) {
  std::vector<Part> whole;
  std::vector<std::vector<torch::Tensor>> pieces;
  for (const torch::Tensor& some : inputs.split(at_once)) {
    whole = job.operation->compute(*job.served, some.to(job.served->device()));
    pieces.resize(whole.size());
    for (size_t i = 0; i < whole.size(); ++i) {
      pieces[i].push_back(whole[i].values);
    }
  }
  for (size_t i = 0; i < whole.size(); ++i) {
    whole[i].values = pieces[i].size() == 1 ? pieces[i].front() : torch::cat(pieces[i]);
  }
  return whole;
}

std::vector<Part> narrowed(const std::vector<Part>& whole, int64_t first, int64_t count) {
  std::vector<Part> some = whole;
  for (Part& part : some) {
    part.values = part.values.narrow(0, first, count);
  }
  return some;
}

}  // namespace

Batcher::Batcher(const BatchLimits& limits, std::function<void()> prepare, Listener listener)
    : limits_(limits), listener_(std::move(listener)), thread_([this, prepare = std::move(prepare)] {
        prepare();
        work();
      }) {}

Batcher::~Batcher() { stop(); }

void Batcher::submit(Job job) {
  const int64_t size = job.input.size(0);
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
      throw Problem(503, "the service is shutting down", {{"Retry-After", "5"}});
    }
    if (waiting_ + size > limits_.waiting) {
      forget_unawaited();
    }
    if (waiting_ > 0 && waiting_ + size > limits_.waiting) {
      throw Problem(429, fmt::format("{} wait already; try again in a second", counted(waiting_, "example")),
                    {{"Retry-After", "1"}});
    }
    waiting_ += size;
    jobs_.push_back(std::move(job));
  }
  has_changed_.notify_all();
}

void Batcher::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  has_changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

int64_t Batcher::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void Batcher::work() {
  const torch::NoGradGuard no_grad;
  std::unique_lock lock(mutex_);
  while (true) {
    has_changed_.wait(lock, [&] { return is_stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) {
      return;
    }
    std::vector<Job> batch = next_batch(lock);
    lock.unlock();
    compute(std::move(batch));
    lock.lock();
  }
}

void Batcher::forget_unawaited() {
  std::erase_if(jobs_, [&](const Job& job) {
    const bool is_unawaited = job.awaited.expired();  // asked once: it may change meanwhile
    waiting_ -= is_unawaited ? job.input.size(0) : 0;
    return is_unawaited;
  });
}

// The first job, and those that go with it, in their order.
std::vector<Job> Batcher::next_batch(std::unique_lock<std::mutex>& lock) {
  const auto end = Clock::now() + limits_.wait;
  const auto goes = [&](const Job& job) { return go_together(jobs_.front(), job); };
  const auto is_full = [&] {
    int64_t size = 0;
    for (const Job& job : jobs_) {
      size += goes(job) ? job.input.size(0) : 0;
    }
    return size >= limits_.examples;
  };
  if (limits_.wait.count() > 0) {
    has_changed_.wait_until(lock, end, [&] { return is_stopping_ || is_full(); });
  }
  std::vector<Job> batch = {std::move(jobs_.front())};
  jobs_.pop_front();
  std::deque<Job> others;
  for (Job& job : jobs_) {
    const bool fits = size_of(batch) + job.input.size(0) <= limits_.examples;
    if (fits && go_together(batch.front(), job)) {
      batch.push_back(std::move(job));
    } else {
      others.push_back(std::move(job));
    }
  }
  jobs_ = std::move(others);
  waiting_ -= size_of(batch);
  return batch;
}

void Batcher::compute(std::vector<Job> batch) {
  std::erase_if(batch, [](const Job& job) { return job.awaited.expired(); });
  if (batch.empty()) {
    return;
  }
  const Stopwatch watch;
  try {
    const std::vector<Part> whole = parts_of(batch.front(), inputs_of(batch), limits_.examples);
    listener_(std::ssize(batch), size_of(batch), watch.seconds());
    int64_t first = 0;
    for (const Job& job : batch) {
      job.done(narrowed(whole, first, job.input.size(0)), nullptr);
      first += job.input.size(0);
    }
  } catch (...) {
    if (batch.size() == 1) {
      batch.front().done({}, std::current_exception());
      return;
    }
    for (Job& job : batch) {  // one of them is the culprit: each stands for itself
      std::vector<Job> alone;
      alone.push_back(std::move(job));
      compute(std::move(alone));
    }
  }
}

}  // namespace autoencoder::service
