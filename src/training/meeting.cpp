#include "training/meeting.h"

#include <utility>

#include "common/error.h"
#include "models/whole_batch.h"
#include "training/part_shares.h"

namespace autoencoder {
namespace {

// A turn to compute, given back at the end.
class Turn {
 public:
  explicit Turn(std::counting_semaphore<>& turns) : turns_(turns) { turns_.acquire(); }
  ~Turn() { turns_.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  std::counting_semaphore<>& turns_;
};

}  // namespace

// A part's way to the others.
class Meeting::Part : public OtherParts {
 public:
  Part(Meeting& meeting, int64_t place) : meeting_(meeting), place_(place) {}

  torch::Tensor gather(const torch::Tensor& own) override { return meeting_.gather(place_, own); }
  bool keeps_model() const override { return place_ == 0; }

 private:
  Meeting& meeting_;
  int64_t place_;
};

Meeting::Meeting(Communicator& processes, int64_t parts, int64_t at_once)
    : processes_(processes), parts_(parts), turns_(at_once) {}

void Meeting::run(int64_t count, c10::ThreadPool& threads, const std::function<void(int64_t)>& work) {
  given_.resize(static_cast<size_t>(count));
  for (int64_t place = 0; place < count; ++place) {
    threads.run([this, place, &work] { take_part(place, work); });
  }
  threads.waitWorkComplete();
  if (failure_) {
    std::rethrow_exception(failure_);
  }
}

void Meeting::take_part(int64_t place, const std::function<void(int64_t)>& work) {
  const Turn turn(turns_);
  Part others(*this, place);
  const PartOfBatch part(others);
  try {
    work(place);
  } catch (...) {
    fail();
  }
}

// Those who wait for this part fail in their turn, and the first failure is what is told.
void Meeting::fail() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failure_) {
    failure_ = std::current_exception();
  }
  change_.notify_all();
}

torch::Tensor Meeting::gather(int64_t place, const torch::Tensor& own) {
  std::unique_lock<std::mutex> lock(mutex_);
  given_[static_cast<size_t>(place)] = own;
  if (++arrived_ < std::ssize(given_)) {
    return wait_for_others(lock);
  }
  gathered_ = of_all_processes(torch::stack(given_));
  arrived_ = 0;
  ++round_;
  change_.notify_all();
  return gathered_;
}

// Computing goes on when there is a turn again.
torch::Tensor Meeting::wait_for_others(std::unique_lock<std::mutex>& lock) {
  const int64_t round = round_;
  turns_.release();
  change_.wait(lock, [&] { return round_ != round || failure_; });
  torch::Tensor gathered = gathered_;
  const bool has_failed = round_ == round;
  lock.unlock();
  turns_.acquire();
  if (has_failed) {
    throw Error("another part of the batch has failed");
  }
  return gathered;
}

torch::Tensor Meeting::of_all_processes(const torch::Tensor& own) const {
  return processes_.size() == 1 ? own : gather_rows(processes_, parts_, own, [](const PartShare& share) {
    return share.part_count();
  });
}

}  // namespace autoencoder
