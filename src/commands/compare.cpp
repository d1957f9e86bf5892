// autoencoder compare RUN RUN ...: runs side by side, in figures and on the same images.

#include <array>
#include <limits>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/contestants.h"
#include "commands/run_pictures.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

struct CompareOptions : RunDataOptions {
  bool with_pca = false;
  int64_t count = 10;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Comparison");
    visitor.option("with-pca", with_pca,
                   "also principal component analysis, with as many components as the first run's code has");
    visitor.option("count", count, "how many images to draw through each model", between(1, kMostPictures));
    visitor.option("out", out, "the PNG to write; the default is compare.png in the first run");
    visitor.option("json", json, "print JSON");
  }
};

void print_row(const std::vector<std::string>& cells) {
  static constexpr std::array kWidths = {-28, 11, 6, 9, 7, 8, 9, 10};  // negative: to the left
  std::string line;
  for (size_t i = 0; i < kWidths.size(); ++i) {
    line += kWidths[i] < 0 ? fmt::format("{:<{}}", cells[i], -kWidths[i])
                           : fmt::format(" {:>{}}", cells[i], kWidths[i]);
  }
  fmt::print("{}\n", line);
}

void print_figures(const Contest& contest, const std::vector<ContestFigures>& rows) {
  print_row(contest_header(contest));
  for (const std::vector<std::string>& cells : figures_text(rows)) {
    print_row(cells);
  }
}

void draw_contestants(const std::filesystem::path& path, const std::vector<Contestant>& contestants,
                      const torch::Tensor& images, const std::string& title) {
  std::vector<GridPart> rows = {{"original", to_unit_range(images)}};
  for (const Contestant& contestant : contestants) {
    rows.push_back({contestant.name, reconstruct(*contestant.model, images, Corruption()).reconstructions});
  }
  write_grid(path, rows, {.layout = GridLayout::kRows, .columns = images.size(0), .zoom = 0, .title = title});
}

int run_compare(const Arguments& arguments) {
  const auto options = options_from<CompareOptions>(arguments);
  Contest contest = open_contest(arguments.words, options);
  if (options.with_pca) {
    add_pca(contest);
  }
  const std::vector<ContestFigures> rows = measure(contest);
  const RunData& test = contest.test;
  if (options.json) {
    answer_in_json(figures_json(rows));
  } else {
    fmt::print("{}\n", test.text);
    print_figures(contest, rows);
  }
  if (pictures_available() && !test.examples.shape().is_vector()) {
    const std::filesystem::path out = contest.first.output_path(options.out, "compare.png");
    draw_contestants(out, contest.contestants, first_images(test.examples, options.count), test.text);
    if (!options.json) {
      fmt::print("\n{}: the same images through every model\n", out.string());
    }
  }
  return 0;
}

}  // namespace

Command compare_command() {
  return {.name = "compare",
          .summary = "runs side by side, in figures and on the same images",
          .synopsis = "RUN RUN ...",
          .min_words = 1,
          .max_words = std::numeric_limits<size_t>::max(),
          .examples = {"autoencoder compare runs/dense-mnist-1 runs/conv-mnist-1 --with-pca"},
          .options = specs_of<CompareOptions>,
          .run = run_compare};
}

}  // namespace autoencoder
