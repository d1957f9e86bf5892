// The likelihood of a table's row, column by column (Nazabal et al. 2020, section 2.2): a normal distribution
// for numbers and times, a Bernoulli for yes and no, a categorical one for words, a negative binomial for
// counts. Each column's part is in nats, so that none drowns the others: what a column of numbers costs goes
// by how well it can be told at all, which is learned.
#pragma once

#include <vector>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/types.h>

#include "data/row_layout.h"

namespace autoencoder {

/// Of N x 1 x 1 x W rows, where numbers are scaled to a deviation of about 1 and all others are as the layout
/// has them.
class ColumnLikelihood : public torch::nn::Module {
 public:
  explicit ColumnLikelihood(const RowLayout& layout);

  /// What is expected of each entry, in the shape of the logits: means of numbers and times, probabilities
  /// of yes and of words, which sum to 1 over a category, means of counts.
  torch::Tensor expected(const torch::Tensor& logits) const;

  /// Entries drawn from each column's distribution, in the shape of the logits, without gradients: of words
  /// that training has seen.
  torch::Tensor draw(const torch::Tensor& logits, const at::Generator& rng) const;

  /// -log p of each column in nats, N x D; 0 where a column of `target` is a hole.
  torch::Tensor errors(const torch::Tensor& logits, const torch::Tensor& target) const;

 private:
  // Neighbouring columns of one kind, or one category.
  struct Block {
    ColumnKind kind;
    int64_t first;    // entry
    int64_t width;    // in entries
    int64_t columns;  // as many as entries, but for words and times
    int64_t learned;  // where its parameters begin, of numbers and counts
  };

  torch::Tensor drawn(const Block& block, const torch::Tensor& logits, const at::Generator& rng) const;
  torch::Tensor errors_of(const Block& block, const torch::Tensor& logits, const torch::Tensor& target) const;

  std::vector<Block> blocks_;
  torch::Tensor log_spread_;      // of each number and part of a time, in units of its scale
  torch::Tensor log_dispersion_;  // of each count: without bound the distribution is Poisson's
};

}  // namespace autoencoder
