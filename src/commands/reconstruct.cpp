// autoencoder reconstruct RUN: originals beside their reconstructions.

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "common/text.h"
#include "evaluation/metrics.h"

namespace autoencoder {
namespace {

struct ReconstructOptions : RunDataOptions {
  int64_t count = 10;
  std::vector<int64_t> indices;
  std::string out;
  std::string layout = "rows";
  int64_t zoom = 0;
  bool show_code = false;
  std::string corruption;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Picture");
    visitor.option("count", count, "how many images: the first of the split", between(1, kMostPictures));
    visitor.option("indices", indices, "which images of the split instead, from 0",
                   between(0, kMostExamples));
    visitor.option("out", out, "the PNG to write; the default is RUN/reconstruct.png");
    visitor.option("layout", layout, "rows (originals above reconstructions) or pairs (side by side)",
                   one_of({"rows", "pairs"}));
    visitor.option("zoom", zoom, "screen pixels for each pixel; 0: chosen to be seen", between(0, 1000));
    visitor.option("corruption", corruption, kCorruptionHelp);
    visitor.option("show-code", show_code, "draw the code between original and reconstruction");
  }
};

std::vector<int64_t> chosen_indices(const ReconstructOptions& options, int64_t available) {
  if (options.indices.empty()) {
    if (options.count > available) {
      throw Error(fmt::format("count is {}; the split has {} images", options.count, available));
    }
    std::vector<int64_t> first(static_cast<size_t>(options.count));
    std::iota(first.begin(), first.end(), 0);
    return first;
  }
  check_positions("indices", options.indices, available, "the split");
  return options.indices;
}

int run_reconstruct(const Arguments& arguments) {
  const auto options = options_from<ReconstructOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const auto indices = torch::tensor(chosen_indices(options, data.examples.size()));
  const Reconstruction result = reconstruct(opened.model(), data.examples.images.index_select(0, indices),
                                            opened.corruption(options.corruption));

  const std::filesystem::path out = opened.output_path(options.out, "reconstruct.png");
  write_reconstructions(out, result,
                        {.layout = options.layout == "pairs" ? GridLayout::kPairs : GridLayout::kRows,
                         .columns = 0,
                         .zoom = options.zoom,
                         .title = fmt::format("{}, {}", opened.directory.name(), data.text)},
                        options.show_code ? CodeRow::kShown : CodeRow::kAuto);
  const torch::Tensor errors = mean_squared_error(result.originals, result.reconstructions);
  fmt::print("{}: {}, mean squared error {:.5f}\n", out.string(),
             counted(errors.size(0), data.examples.shape().noun()), errors.mean().item<double>());
  return 0;
}

}  // namespace

Command reconstruct_command() {
  return {
      .name = "reconstruct",
      .summary = "a picture of originals beside their reconstructions",
      .synopsis = "RUN",
      .min_words = 1,
      .max_words = 1,
      .examples = {"autoencoder reconstruct runs/dense-mnist-1 --count 20 --out digits.png",
                   "autoencoder reconstruct runs/conv-mnist-1 --indices 3,17,42 --layout pairs --show-code"},
      .options = specs_of<ReconstructOptions>,
      .run = run_reconstruct};
}

}  // namespace autoencoder
