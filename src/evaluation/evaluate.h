// The figures of a model on a data set.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "data/corruption.h"
#include "data/dataset.h"
#include "models/autoencoder.h"

namespace autoencoder {

/// Means over images. Errors are those of the deterministic reconstruction decode(encode(x)), in units of the
/// data's range [0, 1]; of tables' rows in the measures of evaluation/column_errors.h.
struct Evaluation {
  int64_t images = 0;
  std::string noun = "image";  ///< what each is called
  double mse = 0;
  double mae = 0;
  std::optional<double> psnr;  ///< dB; of images, not of vectors
  std::optional<double> ssim;  ///< likewise
  std::optional<double> bce;   ///< nats a pixel; only where all reconstructions lie in [0, 1]
  // In nats an example, where the model has a likelihood: elbo = -(reconstruction + kl), one sample of each
  // code.
  std::optional<double> elbo;
  std::optional<double> reconstruction;
  std::optional<double> kl;
  std::optional<double> log_likelihood;  ///< log p(x), nats an example, from below; where it was asked for
  // Of the corrupted input, as against the clean original, where there is any.
  std::optional<double> corrupted_mse;
  std::optional<double> corrupted_psnr;
  /// How far the code moves when normal noise of kShift is added to the input, root mean square, in units of
  /// the codes' own standard deviation.
  double code_shift = 0;
  std::vector<Metric> diagnostics;  ///< what only this family measures, on up to kDiagnosed examples
};

inline constexpr double kShift = 0.05;
inline constexpr int64_t kDiagnosed = 10'000;

/// How a model is evaluated. The model sees the corrupted input, and is held to the clean one.
struct EvaluationRequest {
  uint64_t seed = 0;  ///< of noise, and of codes that the bound samples
  Corruption corruption = {};
  bool binarize = false;
  int64_t nll_samples = 0;  ///< importance samples of log p(x); 0: it is not estimated
};

/// Goes through the data in batches on the model's device and of its type, without gradients; the model must
/// be in evaluation mode.
void for_each_batch(Autoencoder& model, const Dataset& data, const std::function<void(const Batch&)>& visit);

/// What `compute` gives for each batch of input (M x ...), all batches one behind the other: N x ..., on the
/// CPU.
torch::Tensor for_all_examples(Autoencoder& model, const Dataset& data,
                               const std::function<torch::Tensor(const torch::Tensor& input)>& compute);

/// The figures that there are, in the order in which they are read, named for people and for machines.
std::vector<Metric> metrics_of(const Evaluation& result);

Evaluation evaluate(Autoencoder& model, const Dataset& data, const EvaluationRequest& request);

}  // namespace autoencoder
