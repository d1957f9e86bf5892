// What happens, told to browsers as it happens: server-sent events (WHATWG HTML, section 9.2).
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace autoencoder::http {

/// Who publishes does not wait for who listens. Safe to use from several threads.
class EventStream {
 public:
  /// One who listens. It must not outlive the stream.
  class Listener {
   public:
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// What was published since the last call, as it is sent.
    std::string take();

   private:
    friend class EventStream;
    explicit Listener(EventStream& stream) : stream_(stream) {}

    EventStream& stream_;
    std::function<void()> wake_;
    std::deque<std::string> waiting_;
  };

  /// `data`: a text of one line. Whoever begins to listen later hears the last one with that key, too, where
  /// it has one: what makes up the present state. Of a listener that does not take them the oldest are lost.
  void publish(const std::string& event, const std::string& data, const std::string& key = "");

  /// The same for those who begin to listen later alone.
  void keep(const std::string& event, const std::string& data);

  /// `wake` is called, from any thread, where there is something to take. What newcomers hear can be taken at
  /// once.
  std::unique_ptr<Listener> listen(std::function<void()> wake);

  /// How many listen now.
  size_t listeners() const;

 private:
  void keep_as(const std::string& key, const std::string& message);

  mutable std::mutex mutex_;
  std::vector<Listener*> listeners_;
  std::vector<std::pair<std::string, std::string>> kept_;  // the last message of each key, in their order
};

}  // namespace autoencoder::http
