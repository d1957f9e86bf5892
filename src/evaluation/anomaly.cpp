#include "evaluation/anomaly.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include <torch/types.h>

#include "common/random.h"
#include "data/feature_statistics.h"
#include "evaluation/code_distribution.h"
#include "evaluation/column_errors.h"
#include "evaluation/evaluate.h"
#include "evaluation/nearest_neighbours.h"
#include "models/pca.h"

namespace autoencoder {
namespace {

bool has_bound(Autoencoder& model) {
  Generative* generative = model.generative();
  return generative != nullptr && generative->has_likelihood();
}

torch::Tensor squared_error(Autoencoder& model, const torch::Tensor& input) {
  return reconstruction_errors(model, input, model.forward(input)).to(torch::kFloat64);
}

torch::Tensor relative_error(Autoencoder& model, const torch::Tensor& input) {
  const torch::Tensor error = squared_error(model, input);
  const torch::Tensor norm = input.flatten(1).to(torch::kFloat64).square().mean(1).sqrt();
  return error / norm.clamp_min(1e-6);
}

torch::Tensor squared_mahalanobis(const torch::Tensor& codes, const Normality& normality) {
  return (codes.to(torch::kCPU, torch::kFloat64) - normality.mean).mm(normality.axes).square().sum(1);
}

// N x D -> D, float64: some at a time, for as wide a copy of all would take twice their memory.
torch::Tensor mean_of_rows(const torch::Tensor& codes) {
  return mean_of([&](const auto& visit) {
    for (const torch::Tensor& some : codes.split(kExamplesInPass)) {
      visit(some);
    }
  });
}

// N x D -> D x R, float64. A single code has no spread.
torch::Tensor axes_of_spread(const torch::Tensor& codes) {
  constexpr double kLeast = 1e-10;  // of the largest variance; rounding leaves less where codes do not vary
  if (codes.size(0) == 1) {
    return torch::zeros({codes.size(1), 0}, torch::kFloat64);
  }
  const PrincipalComponents found = fit_pca(codes, std::min(codes.size(0), codes.size(1)));
  const torch::Tensor varied = (found.variances > kLeast * found.variances[0]).nonzero().squeeze(1);
  return found.axes.index_select(1, varied) / found.variances.index_select(0, varied).sqrt();
}

// Where the windows of a set lie, batch after batch; undefined of what is no window.
class PlacesInTurn {
 public:
  explicit PlacesInTurn(Windows windows) : windows_(std::move(windows)) {}

  // Of the next `count`.
  torch::Tensor take(int64_t count) {
    if (!windows_.defined()) {
      return {};
    }
    if (!places_.defined()) {
      places_ = places_of(windows_);
    }
    taken_ += count;
    return places_.narrow(0, taken_ - count, count);
  }

