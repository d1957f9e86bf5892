// autoencoder manifold RUN: what a code of two numbers stands for, everywhere.

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/code_walk.h"
#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "evaluation/code_distribution.h"
#include "pictures/grid.h"

namespace autoencoder {
namespace {

struct ManifoldOptions : RunDataOptions {
  int64_t size = 20;
  double cover = 0.95;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Picture");
    visitor.option("size", size, "pictures in a row and in a column", between(2, 1000));
    visitor.option("cover", cover, "share of the codes that lie within, in each of the two numbers",
                   fraction());
    visitor.option("out", out, "the PNG to write; the default is RUN/manifold.png");
    visitor.option("json", json, "print JSON");
  }
};

int run_manifold(const Arguments& arguments) {
  const auto options = options_from<ManifoldOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  if (opened.model().latent_dim() != 2) {
    throw Error(
        fmt::format("{}: its codes have {} numbers, and a plane is drawn of two; train with --latent-dim "
                    "2, or see 'autoencoder traverse'",
                    opened.directory.path().string(), opened.model().latent_dim()));
  }
  const RunData data = open_run_data(opened, options);
  const torch::Tensor codes = encode_all(opened.model(), data.examples);
  const torch::Tensor edges =
      codes.quantile(torch::tensor({(1 - options.cover) / 2, (1 + options.cover) / 2}, torch::kFloat32), 0);
  const torch::Tensor images = decoded(opened.model(), lattice(edges[0], edges[1], options.size));
  const std::filesystem::path out = opened.output_path(options.out, "manifold.png");
  const auto edge = [&](int64_t end, int64_t axis) { return edges[end][axis].item<double>(); };
  write_grid(
      out, {{"", images}},
      {.layout = GridLayout::kRows,
       .columns = options.size,
       .zoom = 0,
       .title = fmt::format("{}: first number {:.2f} to {:.2f} across, second {:.2f} to {:.2f} upwards",
                            opened.directory.name(), edge(0, 0), edge(1, 0), edge(0, 1), edge(1, 1))});
  if (options.json) {
    const Json json = {{"out", out.string()},
                       {"size", options.size},
                       {"first", {edge(0, 0), edge(1, 0)}},
                       {"second", {edge(0, 1), edge(1, 1)}}};
    answer_in_json(json);
    return 0;
  }
  fmt::print("{}: {} x {} pictures between the codes of the {}\n", out.string(), options.size, options.size,
             data.text);
  return 0;
}

}  // namespace

Command manifold_command() {
  return {.name = "manifold",
          .summary = "the pictures that a code of two numbers stands for, on a lattice",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder manifold runs/vae-mnist-1 --size 30"},
          .options = specs_of<ManifoldOptions>,
          .run = run_manifold};
}

}  // namespace autoencoder
