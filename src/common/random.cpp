#include "common/random.h"

#include <mutex>

#include <ATen/Context.h>

namespace autoencoder {
namespace {

// SplitMix64's finaliser (Steele et al. 2014): neighbouring seeds give unrelated ones.
uint64_t mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

}  // namespace

uint64_t derive_seed(uint64_t seed, std::string_view purpose, uint64_t index) {
  uint64_t derived = mix(seed);
  for (const char letter : purpose) {
    derived = mix(derived ^ static_cast<unsigned char>(letter));
  }
  return mix(derived ^ index);
}

at::Generator make_generator(uint64_t seed, const c10::Device& device) {
  at::Generator generator = at::globalContext().defaultGenerator(device).clone();
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
  return generator;
}

GlobalGeneratorLoan::GlobalGeneratorLoan(at::Generator owner)
    : owner_(std::move(owner)),
      lent_(at::globalContext().defaultGenerator(owner_.device())),
      before_(lent_.get_state()) {
  lent_.set_state(owner_.get_state());
}

GlobalGeneratorLoan::~GlobalGeneratorLoan() {
  owner_.set_state(lent_.get_state());
  lent_.set_state(before_);
}

at::Generator as_global_generator(const at::Generator& own) {
  at::Generator global = at::globalContext().defaultGenerator(own.device());
  global.set_state(own.get_state());
  return global;
}

}  // namespace autoencoder
