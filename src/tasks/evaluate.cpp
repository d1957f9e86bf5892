#include "tasks/evaluate.h"

#include <fmt/format.h>

#include "common/random.h"

namespace autoencoder {

void EvaluateRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Figures");
  visitor.option("corruption", corruption,
                 fmt::format("noise on the input: {}; the default is the run's", kCorruptions));
  visitor.option("nll-samples", nll_samples,
                 "importance samples to estimate log p(x) with, of a variational model; 0: none",
                 between(0, 1'000'000));
  visitor.group("Output");
  visitor.option("seed", seed, "seed of the codes that the bound of a variational model samples");
}

Json EvaluateResult::to_json() const {
  Json json = {{"images", evaluation.images}};
  for (const Metric& metric : metrics_of(evaluation)) {
    json[metric.name] = metric.value;
  }
  for (const Listing& listing : listings) {
    json[listing.name] = listing.numbers;
  }
  return json;
}

EvaluateResult evaluate_run(const EvaluateRequest& request) {
  const auto [run, data] = open_with_data(request);
  const Evaluation evaluation = evaluate(run.model(), data.examples,
                                         {.seed = derive_seed(static_cast<uint64_t>(request.seed), "bound"),
                                          .corruption = run.corruption(request.corruption),
                                          .binarize = run.config.at("binarize").get<bool>(),
                                          .nll_samples = request.nll_samples});
  Illustrated* illustrated = run.model().illustrated();
  return {run.directory.path().string(), data.text, evaluation,
          illustrated != nullptr ? illustrated->listings() : std::vector<Listing>()};
}

}  // namespace autoencoder
