// autoencoder evaluate RUN: the figures of a run's model on its test split.

#include "evaluation/evaluate.h"

#include <cstdio>

#include <fmt/format.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "common/random.h"

namespace autoencoder {
namespace {

struct EvaluateOptions : RunDataOptions {
  bool json = false;
  int64_t seed = 0;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Output");
    visitor.option("json", json, "print JSON: mse, mae, psnr, ssim, bce, elbo, reconstruction, kl");
    visitor.option("seed", seed, "seed of the codes that the bound of a variational model samples");
  }
};

// A figure, the unit it is in, and what it is called.
struct Row {
  const char* key;
  const char* label;
  const char* unit;
  std::optional<double> value;
};

std::vector<Row> rows_of(const Evaluation& result) {
  return {{"mse", "mean squared error", "", result.mse},
          {"mae", "mean absolute error", "", result.mae},
          {"psnr", "peak signal-to-noise ratio", "dB", result.psnr},
          {"ssim", "structural similarity", "", result.ssim},
          {"bce", "binary cross-entropy", "nats a pixel", result.bce},
          {"elbo", "evidence lower bound", "nats an image", result.elbo},
          {"reconstruction", "  reconstruction, -log p(x|z)", "nats an image", result.reconstruction},
          {"kl", "  KL divergence from the prior", "nats an image", result.kl}};
}

void print_json(const Evaluation& result) {
  Json json = {{"images", result.images}};
  for (const Row& row : rows_of(result)) {
    if (row.value) {
      json[row.key] = *row.value;
    }
  }
  fmt::print("{}\n", json.dump(2));
}

void print_table(const Evaluation& result, const std::string& title) {
  fmt::print("{}\n", title);
  for (const Row& row : rows_of(result)) {
    if (row.value) {
      const int digits = std::abs(*row.value) < 10 ? 5 : 2;
      fmt::print("  {:<32} {:>10.{}f}  {}\n", row.label, *row.value, digits, row.unit);
    }
  }
}

int run_evaluate(const Arguments& arguments) {
  const auto options = options_from<EvaluateOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const Evaluation result =
      evaluate(opened.model(), data.examples, derive_seed(static_cast<uint64_t>(options.seed), "bound"));
  if (options.json) {
    print_json(result);
  } else {
    print_table(result, fmt::format("{} on the {}", opened.directory.path().string(), data.text));
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
