// Mixed precision for the length of a scope.
#pragma once

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

namespace autoencoder {

enum class Precision { kFloat32, kBfloat16 };

/// With kBfloat16 products and convolutions of this thread run in bfloat16 while it lives. With kFloat32
/// nothing happens.
class Autocast {
 public:
  Autocast(c10::DeviceType device, Precision precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  c10::DeviceType device_;
  bool active_;
};

}  // namespace autoencoder