 private:
  Windows windows_;
  torch::Tensor places_;  // as soon as they are asked for
  int64_t taken_ = 0;
};

torch::Tensor neighbour_distances(Autoencoder& model, const Normality& normality, const torch::Tensor& input,
                                  const torch::Tensor& places) {
  const int64_t count = std::min(kNormalNeighbours, normality.codes.size(0));
  return nearest_neighbours(normality.codes, model.encode(input).cpu(), count,
                            {normality.places, places, model.input_shape().width})
      .distances.mean(1);
}

torch::Tensor minus_bound(Autoencoder& model, const torch::Tensor& input, const at::Generator& rng) {
  const EvidenceBound bound = model.generative()->evidence_bound(input, rng);
  return (bound.reconstruction + bound.kl_divergence).to(torch::kFloat64);
}

}  // namespace

std::vector<AnomalyScore> anomaly_scores_of(Autoencoder& model) {
  std::vector<AnomalyScore> scores = {
      {"relative-error", "squared error of the reconstruction by the norm of the example"},
      {"error", "mean squared error of the reconstruction"},
      {"neighbours", "distance of the code to its nearest normal ones"},
      {"mahalanobis", "distance of the code from the mean normal one, by their covariance"}};
  const AnomalyScore joint = {
      kJoint, "distance of the example and of what its reconstruction changes to the nearest normal ones"};
  if (!model.row_layout().empty()) {
    scores = {joint, scores[2], scores[1], scores[3]};
  } else if (!model.input_shape().is_image()) {
    scores = {joint, scores[2], scores[1], scores[0], scores[3]};
  } else {
    const AnomalyScore by_map = {"map", "what is pooled of the map of differences from the reconstruction"};
    scores.insert(are_detailed(model.input_shape()) ? scores.begin() : scores.end(), by_map);
  }
  if (has_bound(model)) {
    scores.push_back({"elbo", "minus the evidence lower bound, nats"});
  }
  return scores;
}

std::vector<std::string> anomaly_score_names(Autoencoder& model) {
  std::vector<std::string> names;
  for (const AnomalyScore& score : anomaly_scores_of(model)) {
    names.push_back(score.name);
  }
  return names;
}

Normality learn_normality(Autoencoder& model, const Dataset& normal, const at::Generator& rng) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor codes = encode_all(model, normal);
  const torch::Tensor chosen = random_positions(codes.size(0), kMostNormalCodes, rng);
  const torch::Tensor spread =
      codes.size(1) <= kMostDirections
          ? codes
          : codes.index_select(0, random_positions(codes.size(0), kMostDirections, rng));
  return {codes.index_select(0, chosen), mean_of_rows(codes), axes_of_spread(spread),
          model.input_shape().is_image() ? JointSpace() : learn_joint_space(model, normal, rng),
          places_apart(normal.windows.chosen(chosen))};
}

torch::Tensor axes_of_precision(const torch::Tensor& precision) {
  const auto [squares, vectors] = torch::linalg_eigh(precision);
  return vectors * squares.clamp_min(0).sqrt();
}

torch::Tensor score_anomalies(Autoencoder& model, const Dataset& data, const std::string& score,
                              const Normality& normality, uint64_t seed, const AnomalyMap& map) {
  const at::Generator rng = make_generator(seed, model.parameters().front().device());
  PlacesInTurn places(data.windows);
  const std::map<std::string, std::function<torch::Tensor(const torch::Tensor&)>> ways = {
      {"relative-error", [&](const torch::Tensor& input) { return relative_error(model, input); }},
      {"error", [&](const torch::Tensor& input) { return squared_error(model, input); }},
      {"map",
       [&](const torch::Tensor& input) { return map.pooling.apply(map.of(input, model.forward(input))); }},
      {kJoint,
       [&](const torch::Tensor& input) {
         return joint_distances(model, normality.joint, input, places.take(input.size(0)));
       }},
      {"neighbours",
       [&](const torch::Tensor& input) {
         return neighbour_distances(model, normality, input, places.take(input.size(0)));
       }},
      {"mahalanobis",
       [&](const torch::Tensor& input) {
         return squared_mahalanobis(model.encode(input), normality).sqrt();
       }},
      {"elbo", [&](const torch::Tensor& input) { return minus_bound(model, input, rng); }}};
  return for_all_examples(model, data, ways.at(score));
}

AnomalyMap measured_by(Autoencoder& model, const Dataset& normal, AnomalyMap map) {
  if (map.measure == MapMeasure::kNone) {
    return map;
  }
  torch::Tensor sum;
  for_each_batch(model, normal, [&](const Batch& batch) {
    const torch::Tensor differences = map.difference(batch.input, model.forward(batch.input));
    const torch::Tensor some = differences.to(torch::kFloat64).sum(0, /*keepdim=*/true);
    sum = sum.defined() ? sum + some : some;
  });
  map.usual = usual_differences(sum / normal.size()).cpu();
  return map;
}

double threshold_for(const torch::Tensor& scores, double contamination) {
  return scores.quantile(1 - contamination).item<double>();
}

void for_each_map(Autoencoder& model, const Dataset& data, const AnomalyMap& map,
                  const std::function<void(const MappedPictures&)>& visit) {
  int64_t first = 0;
  for_each_batch(model, data, [&](const Batch& batch) {
    visit({first, batch.input.cpu(), map.of(batch.input, model.forward(batch.input)).cpu()});
    first += batch.input.size(0);
  });
}

}  // namespace autoencoder
