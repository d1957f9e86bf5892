// Products in half the bits, everything else in float32 (Micikevicius et al. 2018, Mixed precision training).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <c10/core/Device.h>

#include "common/options.h"
#include "models/autoencoder.h"
#include "models/kernels/bfloat16.h"

namespace autoencoder {

enum class Precision : std::uint8_t { kFloat32, kBfloat16 };

/// The option --precision.
void visit_precision(OptionVisitor& visitor, Precision& precision);

/// The precision that a model's products and convolutions are computed in. On a GPU bfloat16 is LibTorch's
/// autocast; on a CPU with instructions for it the fused layers' own, which several threads may use at the
/// same time; on any other CPU LibTorch's, too.
class MixedPrecision {
 public:
  MixedPrecision(const Autoencoder& model, Precision precision);

  /// What products are made of follows the weights as they are now: once before the first Scope, and again
  /// whenever weights have changed. No Scope may be alive.
  void take_weights();

  /// While one lives the model's products in its thread have that precision.
  class Scope {
   public:
    explicit Scope(const MixedPrecision& precision);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Bfloat16Products own_;
    std::optional<c10::DeviceType> autocast_;  // where LibTorch's is on
  };
  Scope scope() const { return Scope(*this); }

 private:
  enum class Engine : std::uint8_t { kNone, kOwn, kAutocast };

  c10::DeviceType device_;
  Engine engine_;
  std::vector<Tensor> parameters_;  // of own products
  Bfloat16Weights weights_;
};

/// Whether several threads may compute in this precision on the CPU at the same time: not with LibTorch's
/// bfloat16 there.
bool suits_threads(Precision precision);

/// What is to be said of a precision that is slow on this device; "" where it is not.
std::string note_on(Precision precision, const torch::Device& device);

}  // namespace autoencoder
