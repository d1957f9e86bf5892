// The examples of a data set, wherever they lie: in memory, in a mapped file, among those of a larger set.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <torch/types.h>

#include "common/image_shape.h"

namespace autoencoder {

/// Where examples lie, one implementation for each kind of place. All calls may run at the same time.
class ExampleStore {
 public:
  virtual ~ExampleStore() = default;

  virtual int64_t size() const = 0;
  virtual ImageShape shape() const = 0;  ///< of each
  virtual torch::Device device() const { return torch::kCPU; }
  virtual torch::ScalarType type() const = 0;  ///< of stored(): uint8 (0..255 stands for 0..1) or float32

  /// Whether reading may have to wait for a disk: training then reads ahead.
  virtual bool may_wait() const { return false; }

  /// The examples at `indices` (M, int64, on device()), in their order: M x C x H x W of type(). Throws
  /// c10::Error where there is none of that number.
  virtual torch::Tensor stored(const torch::Tensor& indices) const = 0;

  /// The same as models take them, float32.
  virtual torch::Tensor read(const torch::Tensor& indices) const;

  /// All of them, N x C x H x W of type(): memory of the store itself where it has them in one piece.
  virtual torch::Tensor all() const;

  /// Positions (N, int64, on the CPU) in the order in which the examples lie, where reading may have to wait:
  /// neighbours in it are read together.
  virtual torch::Tensor places() const;

  /// Those at `indices` (M, int64, on the CPU) as a store of their own that copies none of them; null where
  /// the store has no such view.
  virtual std::shared_ptr<const ExampleStore> view_of(const torch::Tensor& /*indices*/) const {
    return nullptr;
  }

  /// The same store on another device; null where all() is to be copied there.
  virtual std::shared_ptr<const ExampleStore> moved_to(const torch::Device& /*device*/) const {
    return nullptr;
  }
};

/// Goes through examples from first to last: calls `visit` with some of them at a time, M x C x H x W
/// float32.
using Pass = std::function<void(const std::function<void(const torch::Tensor&)>& visit)>;

inline constexpr int64_t kExamplesInPass = 4096;  ///< that a pass shows at once, at most

/// Of examples of a shape: fewer where they are large.
int64_t examples_in_pass(const ImageShape& shape);

/// Examples as values: copies share the store. What they give is what the store gives.
class Examples {
 public:
  Examples() = default;  ///< none

  /// Of one tensor, N x C x H x W: uint8, or floating point of any kind, of which float32 is given. It may
  /// lie in a mapped file: what is read is then all that is looked at, and where memory is bounded
  /// (common/memory.h) none of that stays there.
  Examples(const torch::Tensor& tensor);  // NOLINT(google-explicit-constructor): a tensor is the usual kind

  explicit Examples(std::shared_ptr<const ExampleStore> store) : store_(std::move(store)) {}

  bool defined() const { return store_ != nullptr; }
  int64_t size() const { return defined() ? store_->size() : 0; }
  ImageShape shape() const { return store_->shape(); }
  torch::Device device() const { return store_->device(); }
  torch::ScalarType type() const { return store_->type(); }
  int64_t bytes_of_each() const;  ///< of an example, as stored
  bool may_wait() const { return store_->may_wait(); }

  torch::Tensor stored(const torch::Tensor& indices) const { return store_->stored(indices); }
  torch::Tensor read(const torch::Tensor& indices) const { return store_->read(indices); }
  torch::Tensor all() const { return store_->all(); }
  torch::Tensor places() const { return store_->places(); }

  /// Those from `begin` to before `end`, as stored.
  torch::Tensor range(int64_t begin, int64_t end) const;

  /// Those at `indices` (M, int64, on the CPU), in their order: a view, or a copy of a few out of many.
  Examples chosen(const torch::Tensor& indices) const;

  /// A view of these and `others` behind them; all of one shape and type, on the CPU.
  Examples followed_by(const Examples& others) const;

  /// These where they lie on `device` already, else a copy there, in one piece.
  Examples on(const torch::Device& device) const;

  /// A pass through them, on their device.
  Pass pass() const;

 private:
  std::shared_ptr<const ExampleStore> store_;
};

/// Of a tensor that is to be taken for one in a mapped file.
Examples mapped_examples(torch::Tensor tensor);

/// Images as the models take them: N x C x H x W float32; bytes are divided by 255. The input is not changed.
torch::Tensor to_unit_range(const torch::Tensor& images);

/// The same of the examples at `indices` (int64, on the images' device); in one pass on the CPU.
torch::Tensor select_unit_range(const torch::Tensor& images, const torch::Tensor& indices);

}  // namespace autoencoder
