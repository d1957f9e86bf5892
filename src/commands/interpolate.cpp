// autoencoder interpolate RUN: pictures on the way from one example to another.

#include <algorithm>

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

struct InterpolateOptions : RunDataOptions {
  std::vector<int64_t> indices = {0, 1, 2, 3, 4, 5};
  int64_t steps = 10;
  std::string path = "linear";
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Picture");
    visitor.option("indices", indices, "examples of the split, from 0: a row from each to the next",
                   between(0, kMostExamples));
    visitor.option("steps", steps, "pictures in a row, both ends included", between(2, kMostInARow));
    visitor.option("path", path, "linear, or spherical: along a great circle, for normal codes",
                   one_of({"linear", "spherical"}));
    visitor.option("out", out, "the PNG to write; the default is RUN/interpolate.png");
    visitor.option("json", json, "print JSON");
  }
};

void check_indices(const std::vector<int64_t>& indices, int64_t available) {
  if (indices.size() < 2) {
    throw Error("indices names one example; give two or more, such as 3,17");
  }
  check_positions("indices", indices, available, "the split");
}

int run_interpolate(const Arguments& arguments) {
  const auto options = options_from<InterpolateOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  check_indices(options.indices, data.examples.size());
  const torch::Tensor chosen = data.examples.images.index_select(0, torch::tensor(options.indices));
  const torch::Tensor codes = encode_all(opened.model(), {chosen, {}, {}});
  const auto walk = options.path == "spherical" ? spherical_walk : straight_walk;
  std::vector<GridPart> rows;
  for (int64_t i = 0; i + 1 < codes.size(0); ++i) {
    rows.push_back({fmt::format("{} to {}", options.indices[static_cast<size_t>(i)],
                                options.indices[static_cast<size_t>(i) + 1]),
                    decoded(opened.model(), walk(codes[i], codes[i + 1], options.steps))});
  }
  const std::filesystem::path out = opened.output_path(options.out, "interpolate.png");
  write_grid(out, rows,
             {.layout = GridLayout::kRows,
              .columns = options.steps,
              .zoom = 0,
              .title = fmt::format("{}, {} interpolation of codes", opened.directory.name(), options.path)});
  if (options.json) {
    const Json json = {{"out", out.string()},
                       {"indices", options.indices},
                       {"steps", options.steps},
                       {"path", options.path}};
    answer_in_json(json);
    return 0;
  }
  fmt::print("{}: {} {} walks of {} pictures, {}\n", out.string(), rows.size(), options.path, options.steps,
             data.text);
  return 0;
}

}  // namespace

Command interpolate_command() {
  return {.name = "interpolate",
          .summary = "pictures on the way from one example to another",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder interpolate runs/vae-mnist-1 --indices 3,17,42",
                       "autoencoder interpolate runs/vae-mnist-1 --indices 3,17 --path spherical --steps 16"},
          .options = specs_of<InterpolateOptions>,
          .run = run_interpolate};
}

}  // namespace autoencoder
