#include "evaluation/evaluate.h"

#include <map>
#include <string>

#include <torch/torch.h>

#include "common/random.h"
#include "data/batches.h"
#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

constexpr int64_t kBatchSize = 1000;

// Sums of figures over images, in float64.
class Sums {
 public:
  void add(const std::string& name, const torch::Tensor& per_image) {
    sums_[name] += per_image.to(torch::kFloat64).sum().item<double>();
  }
  double mean(const std::string& name, int64_t images) const {
    return sums_.at(name) / static_cast<double>(images);
  }

 private:
  std::map<std::string, double> sums_;
};

bool in_unit_range(const torch::Tensor& images) {
  const auto [low, high] = torch::aminmax(images);
  return low.item<float>() >= 0 && high.item<float>() <= 1;
}

void add_errors(Sums& sums, const torch::Tensor& original, const torch::Tensor& reconstruction) {
  sums.add("mse", mean_squared_error(original, reconstruction));
  sums.add("mae", mean_absolute_error(original, reconstruction));
  sums.add("psnr", peak_signal_to_noise_ratio(original, reconstruction));
  sums.add("ssim", structural_similarity(original, reconstruction));
}

void add_bound(Sums& sums, const EvidenceBound& bound) {
  sums.add("reconstruction", bound.reconstruction);
  sums.add("kl", bound.kl_divergence);
}

}  // namespace

void for_each_batch(Autoencoder& model, const Dataset& data, const std::function<void(const Batch&)>& visit) {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  const auto batches = sequential_batches(data, kBatchSize);
  batches->start_epoch(0);
  while (const auto batch = batches->next()) {
    const torch::Tensor input = batch->input.to(device);
    visit({input, input, batch->label});
  }
}

Evaluation evaluate(Autoencoder& model, const Dataset& data, uint64_t seed) {
  auto* generative = dynamic_cast<Generative*>(&model);
  const bool has_bound = generative != nullptr && generative->has_likelihood();
  const at::Generator rng = make_generator(seed, model.parameters().front().device());
  Sums sums;
  bool bce_applies = true;
  for_each_batch(model, data, [&](const Batch& batch) {
    const torch::Tensor reconstruction = model.forward(batch.input);
    add_errors(sums, batch.input, reconstruction);
    bce_applies = bce_applies && in_unit_range(reconstruction);
    if (bce_applies) {
      sums.add("bce", autoencoder::binary_cross_entropy(batch.input, reconstruction));
    }
    if (has_bound) {
      add_bound(sums, generative->evidence_bound(batch.input, rng));
    }
  });

  const auto mean = [&](const char* name) { return sums.mean(name, data.size()); };
  Evaluation result{data.size(), mean("mse"), mean("mae"), mean("psnr"), mean("ssim"), {}, {}, {}, {}};
  if (bce_applies) {
    result.bce = mean("bce");
  }
  if (has_bound) {
    result.reconstruction = mean("reconstruction");
    result.kl = mean("kl");
    result.elbo = -(*result.reconstruction + *result.kl);
  }
  return result;
}

}  // namespace autoencoder
