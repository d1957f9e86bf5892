// autoencoder evaluate RUN: the figures of a run's model on its test split.

#include "evaluation/evaluate.h"

#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "common/random.h"

namespace autoencoder {
namespace {

struct EvaluateOptions : RunDataOptions {
  bool json = false;
  int64_t seed = 0;
  std::string corruption;
  int64_t nll_samples = 0;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Figures");
    visitor.option("corruption", corruption, kCorruptionHelp);
    visitor.option("nll-samples", nll_samples,
                   "importance samples to estimate log p(x) with, of a variational model; 0: none",
                   between(0, 1'000'000));
    visitor.group("Output");
    visitor.option("json", json, "print JSON: mse, mae, psnr, ssim, bce, elbo, reconstruction, kl ...");
    visitor.option("seed", seed, "seed of the codes that the bound of a variational model samples");
  }
};

void print_json(const Evaluation& result, const std::vector<Listing>& listings) {
  Json json = {{"images", result.images}};
  for (const Metric& row : metrics_of(result)) {
    json[row.name] = row.value;
  }
  for (const Listing& listing : listings) {
    json[listing.name] = listing.numbers;
  }
  answer_in_json(json);
}

void print_table(const Evaluation& result, const std::vector<Listing>& listings, const std::string& title) {
  fmt::print("{}\n", title);
  for (const Metric& row : metrics_of(result)) {
    const int digits = std::abs(row.value) < 10 ? 5 : 2;
    fmt::print("  {:<36} {:>10.{}f}{}{}\n", row.label, row.value, digits, row.unit.empty() ? "" : "  ",
               row.unit);
  }
  for (const Listing& listing : listings) {
    fmt::print("  {}: {}\n", listing.name, fmt::join(listing.numbers, ", "));
  }
}

int run_evaluate(const Arguments& arguments) {
  const auto options = options_from<EvaluateOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const Evaluation result = evaluate(opened.model(), data.examples,
                                     {.seed = derive_seed(static_cast<uint64_t>(options.seed), "bound"),
                                      .corruption = opened.corruption(options.corruption),
                                      .binarize = opened.config.at("binarize").get<bool>(),
                                      .nll_samples = options.nll_samples});
  if (options.json) {
    print_json(result, opened.model().listings());
  } else {
    print_table(result, opened.model().listings(),
                fmt::format("{} on the {}", opened.directory.path().string(), data.text));
  }
  return 0;
}

}  // namespace

Command evaluate_command() {
  return {
      .name = "evaluate",
      .summary = "a run's figures on its test split: MSE, PSNR, SSIM, ELBO ...",
      .synopsis = "RUN",
      .min_words = 1,
      .max_words = 1,
      .examples = {"autoencoder evaluate runs/dense-mnist-1", "autoencoder evaluate runs/vae-mnist-1 --json",
                   "autoencoder evaluate runs/dense-mnist-1 --data fashion-mnist"},
      .options = specs_of<EvaluateOptions>,
      .run = run_evaluate};
}

}  // namespace autoencoder
