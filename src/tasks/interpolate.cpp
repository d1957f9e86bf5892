#include "tasks/interpolate.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "evaluation/code_distribution.h"
#include "evaluation/interpolation.h"
#include "pictures/grid.h"
#include "tasks/run_pictures.h"

namespace autoencoder {
namespace {

void check_ends(const std::vector<int64_t>& indices, int64_t available) {
  if (indices.size() < 2) {
    throw Error("indices names one example; give two or more, such as 3,17");
  }
  check_positions("indices", indices, available, "the split");
}

// codes: one of each index, in their order.
std::vector<GridPart> interpolation_rows(Autoencoder& model, const torch::Tensor& codes,
                                         const InterpolateRequest& request) {
  const auto interpolation = request.path == "spherical" ? spherical_interpolation : linear_interpolation;
  std::vector<GridPart> rows;
  for (int64_t i = 0; i + 1 < codes.size(0); ++i) {
    rows.push_back({fmt::format("{} to {}", request.indices[static_cast<size_t>(i)],
                                request.indices[static_cast<size_t>(i) + 1]),
                    decoded(model, interpolation(codes[i], codes[i + 1], request.steps))});
  }
  return rows;
}

}  // namespace

void InterpolateRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Picture");
  visitor.option("indices", indices, "examples of the split, from 0: a row from each to the next",
                 between(0, kMostExamples));
  visitor.option("steps", steps, "pictures in a row, both ends included", between(2, kMostInARow));
  visitor.option("path", path, "linear, or spherical: along a great circle, for normal codes",
                 one_of({"linear", "spherical"}));
  visitor.option("out", out, "the PNG to write; the default is RUN/interpolate.png");
}

Json InterpolateResult::to_json() const {
  return {{"out", out.string()}, {"indices", indices}, {"steps", steps}, {"path", path}};
}

InterpolateResult interpolate_codes(const InterpolateRequest& request) {
  const auto [run, data] = open_with_data(request);
  check_ends(request.indices, data.examples.size());
  const torch::Tensor ends = data.examples.images.stored(torch::tensor(request.indices));
  const torch::Tensor codes = encode_all(run.model(), {ends, {}, {}});
  const std::filesystem::path out = run.output_path(request.out, "interpolate.png");
  write_grid(out, interpolation_rows(run.model(), codes, request),
             {.layout = GridLayout::kRows,
              .columns = request.steps,
              .zoom = 0,
              .title = fmt::format("{}, {} interpolation of codes", run.directory.name(), request.path)});
  return {out, data.text, request.indices, request.steps, request.path};
}

}  // namespace autoencoder
