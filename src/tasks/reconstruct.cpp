#include "tasks/reconstruct.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "evaluation/column_errors.h"
#include "tasks/run_pictures.h"
#include "tasks/series_pictures.h"

namespace autoencoder {
namespace {

constexpr int64_t kUsualCount = 10;

std::vector<int64_t> reconstructed_positions(const ReconstructRequest& request, const Dataset& data) {
  const int64_t available = data.size();
  if (!request.indices.empty()) {
    check_positions("indices", request.indices, available, "the split");
    return request.indices;
  }
  if (request.count > available) {
    throw Error(fmt::format("count is {}; the split has {}", request.count, counted(available, "image")));
  }
  const int64_t count = request.count > 0 ? request.count : std::min(kUsualCount, available);
  if (data.windows.defined()) {
    return windows_apart(count, available);
  }
  std::vector<int64_t> first(static_cast<size_t>(count));
  std::iota(first.begin(), first.end(), 0);
  return first;
}

GridStyle reconstruction_style(const ReconstructRequest& request, const std::string& title) {
  return {.layout = request.layout, .columns = 0, .zoom = request.zoom, .title = title};
}

}  // namespace

void ReconstructRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Picture");
  visitor.option(
      "count", count,
      "how many images, the first of the split, or windows spread over it; 0: ten, or as many as there are",
      between(0, kMostPictures));
  visitor.option("indices", indices, "which images of the split instead, from 0", between(0, kMostExamples));
  visitor.option("out", out, "the PNG to write; the default is RUN/reconstruct.png");
  visitor.choice("layout", layout, "rows (originals above reconstructions) or pairs (side by side)",
                 {{"rows", GridLayout::kRows}, {"pairs", GridLayout::kPairs}});
  visitor.option("zoom", zoom, "screen pixels for each pixel; 0: chosen to be seen", between(0, 1000));
  visitor.option("corruption", corruption,
                 fmt::format("noise on the input: {}; the default is the run's", kCorruptions));
  precision.visit(visitor);
  visitor.option("show-code", show_code, "draw the code between original and reconstruction");
}

Json ReconstructResult::to_json() const {
  return {{"out", out.string()}, {"images", examples}, {"mse", mean_squared_error}};
}

ReconstructResult reconstruct_examples(const ReconstructRequest& request) {
  const auto [run, data] = open_with_data(request);
  const auto positions = torch::tensor(reconstructed_positions(request, data.examples));
  const MixedPrecision mixed = request.precision.of(run.model());
  const auto products = mixed.scope();
  const Reconstruction shown =
      reconstruct(run.model(), data.examples.images.stored(positions), run.corruption(request.corruption));
  const std::filesystem::path out = run.output_path(request.out, "reconstruct.png");
  const std::string title = fmt::format("{}, {}", run.directory.name(), data.text);
  if (data.examples.windows.defined()) {
    write_window_reconstructions(out, data.examples.windows.chosen(positions), shown, title);
  } else {
    write_reconstructions(out, shown, reconstruction_style(request, title),
                          request.show_code ? CodeRow::kShown : CodeRow::kAuto);
  }
  const torch::Tensor errors = reconstruction_errors(run.model(), shown.originals, shown.reconstructions);
  return {out, errors.size(0), data.examples.shape(), errors.mean().item<double>(),
          request.precision.note(run.model())};
}

}  // namespace autoencoder
