// TensorBoard's event files: a TFRecord for each Event (tensorflow/core/util/event.proto), appended as
// training goes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace autoencoder {

/// A picture as TensorBoard takes it.
struct EventImage {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;  ///< 1 grey, 3 RGB
  std::string png;       ///< the bytes of its file
};

class EventFile {
 public:
  /// Begins events.out.tfevents.TIME.PROCESS in `folder`, which is made where it is missing; TensorBoard
  /// reads all such files of a folder as one. Throws Error where the disk refuses.
  explicit EventFile(const std::filesystem::path& folder);

  /// Each is on the disk when the call returns, so that a running training can be watched.
  void add_scalar(std::string_view tag, int64_t step, double value);
  void add_image(std::string_view tag, int64_t step, const EventImage& image);

 private:
  void append_record(const std::string& event);

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace autoencoder
