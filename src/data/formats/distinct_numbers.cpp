#include "data/formats/distinct_numbers.h"

namespace autoencoder {

uint64_t mixed_bits(uint64_t number) {
  number += 0x9E3779B97F4A7C15;
  number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9;
  number = (number ^ number >> 27) * 0x94D049BB133111EB;
  return number ^ number >> 31;
}

void DistinctNumbers::add(int64_t number) {
  const uint64_t bits = mixed_bits(static_cast<uint64_t>(number));
  if (has_repeated_ || (bits & zeros_) != 0) {
    return;
  }
  has_repeated_ = !kept_.insert(bits).second;
  if (has_repeated_) {
    kept_ = {};
  } else if (kept_.size() > kMostKept) {
    thin_out();
  }
}

void DistinctNumbers::thin_out() {
  zeros_ = 2 * zeros_ + 1;
  std::erase_if(kept_, [this](uint64_t bits) { return (bits & zeros_) != 0; });
}

}  // namespace autoencoder
