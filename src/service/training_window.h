// A training on a page while it goes on: curves, reconstructions, codes, and a button that stops it.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/event_stream.h"
#include "http/server.h"
#include "service/service.h"
#include "tasks/training_session.h"

namespace autoencoder {

/// Serves the page from the beginning; attach() makes it show a session. What it shows costs training less
/// than two hundredths of its time: it waits so much longer than the last time took before it looks again.
class TrainingWindow {
 public:
  /// Throws Error where the port cannot be had.
  TrainingWindow(const std::string& host, int port);
  ~TrainingWindow();
  TrainingWindow(const TrainingWindow&) = delete;
  TrainingWindow& operator=(const TrainingWindow&) = delete;

  std::string address() const;

  /// Whether somebody has pressed the button.
  bool is_asked_to_stop() const { return is_asked_to_stop_; }

  /// What it shows from now on; its observer lives as long as the window. `name`: of the run.
  Observer* attach(const TrainingSession& session, const std::string& name);

  /// Tells those who watch how it ended.
  void end(const std::string& message);

 private:
  class Watcher;

  void add_routes();
  http::Response state() const;

  std::string host_;
  std::atomic<bool> is_asked_to_stop_ = false;
  std::shared_ptr<http::EventStream> events_ = std::make_shared<http::EventStream>();
  mutable std::mutex mutex_;  // of the two below
  std::string name_ = "a model";
  int64_t epochs_ = 0;
  std::unique_ptr<Watcher> watcher_;
  service::Service service_{{}, nullptr};
  std::optional<http::Server> server_;
};

}  // namespace autoencoder
