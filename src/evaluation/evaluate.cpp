#include "evaluation/evaluate.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/random.h"
#include "data/batches.h"
#include "evaluation/column_errors.h"
#include "evaluation/examples_at_once.h"
#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

// Sums of figures over images, in float64.
class Sums {
 public:
  void add(const std::string& name, const torch::Tensor& per_image) {
    sums_[name] += per_image.to(torch::kFloat64).sum().item<double>();
  }
  std::optional<double> mean(const std::string& name, int64_t images) const {
    const auto sum = sums_.find(name);
    return sum == sums_.end() ? std::nullopt : std::optional(sum->second / static_cast<double>(images));
  }

 private:
  std::map<std::string, double> sums_;
};

bool in_unit_range(const torch::Tensor& images) {
  const auto [low, high] = torch::aminmax(images);
  return low.item<float>() >= 0 && high.item<float>() <= 1;
}

void add_errors(Sums& sums, const Autoencoder& model, const torch::Tensor& original,
                const torch::Tensor& reconstruction) {
  sums.add("mse", reconstruction_errors(model, original, reconstruction));
  sums.add("mae", absolute_errors(model, original, reconstruction));
}

void add_image_errors(Sums& sums, const torch::Tensor& original, const torch::Tensor& reconstruction) {
  sums.add("psnr", peak_signal_to_noise_ratio(original, reconstruction));
  sums.add("ssim", structural_similarity(original, reconstruction));
}

// How far codes move, against how far they lie apart.
class CodeMotion {
 public:
  void add(const torch::Tensor& codes, const torch::Tensor& moved_codes) {
    const torch::Tensor exact = codes.to(torch::kFloat64);
    count_ += static_cast<double>(codes.size(0));
    sum_ = sum_ + exact.sum(0);
    squares_ += exact.square().sum().item<double>();
    distance_ += (moved_codes.to(torch::kFloat64) - exact).square().sum().item<double>();
  }

  double relative_distance() const {
    const double variance = squares_ - (sum_.square().sum() / count_).item<double>();
    return variance > 0 ? std::sqrt(distance_ / variance) : 0;
  }

 private:
  double count_ = 0;
  torch::Tensor sum_ = torch::zeros({}, torch::kFloat64);
  double squares_ = 0;
  double distance_ = 0;
};

// Of a table's row by noise in units of the model's scale.
torch::Tensor nudged(const Autoencoder& model, const torch::Tensor& input, const at::Generator& rng) {
  const torch::Tensor noise = kShift * torch::randn(input.sizes(), rng, input.options());
  const bool is_row = !model.row_layout().empty() && model.has_scaling();
  return input + (is_row ? noise * model.scaling().factor : noise);
}

std::vector<Metric> diagnose(Autoencoder& model, const Dataset& data) {
  Illustrated* illustrated = model.illustrated();
  if (illustrated == nullptr) {
    return {};
  }
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  return illustrated->diagnostics(to_unit_range(first_images(data, kDiagnosed).to(device)));
}

void add_bound(Sums& sums, const EvidenceBound& bound) {
  sums.add("reconstruction", bound.reconstruction);
  sums.add("kl", bound.kl_divergence);
}

}  // namespace

void for_each_batch(Autoencoder& model, const Dataset& data, const std::function<void(const Batch&)>& visit) {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  const torch::ScalarType type = model.parameters().front().scalar_type();
  const auto batches = sequential_batches(data, examples_at_once(data.shape()));
  batches->start_epoch(0);
  while (const auto batch = batches->next()) {
    const torch::Tensor input = batch->input.to(device, type);
    visit({input, input, batch->label});
  }
}

torch::Tensor for_all_examples(Autoencoder& model, const Dataset& data,
                               const std::function<torch::Tensor(const torch::Tensor& input)>& compute) {
  std::vector<torch::Tensor> results;
  for_each_batch(model, data, [&](const Batch& batch) { results.push_back(compute(batch.input).cpu()); });
  return torch::cat(results);
}

