#include "evaluation/probe.h"

#include <torch/types.h>

#include "common/random.h"
#include "evaluation/logistic_regression.h"
#include "evaluation/nearest_neighbours.h"

namespace autoencoder {
namespace {

torch::Tensor drawn_examples(const torch::Tensor& labels, const ProbeRequest& request, int64_t draw) {
  const uint64_t seed = derive_seed(request.seed, "labels", static_cast<uint64_t>(draw));
  return stratified_draw(labels, request.labels, make_generator(seed));
}

double share_right(const torch::Tensor& predicted, const torch::Tensor& truth) {
  return (predicted == truth).to(torch::kFloat64).mean().item<double>();
}

torch::Tensor confusion_of(const torch::Tensor& predicted, const ProbeLabels& labels) {
  const int64_t classes = labels.classes;
  return torch::bincount(labels.test * classes + predicted, {}, classes * classes).view({classes, classes});
}

// The position of each label among those of its class.
torch::Tensor ranks_in_class(const torch::Tensor& labels) {
  const torch::Tensor by_class = labels.argsort(/*stable=*/true);
  const torch::Tensor sizes = torch::bincount(labels);
  const torch::Tensor starts = sizes.cumsum(0) - sizes;
  const torch::Tensor ranks =
      torch::arange(labels.size(0)) - starts.index_select(0, labels.index_select(0, by_class));
  return torch::empty_like(labels).index_copy_(0, by_class, ranks);
}

}  // namespace

ProbeResult probe(const ProbeFeatures& features, const ProbeLabels& labels, const ProbeRequest& request) {
  ProbeResult result;
  result.confusion = torch::zeros({labels.classes, labels.classes}, torch::kInt64);
  for (int64_t draw = 0; draw < request.draws; ++draw) {
    const torch::Tensor drawn = drawn_examples(labels.train, request, draw);
    const torch::Tensor examples = features.train.index_select(0, drawn);
    const torch::Tensor classes = labels.train.index_select(0, drawn);
    const torch::Tensor voted =
        nearest_neighbour_classes(examples, classes, features.test, request.neighbours);
    result.nearest_neighbours.push_back(share_right(voted, labels.test));

    const LogisticRegression regression = fit_logistic_regression(examples, classes);
    const torch::Tensor predicted = regression.classify(features.test);
    result.logistic_regression.push_back(share_right(predicted, labels.test));
    result.confusion += confusion_of(predicted, labels);
    result.stopped_early += regression.converged ? 0 : 1;
  }
  return result;
}

torch::Tensor stratified_draw(const torch::Tensor& labels, int64_t count, const at::Generator& rng) {
  TORCH_CHECK(count >= 0 && count <= labels.size(0), "a draw of ", count, " from ", labels.size(0));
  const torch::Tensor order = torch::randperm(labels.size(0), rng, torch::kInt64);
  const torch::Tensor shuffled = labels.index_select(0, order);
  const torch::Tensor ranks = ranks_in_class(shuffled);
  const torch::Tensor sizes = torch::bincount(labels).index_select(0, shuffled);
  const torch::Tensor turns = ((ranks + 0.5) / sizes).masked_fill(ranks == 0, 0);
  return order.index_select(0, turns.argsort(/*stable=*/true).narrow(0, 0, count));
}

}  // namespace autoencoder
