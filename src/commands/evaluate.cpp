// autoencoder evaluate RUN: the figures of a run's model on its test split.

#include "tasks/evaluate.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/answer.h"

namespace autoencoder {
namespace {

std::string synthetic_text(const SyntheticQuality& quality) {
  const auto line = [](const std::string& label, double value) {
    return fmt::format("\n  {:<36} {:>10.4f}", label, value);
  };
  std::string text = "\nmade-up rows";
  text += line("columns one by one are alike (0..1)", quality.marginals);
  text += line("correlations are alike (0..1)", quality.correlations);
  text += line("share copied from the training data", quality.copied);
  if (const auto& score = quality.classifier) {
    text += line(fmt::format("F1 of {}, learned from them", score->column), score->from_synthetic);
    text += line("  learned from real rows", score->from_real);
  }
  return text;
}

std::string text_of(const EvaluateResult& result) {
  std::string text = fmt::format("{} on the {}", result.run, result.data);
  for (const Metric& metric : metrics_of(result.evaluation)) {
    const int digits = std::abs(metric.value) < 10 ? 5 : 2;
    text += fmt::format("\n  {:<36} {:>10.{}f}{}{}", metric.label, metric.value, digits,
                        metric.unit.empty() ? "" : "  ", metric.unit);
  }
  for (const Listing& listing : result.listings) {
    text += fmt::format("\n  {}: {}", listing.name, fmt::join(listing.numbers, ", "));
  }
  if (result.synthetic) {
    text += synthetic_text(*result.synthetic);
  }
  return noted(text, result.notes);
}

int run_evaluate(const Arguments& arguments) {
  const auto request = request_from<EvaluateRequest>(arguments);
  return answer(evaluate_run(request), request.json, text_of);
}

const CommandRegistration evaluate_command(
    {.group = CommandGroup::kMeasure,
     .name = "evaluate",
     .summary = "a run's figures on its test split: MSE, PSNR, SSIM, ELBO ...",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder evaluate runs/dense-mnist-1", "autoencoder evaluate runs/vae-mnist-1 --json",
                  "autoencoder evaluate runs/dense-mnist-1 --data fashion-mnist"},
     .options = specs_of<Answered<EvaluateRequest>>,
     .run = run_evaluate});

}  // namespace
}  // namespace autoencoder
