#include "tasks/compare.h"

#include <torch/types.h>

#include "pictures/grid.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

void draw_compared(const std::filesystem::path& path, const ComparedRuns& compared, int64_t count) {
  const torch::Tensor images = first_images(compared.test.examples, count);
  std::vector<GridPart> rows;
  for (const Panel& panel : compared_reconstructions(compared, images)) {
    rows.push_back({panel.caption, panel.images});
  }
  write_grid(
      path, rows,
      {.layout = GridLayout::kRows, .columns = images.size(0), .zoom = 0, .title = compared.test.text});
}

}  // namespace

void CompareRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Comparison");
  visitor.option("with-pca", with_pca,
                 "also principal component analysis, with as many components as the first run's code has");
  visitor.option("count", count, "how many images to draw through each model", between(1, kMostPictures));
  visitor.option("out", out, "the PNG to write; the default is compare.png in the first run");
}

Json CompareResult::to_json() const { return metrics_json(rows); }

CompareResult compare_runs(const CompareRequest& request, Progress& progress) {
  ComparedRuns compared = open_compared_runs(request, request.others);
  if (request.with_pca) {
    add_pca(compared);
  }
  const ImageShape shape = compared.test.examples.shape();
  CompareResult result = {compared.test.text, shape.noun(), measure(compared, progress), std::nullopt};
  if (pictures_available() && shape.is_image()) {
    result.picture = compared.first.output_path(request.out, "compare.png");
    draw_compared(*result.picture, compared, request.count);
  }
  return result;
}

}  // namespace autoencoder
