// The random numbers of a batch, given once more to parts of it: what a loss makes of an example can then be
// compared, whatever the loss draws and in whatever order.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <ATen/record_function.h>
#include <torch/types.h>

namespace autoencoder::testing {

/// While one lives, all that this thread draws is kept; after repeat() the same numbers are drawn again in
/// place of new ones. Once at a time.
class RepeatedDraws {
 public:
  RepeatedDraws() {
    current() = this;
    handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(nullptr, &after_operation)
                                             .needsOutputs(true)
                                             .scopes({at::RecordScope::FUNCTION}));
  }
  ~RepeatedDraws() {
    at::removeCallback(handle_);
    current() = nullptr;
  }
  RepeatedDraws(const RepeatedDraws&) = delete;
  RepeatedDraws& operator=(const RepeatedDraws&) = delete;

  /// From now on gives what was kept, from its beginning: of each draw the part of `count` examples from the
  /// one at `start`. Theirs is the dimension in which a draw is not as large as the one that was kept.
  void repeat(int64_t start, int64_t count) {
    is_keeping_ = false;
    start_ = start;
    count_ = count;
    next_ = 0;
  }

  int64_t kept() const { return static_cast<int64_t>(draws_.size()); }

 private:
  static RepeatedDraws*& current() {
    static thread_local RepeatedDraws* draws = nullptr;
    return draws;
  }

  static void after_operation(const at::RecordFunction& operation, at::ObserverContext* /*context*/) {
    constexpr std::array<std::string_view, 4> kDraws = {"aten::uniform_", "aten::normal_", "aten::random_",
                                                        "aten::bernoulli_"};
    if (std::ranges::find(kDraws, operation.name()) != kDraws.end()) {
      current()->take(operation.outputs().front().toTensor());
    }
  }

  void take(const torch::Tensor& drawn) {
    if (is_keeping_) {
      draws_.push_back(drawn.clone());
    } else {
      drawn.copy_(part_of(draws_.at(next_++), drawn));
    }
  }

  torch::Tensor part_of(const torch::Tensor& all, const torch::Tensor& drawn) const {
    for (int64_t dimension = 0; dimension < all.dim(); ++dimension) {
      if (all.size(dimension) != drawn.size(dimension)) {
        return all.narrow(dimension, start_, count_);
      }
    }
    return all;
  }

  at::CallbackHandle handle_ = 0;
  std::vector<torch::Tensor> draws_;
  bool is_keeping_ = true;
  int64_t start_ = 0;
  int64_t count_ = 0;
  size_t next_ = 0;
};

}  // namespace autoencoder::testing
