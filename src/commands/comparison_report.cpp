#include "commands/comparison_report.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/report_losses.h"
#include "commands/report_pictures.h"
#include "commands/run_pictures.h"
#include "common/text.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kComparedImages = 12;

std::vector<std::string> names_of(const Contest& contest) {
  std::vector<std::string> names;
  for (const Contestant& contestant : contest.contestants) {
    names.push_back(contestant.name);
  }
  return names;
}

report::Curves losses_of(const Contest& contest) {
  std::vector<NamedHistory> runs;
  for (const Contestant& contestant : contest.contestants) {
    runs.push_back({contestant.name, contestant.history});
  }
  return compared_losses(runs);
}

report::Bars errors_of(const std::vector<ContestFigures>& rows) {
  report::Bars bars = {"Mean squared error of each run", "run", "mean squared error", {}, {}};
  for (const ContestFigures& row : rows) {
    bars.names.push_back(row.name);
    bars.values.push_back(row.evaluation.mse);
  }
  return bars;
}

// The first images through every model.
report::Block images_of(const Contest& contest) {
  const torch::Tensor images = first_images(contest.test.examples, kComparedImages);
  std::vector<Panel> rows = {{"original", to_unit_range(images)}};
  for (const Contestant& contestant : contest.contestants) {
    rows.push_back({contestant.name, reconstruct(*contestant.model, images, Corruption()).reconstructions});
  }
  std::vector<report::Tile> tiles;
  for (int64_t i = 0; i < images.size(0); ++i) {
    tiles.push_back({fmt::format("example {}", i), "", {}});
  }
  return gallery_of("The same images through every model", rows, std::move(tiles));
}

}  // namespace

report::Report comparison_report(const Contest& contest, const std::vector<ContestFigures>& rows) {
  const report::Table figures = {.caption = "On the " + contest.test.text,
                                 .header = contest_header(contest),
                                 .rows = figures_text(rows)};
  report::Report report = {
      .title = join(names_of(contest), " and "),
      .subtitle = fmt::format("Measured on the {}.", contest.test.text),
      .key_figures = {},
      .sections = {{"Figures", {figures, errors_of(rows)}}, {"Losses", {losses_of(contest)}}}};
  if (pictures_available() && !contest.test.examples.shape().is_vector()) {
    report.sections.push_back({"Reconstructions", {images_of(contest)}});
  }
  return report;
}

}  // namespace autoencoder
