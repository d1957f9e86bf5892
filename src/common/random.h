// One seed, many generators: each purpose draws from its own, so that a change in one leaves the others
// alone.
#pragma once

#include <cstdint>
#include <string_view>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

namespace autoencoder {

/// The seed of `purpose` ("weights", "split", "order", ...) under the user's seed; `index` tells apart its
/// epochs.
uint64_t derive_seed(uint64_t seed, std::string_view purpose, uint64_t index = 0);

/// A generator of its own on `device`, shared with nobody.
at::Generator make_generator(uint64_t seed, const c10::Device& device = c10::Device(c10::kCPU));

/// While it lives, LibTorch's global generator of the owner's device goes on where the owner stands;
/// afterwards the owner stands where the global one had come to, and the global one where it was. One at a
/// time for each device.
class GlobalGeneratorLoan {
 public:
  explicit GlobalGeneratorLoan(at::Generator owner);
  ~GlobalGeneratorLoan();
  GlobalGeneratorLoan(const GlobalGeneratorLoan&) = delete;
  GlobalGeneratorLoan& operator=(const GlobalGeneratorLoan&) = delete;

  const at::Generator& generator() const { return lent_; }

 private:
  at::Generator owner_;
  at::Generator lent_;
  at::Tensor before_;
};

/// LibTorch's global generator, from where `own` stands, for good: the one that a recorded step on a GPU can
/// draw from.
at::Generator as_global_generator(const at::Generator& own);

}  // namespace autoencoder
