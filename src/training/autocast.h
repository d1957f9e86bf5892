// Mixed precision for the length of a scope.
#pragma once

#include <string>

#include <c10/core/DeviceType.h>
#include <c10/core/ScalarType.h>

namespace autoencoder {

/// "bf16": products and convolutions of this thread run in bfloat16 while it lives. "fp32": nothing happens.
class Autocast {
 public:
  Autocast(c10::DeviceType device, const std::string& precision);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  c10::DeviceType device_;
  bool active_;
};

}  // namespace autoencoder
