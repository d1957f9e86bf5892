#include "http/event_stream.h"

#include <algorithm>
#include <utility>

namespace autoencoder::http {
namespace {

constexpr size_t kMostWaiting = 256;  // messages of one listener

std::string message_of(const std::string& event, const std::string& data) {
  return "event: " + event + "\ndata: " + data + "\n\n";
}

}  // namespace

EventStream::Listener::~Listener() {
  const std::lock_guard lock(stream_.mutex_);
  std::erase(stream_.listeners_, this);
}

std::string EventStream::Listener::take() {
  const std::lock_guard lock(stream_.mutex_);
  std::string taken;
  for (const std::string& message : waiting_) {
    taken += message;
  }
  waiting_.clear();
  return taken;
}

void EventStream::keep_as(const std::string& key, const std::string& message) {
  const auto same = std::ranges::find(kept_, key, &std::pair<std::string, std::string>::first);
  if (same != kept_.end()) {
    same->second = message;
  } else {
    kept_.emplace_back(key, message);
  }
}

void EventStream::keep(const std::string& event, const std::string& data) {
  const std::lock_guard lock(mutex_);
  keep_as(event, message_of(event, data));
}

void EventStream::publish(const std::string& event, const std::string& data, const std::string& key) {
  const std::string message = message_of(event, data);
  const std::lock_guard lock(mutex_);
  if (!key.empty()) {
    keep_as(key, message);
  }
  for (Listener* listener : listeners_) {
    if (listener->waiting_.size() == kMostWaiting) {
      listener->waiting_.pop_front();
    }
    listener->waiting_.push_back(message);
    listener->wake_();
  }
}

std::unique_ptr<EventStream::Listener> EventStream::listen(std::function<void()> wake) {
  std::unique_ptr<Listener> listener(new Listener(*this));
  const std::lock_guard lock(mutex_);
  listener->wake_ = std::move(wake);
  for (const auto& [key, message] : kept_) {
    listener->waiting_.push_back(message);
  }
  listeners_.push_back(listener.get());
  return listener;
}

size_t EventStream::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace autoencoder::http
