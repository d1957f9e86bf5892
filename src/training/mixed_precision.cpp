#include "training/autocast.h"

#include <ATen/autocast_mode.h>

namespace autoencoder {

Autocast::Autocast(c10::DeviceType device, Precision precision)
    : device_(device), active_(precision == Precision::kBfloat16) {
  if (active_) {
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
    at::autocast::set_autocast_enabled(device_, true);
  }
}

Autocast::~Autocast() {
  if (active_) {
    at::autocast::set_autocast_enabled(device_, false);
    at::autocast::clear_cache();  // it holds the weights' casts, which the next step makes stale
  }
}

}  // namespace autoencoder
