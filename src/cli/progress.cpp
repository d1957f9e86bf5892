#include "cli/progress.h"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>

#include "common/text.h"

namespace autoencoder {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(200);
constexpr int64_t kWidth = 24;
constexpr const char* kWipe = "\r\033[K";

std::string bar(double fraction) {
  const auto filled = static_cast<int64_t>(fraction * kWidth);
  return fmt::format("[{:=<{}}{:<{}}]", "", filled, "", kWidth - filled);
}

void redraw(const std::string& line) {
  fmt::print(stderr, "{}{}", kWipe, line);
  std::fflush(stderr);
}

double share(int64_t part, int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(std::max<int64_t>(whole, 1));
}

}  // namespace

bool ProgressBar::can_be_seen() { return ::isatty(STDERR_FILENO) != 0; }

Decision ProgressBar::begin(const Workload& workload, const TrainingState& /*state*/) {
  workload_ = workload;
  started_ = Clock::now();
  return Decision::kContinue;
}

Decision ProgressBar::step_done(TrainingState& state) {
  ++steps_;
  if (const auto now = Clock::now(); now - drawn_ >= kRedrawInterval) {
    drawn_ = now;
    redraw(text(state));
  }
  return Decision::kContinue;
}

Decision ProgressBar::epoch_done(TrainingState& /*state*/) {
  redraw("");
  return Decision::kContinue;
}

std::string ProgressBar::text(TrainingState& state) {
  const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
  const double steps_per_second = static_cast<double>(steps_) / std::max(seconds, 1e-9);
  const double images_per_step =
      static_cast<double>(workload_.examples_per_epoch) / static_cast<double>(workload_.batches_per_epoch);
  const int64_t steps_left = (workload_.epochs - state.epoch) * workload_.batches_per_epoch - state.batch;
  const auto loss = state.meter.glance();
  return fmt::format("epoch {:>3}/{} {} {} {:>7} {}s/s, {} left", state.epoch + 1, workload_.epochs,
                     bar(share(state.batch, workload_.batches_per_epoch)),
                     loss ? fmt::format("loss {:.6g}", *loss) : "loss ...",
                     with_thousands(static_cast<int64_t>(steps_per_second * images_per_step)), workload_.noun,
                     duration_text(static_cast<double>(steps_left) / steps_per_second));
}

CountBar::~CountBar() { wipe(); }

void CountBar::wipe() const {
  if (is_seen_) {
    redraw("");
  }
}

void CountBar::begin(const std::string& work, int64_t total) {
  work_ = work;
  total_ = total;
  done_ = 0;
}

void CountBar::advance(int64_t count) {
  done_ += count;
  if (done_ >= total_) {
    wipe();
  } else if (const auto now = Clock::now(); is_seen_ && now - drawn_ >= kRedrawInterval) {
    drawn_ = now;
    redraw(fmt::format("{} {} {} of {}", work_, bar(share(done_, total_)), with_thousands(done_),
                       with_thousands(total_)));
  }
}

}  // namespace autoencoder
