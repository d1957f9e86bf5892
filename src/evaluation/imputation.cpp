#include "evaluation/imputation.h"

#include <torch/types.h>

namespace autoencoder {
namespace {

constexpr int kPasses = 20;  // through a model that does not know holes
constexpr int kDraws = 10;   // of a chain, until it has forgotten where it began

torch::Tensor with(const torch::Tensor& examples, const torch::Tensor& values) {
  return torch::where(torch::isnan(examples), values, examples);
}

}  // namespace

torch::Tensor fill_holes(Autoencoder& model, const torch::Tensor& examples) {
  const torch::NoGradGuard no_grad;
  torch::Tensor filled = with(examples, model.predict_holes(examples));
  const int passes = model.is_told_of_holes() ? 1 : kPasses;
  for (int pass = 1; pass < passes; ++pass) {
    filled = with(examples, model.forward(filled));
  }
  return filled;
}

torch::Tensor draw_holes(Autoencoder& model, const torch::Tensor& rows, const at::Generator& rng) {
  Generative* generative = model.generative();
  TORCH_CHECK(generative != nullptr, "a model without a prior draws nothing");
  torch::Tensor filled = fill_holes(model, rows);
  // A model that is told of holes says what is likely given the others alone: there is no chain.
  const int draws = model.is_told_of_holes() ? 1 : kDraws;
  for (int draw = 0; draw < draws; ++draw) {
    const torch::Tensor seen = model.is_told_of_holes() ? rows : filled;
    filled = with(rows, generative->draw_examples(generative->draw_codes(seen, rng), rng));
  }
  return filled;
}

}  // namespace autoencoder
