// What is done to examples before a model sees them: noise to remove (Vincent et al. 2008), defects to
// repair, and binary images drawn afresh each time.
#pragma once

#include <string>

#include <ATen/core/Generator.h>

#include "common/error.h"
#include "common/options.h"
#include "data/batch.h"
#include "data/row_layout.h"

namespace autoencoder {

/// Noise by name and strength: "none", "gaussian:S" (standard deviation S; "gaussian:S..T": of each example
/// another one between them, any factor as likely as any other), "salt-pepper:P" (a share P of
/// pixels becomes 0 or 1), "masking:P" (a share P becomes 0), "speckle:S" (each pixel times 1 + S n, n
/// standard normal), "holes:P" (a share P of the cells of tables' rows becomes holes), "defects:N" (N made-up
/// defects a picture on average, see data/defects.h; "defects" is defects:2).
class Corruption {
 public:
  Corruption() = default;

  /// Throws Error on another name, and on a strength that is none.
  explicit Corruption(const std::string& text);

  bool is_none() const { return kind_ == Kind::kNone; }
  bool makes_holes() const { return kind_ == Kind::kHoles; }

  /// The same for rows of that layout: a hole takes all entries of its column. Gaussian noise of what are no
  /// images is in units of `spread` (of one example's shape), where that is defined.
  Corruption of(const RowLayout& layout, const torch::Tensor& spread) const;
  std::string text() const;

  /// images: N x C x H x W, in [0, 1] and then cut to [0, 1] again; vectors (N x 1 x 1 x D) have any range.
  /// `rng` is on their device. Throws Error on vectors that are to have defects.
  torch::Tensor apply(const torch::Tensor& images, const at::Generator& rng) const;

 private:
  enum class Kind { kNone, kGaussian, kSaltPepper, kMasking, kSpeckle, kHoles, kDefects };

  static Choices<Kind> kinds();
  bool takes_share() const {
    return kind_ == Kind::kSaltPepper || kind_ == Kind::kMasking || kind_ == Kind::kHoles;
  }
  double largest_strength() const;
  double parse_strength(const std::string& word) const;
  Error no_strength(const std::string& word) const;
  torch::Tensor gaussian_noise(const torch::Tensor& images, const at::Generator& rng) const;
  torch::Tensor with_noise(const torch::Tensor& images, const at::Generator& rng) const;
  torch::Tensor with_holes(const torch::Tensor& rows, const at::Generator& rng) const;

  Kind kind_ = Kind::kNone;
  double strength_ = 0;
  double largest_ = 0;               // of a range that begins with strength_; else the same
  int64_t columns_ = 0;              // of a row, where they are known
  torch::Tensor column_of_entries_;  // W, int64, likewise
  torch::Tensor spread_;             // of a row's entries, where it is known
};

/// What a corruption may be, for the help of options.
inline constexpr const char* kCorruptions =
    "none, gaussian:S[..T], salt-pepper:P, masking:P, speckle:S, holes:P or defects[:N]";

struct InputOptions : Options {
  std::string corruption = "none";
  bool binarize = false;

  void visit(OptionVisitor& visitor) override;
};

/// The batch as a model is to see it. Each pixel of a binarised one is 1 with its intensity as probability
/// (Salakhutdinov & Murray 2008), in input and target; the corruption is in the input alone.
Batch seen_by_model(const Batch& batch, const Corruption& corruption, bool binarize,
                    const at::Generator& rng);

}  // namespace autoencoder
