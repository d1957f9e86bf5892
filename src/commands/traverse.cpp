// autoencoder traverse RUN: what each dimension of the code does.

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/code_walk.h"
#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "evaluation/code_distribution.h"
#include "pictures/grid.h"

namespace autoencoder {
namespace {

struct TraverseOptions : RunDataOptions {
  int64_t index = 0;
  std::vector<int64_t> dimensions;
  int64_t count = 10;
  int64_t steps = 9;
  double range = 3;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Picture");
    visitor.option("index", index, "the example of the split to start from, from 0",
                   between(0, kMostExamples));
    visitor.option("dimensions", dimensions, "dimensions of the code to change, from 0",
                   between(0, kMostUnits));
    visitor.option("count", count, "without --dimensions: so many, those in which codes vary most",
                   between(1, kMostUnits));
    visitor.option("steps", steps, "pictures in a row", between(2, kMostInARow));
    visitor.option("range", range,
                   "how far to go to both sides of the mean, in standard deviations of the codes",
                   more_than(0, 1000));
    visitor.option("out", out, "the PNG to write; the default is RUN/traverse.png");
    visitor.option("json", json, "print JSON");
  }
};

std::vector<int64_t> chosen_dimensions(const TraverseOptions& options, const torch::Tensor& deviation) {
  const int64_t available = deviation.size(0);
  if (!options.dimensions.empty()) {
    check_positions("dimensions", options.dimensions, available, "the code");
    return options.dimensions;
  }
  const torch::Tensor order =
      deviation.argsort(/*dim=*/0, /*descending=*/true).narrow(0, 0, std::min(options.count, available));
  return {order.const_data_ptr<int64_t>(), order.const_data_ptr<int64_t>() + order.numel()};
}

int run_traverse(const Arguments& arguments) {
  const auto options = options_from<TraverseOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  check_positions("index", {options.index}, data.examples.size(), "the split");
  const torch::Tensor codes = encode_all(opened.model(), data.examples);
  const torch::Tensor mean = codes.mean(0);
  const torch::Tensor deviation = codes.std(0, /*unbiased=*/false);
  std::vector<GridPart> rows;
  Json walks = Json::array();
  for (const int64_t dimension : chosen_dimensions(options, deviation)) {
    const double middle = mean[dimension].item<double>();
    const double reach = options.range * deviation[dimension].item<double>();
    walks.push_back({{"dimension", dimension}, {"from", middle - reach}, {"to", middle + reach}});
    rows.push_back({fmt::format("dimension {}", dimension),
                    decoded(opened.model(), walk_along(codes[options.index], dimension, middle - reach,
                                                       middle + reach, options.steps))});
  }
  const std::filesystem::path out = opened.output_path(options.out, "traverse.png");
  write_grid(out, rows,
             {.layout = GridLayout::kRows,
              .columns = options.steps,
              .zoom = 0,
              .title = fmt::format("{}, code of example {}, one dimension at a time from -{:g} to {:g} s.d.",
                                   opened.directory.name(), options.index, options.range, options.range)});
  if (options.json) {
    answer_in_json({{"out", out.string()}, {"index", options.index}, {"walks", walks}});
    return 0;
  }
  fmt::print("{}: {} dimensions of {}, example {} of the {}\n", out.string(), rows.size(), codes.size(1),
             options.index, data.text);
  return 0;
}

}  // namespace

Command traverse_command() {
  return {.name = "traverse",
          .summary = "what each dimension of the code does to a picture",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder traverse runs/vae-mnist-1 --index 7",
                       "autoencoder traverse runs/vae-mnist-1 --dimensions 0,3,5 --range 2"},
          .options = specs_of<TraverseOptions>,
          .run = run_traverse};
}

}  // namespace autoencoder
