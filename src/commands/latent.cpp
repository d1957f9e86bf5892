// autoencoder latent RUN: a map of the codes.

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/latent_map.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/row_writer.h"
#include "evaluation/code_distribution.h"
#include "evaluation/tsne.h"
#include "pictures/scatter.h"

namespace autoencoder {
namespace {

struct LatentOptions : RunDataOptions {
  std::string method = "auto";
  int64_t count = 10'000;
  double perplexity = 30;
  int64_t steps = 1000;
  int64_t seed = 0;
  std::string out;
  std::string save_points;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Map");
    visitor.option("method", method,
                   "auto (the code itself where it has two numbers, else pca), code, pca or tsne",
                   one_of({"auto", "code", "pca", "tsne"}));
    visitor.option("count", count, "most examples to draw, chosen at random; 0: all",
                   between(0, kMostExamples));
    visitor.option("perplexity", perplexity, "tsne: about how many neighbours a point minds",
                   between(2, 10'000));
    visitor.option("steps", steps, "tsne: steps of gradient descent", between(4, 1'000'000));
    visitor.option("seed", seed, "chooses the examples");
    visitor.group("Output");
    visitor.option("out", out, "the PNG to write; the default is RUN/latent.png");
    visitor.option("save-points", save_points, "also write the points, with labels, to this .npy or .csv");
    visitor.option("json", json, "print JSON");
  }
};

LatentMap map_by_tsne(const torch::Tensor& codes, const LatentOptions& options) {
  if (static_cast<double>(codes.size(0)) <= 3 * options.perplexity) {
    throw Error(fmt::format("{} examples are too few for a perplexity of {}; give less than {:.0f}",
                            codes.size(0), options.perplexity, static_cast<double>(codes.size(0)) / 3));
  }
  CountBar bar("t-SNE", options.steps);
  const TsneMap map = tsne(codes, {.perplexity = options.perplexity, .steps = options.steps},
                           [&](int64_t) { bar.advance(1); });
  return {map.points,
          fmt::format("t-SNE, divergence {:.3f} nats", map.divergence),
          {{"divergence", map.divergence}}};
}

LatentMap make_map(const torch::Tensor& codes, const LatentOptions& options) {
  if (options.method == "tsne") {
    return map_by_tsne(codes, options);
  }
  if (options.method == "auto") {
    return map_of_codes(codes);
  }
  return options.method == "code" ? map_as_it_is(codes) : map_by_pca(codes);
}

int run_latent(const Arguments& arguments) {
  const auto options = options_from<LatentOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(options.seed), "latent"));
  const Dataset some =
      chosen_examples(data.examples, random_positions(data.examples.size(), options.count, rng));
  const LatentMap map = make_map(encode_all(opened.model(), some), options);

  const std::filesystem::path out = opened.output_path(options.out, "latent.png");
  const Classes classes = some.labels.defined() ? number_classes(some.labels, some.label_names) : Classes();
  write_labelled_scatter(
      out, {map.points, classes.numbers, classes.names},
      fmt::format("{}, {} codes: {}", opened.directory.name(), with_thousands(some.size()), map.text));
  if (!options.save_points.empty()) {
    write_rows(options.save_points,
               {.rows = some.size(),
                .columns = {"x", "y"},
                .has_labels = some.labels.defined(),
                .label_names = some.label_names},
               map.points, some.labels);
  }
  if (options.json) {
    Json json = {{"out", out.string()}, {"points", some.size()}, {"method", options.method}};
    json.update(map.facts);
    answer_in_json(json);
  } else {
    fmt::print("{}: {} points of the {}; {}\n", out.string(), with_thousands(some.size()), data.text,
               map.text);
  }
  return 0;
}

}  // namespace

Command latent_command() {
  return {.name = "latent",
          .summary = "a map of the codes, coloured by label",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder latent runs/dense-mnist-1",
                       "autoencoder latent runs/vae-mnist-1 --method tsne --out tsne.png"},
          .options = specs_of<LatentOptions>,
          .run = run_latent};
}

}  // namespace autoencoder
