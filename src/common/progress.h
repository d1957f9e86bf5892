// How far a piece of work is, for those who wait.
#pragma once

#include <cstdint>
#include <string>

namespace autoencoder {

/// Is told of work while it is done, from the thread that does it. This one listens to nothing.
class Progress {
 public:
  virtual ~Progress() = default;

  /// So many pieces of work are to be done: "encoding". What was begun before has ended.
  virtual void begin(const std::string& /*work*/, int64_t /*total*/) {}

  /// So many more of them are done.
  virtual void advance(int64_t /*count*/) {}
};

/// For callers who do not want to hear of it.
inline Progress& no_progress() {
  static Progress silent;
  return silent;
}

}  // namespace autoencoder
