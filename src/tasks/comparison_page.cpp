#include "tasks/comparison_page.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/text.h"
#include "pictures/pictures.h"
#include "report/losses.h"
#include "report/model_pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kComparedImages = 12;

std::vector<std::string> names_of(const ComparedRuns& compared) {
  std::vector<std::string> names;
  for (const ComparedRun& run : compared.runs) {
    names.push_back(run.name);
  }
  return names;
}

report::Curves losses_of(const ComparedRuns& compared) {
  std::vector<NamedHistory> runs;
  for (const ComparedRun& run : compared.runs) {
    runs.push_back({run.name, run.history});
  }
  return compared_losses(runs);
}

report::Bars errors_of(const std::vector<ComparisonRow>& rows) {
  report::Bars bars = {"Mean squared error of each run", "run", "mean squared error", {}, {}};
  for (const ComparisonRow& row : rows) {
    bars.names.push_back(row.name);
    bars.values.push_back(row.evaluation.mse);
  }
  return bars;
}

// The first images through every model.
report::Block images_of(const ComparedRuns& compared) {
  const torch::Tensor images = first_images(compared.test.examples, kComparedImages);
  std::vector<report::Tile> tiles;
  for (int64_t i = 0; i < images.size(0); ++i) {
    tiles.push_back({fmt::format("example {}", i), "", {}});
  }
  return gallery_of("The same images through every model", compared_reconstructions(compared, images),
                    std::move(tiles));
}

}  // namespace

report::Report comparison_report(const ComparedRuns& compared, const std::vector<ComparisonRow>& rows) {
  const report::Table metrics = {.caption = "On the " + compared.test.text,
                                 .header = comparison_header(compared.test.examples.shape().noun()),
                                 .rows = rows_text(rows)};
  report::Report report = {
      .title = join(names_of(compared), " and "),
      .subtitle = fmt::format("Measured on the {}.", compared.test.text),
      .key_metrics = {},
      .sections = {{"Figures", {metrics, errors_of(rows)}}, {"Losses", {losses_of(compared)}}}};
  if (pictures_available() && compared.test.examples.shape().is_image()) {
    report.sections.push_back({"Reconstructions", {images_of(compared)}});
  }
  return report;
}

}  // namespace autoencoder