std::vector<Metric> metrics_of(const Evaluation& result) {
  const std::string nats = fmt::format("nats an {}", result.noun);
  const std::vector<std::tuple<const char*, const char*, std::string, std::optional<double>>> all = {
      {"mse", "mean squared error", "", result.mse},
      {"mae", "mean absolute error", "", result.mae},
      {"psnr", "peak signal-to-noise ratio", "dB", result.psnr},
      {"ssim", "structural similarity", "", result.ssim},
      {"bce", "binary cross-entropy", "nats a pixel", result.bce},
      {"elbo", "evidence lower bound", nats, result.elbo},
      {"reconstruction", "  reconstruction, -log p(x|z)", nats, result.reconstruction},
      {"kl", "  KL divergence from the prior", nats, result.kl},
      {"log_likelihood", "log p(x) by importance sampling", nats, result.log_likelihood},
      {"corrupted_mse", "mean squared error of the noisy input", "", result.corrupted_mse},
      {"corrupted_psnr", "PSNR of the noisy input", "dB", result.corrupted_psnr},
      {"code_shift", "move of the code under noise of 0.05", "s.d. of codes", result.code_shift}};
  std::vector<Metric> rows;
  for (const auto& [name, label, unit, value] : all) {
    if (value) {
      rows.push_back({name, label, *value, unit});
    }
  }
  rows.insert(rows.end(), result.diagnostics.begin(), result.diagnostics.end());
  return rows;
}

Evaluation evaluate(Autoencoder& model, const Dataset& data, const EvaluationRequest& request) {
  Generative* generative = model.generative();
  const bool has_bound = generative != nullptr && generative->has_likelihood();
  const torch::Device device = model.parameters().front().device();
  const at::Generator rng = make_generator(request.seed, device);
  const at::Generator shift_rng = make_generator(derive_seed(request.seed, "shift"), device);
  const bool are_images = model.input_shape().is_image();
  Sums sums;
  CodeMotion motion;
  bool bce_applies = are_images;
  for_each_batch(model, data, [&](const Batch& clean) {
    const Batch batch = seen_by_model(clean, request.corruption, request.binarize, rng);
    const torch::Tensor code = model.encode(batch.input);
    const torch::Tensor reconstruction = model.decode(code);
    add_errors(sums, model, batch.target, reconstruction);
    if (are_images) {
      add_image_errors(sums, batch.target, reconstruction);
    }
    bce_applies = bce_applies && in_unit_range(reconstruction);
    if (bce_applies) {
      sums.add("bce", autoencoder::binary_cross_entropy(batch.target, reconstruction));
    }
    if (are_images && !request.corruption.is_none()) {
      sums.add("corrupted_mse", mean_squared_error(batch.target, batch.input));
      sums.add("corrupted_psnr", peak_signal_to_noise_ratio(batch.target, batch.input));
    }
    if (has_bound) {
      add_bound(sums, generative->evidence_bound(batch.target, rng));
    }
    if (has_bound && request.nll_samples > 0) {
      sums.add("log_likelihood", generative->log_likelihood(batch.target, request.nll_samples, rng));
    }
    motion.add(code, model.encode(nudged(model, batch.input, shift_rng)));
  });

  Evaluation result;
  result.images = data.size();
  result.noun = model.input_shape().noun();
  const auto mean = [&](const char* name) { return sums.mean(name, data.size()); };
  result.mse = mean("mse").value_or(0);
  result.mae = mean("mae").value_or(0);
  result.psnr = mean("psnr");
  result.ssim = mean("ssim");
  result.bce = bce_applies ? mean("bce") : std::nullopt;
  result.reconstruction = mean("reconstruction");
  result.kl = mean("kl");
  if (result.reconstruction && result.kl) {
    result.elbo = -(*result.reconstruction + *result.kl);
  }
  result.log_likelihood = mean("log_likelihood");
  result.corrupted_mse = mean("corrupted_mse");
  result.corrupted_psnr = mean("corrupted_psnr");
  result.code_shift = motion.relative_distance();
  result.diagnostics = diagnose(model, data);
  return result;
}

}  // namespace autoencoder
