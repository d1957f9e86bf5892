#include "tasks/traverse.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "evaluation/code_distribution.h"
#include "evaluation/interpolation.h"
#include "pictures/grid.h"
#include "tasks/run_pictures.h"

namespace autoencoder {
namespace {

// Those that were asked for, or else those in which codes vary most.
std::vector<int64_t> dimensions_to_change(const TraverseRequest& request, const torch::Tensor& deviation) {
  const int64_t available = deviation.size(0);
  if (!request.dimensions.empty()) {
    check_positions("dimensions", request.dimensions, available, "the code");
    return request.dimensions;
  }
  const torch::Tensor order =
      deviation.argsort(/*dim=*/0, /*descending=*/true).narrow(0, 0, std::min(request.count, available));
  return {order.const_data_ptr<int64_t>(), order.const_data_ptr<int64_t>() + order.numel()};
}

// codes: N x D, of the whole split.
std::vector<TraversedDimension> plan_traversal(const TraverseRequest& request, const torch::Tensor& codes) {
  const torch::Tensor mean = codes.mean(0);
  const torch::Tensor deviation = codes.std(0, /*unbiased=*/false);
  std::vector<TraversedDimension> plan;
  for (const int64_t dimension : dimensions_to_change(request, deviation)) {
    const double middle = mean[dimension].item<double>();
    const double reach = request.range * deviation[dimension].item<double>();
    plan.push_back({dimension, middle - reach, middle + reach});
  }
  return plan;
}

std::vector<GridPart> traversal_rows(Autoencoder& model, const torch::Tensor& code,
                                     const std::vector<TraversedDimension>& plan, int64_t steps) {
  std::vector<GridPart> rows;
  for (const auto& [dimension, from, to] : plan) {
    rows.push_back({fmt::format("dimension {}", dimension),
                    decoded(model, traversal(code, dimension, from, to, steps))});
  }
  return rows;
}

}  // namespace

void TraverseRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Picture");
  visitor.option("index", index, "the example of the split to start from, from 0", between(0, kMostExamples));
  visitor.option("dimensions", dimensions, "dimensions of the code to change, from 0",
                 between(0, kMostUnits));
  visitor.option("count", count, "without --dimensions: so many, those in which codes vary most",
                 between(1, kMostUnits));
  visitor.option("steps", steps, "pictures in a row", between(2, kMostInARow));
  visitor.option("range", range,
                 "how far to go to both sides of the mean, in standard deviations of the codes",
                 more_than(0, 1000));
  visitor.option("out", out, "the PNG to write; the default is RUN/traverse.png");
}

Json TraverseResult::to_json() const {
  Json walks = Json::array();
  for (const auto& [dimension, from, to] : dimensions) {
    walks.push_back({{"dimension", dimension}, {"from", from}, {"to", to}});
  }
  return {{"out", out.string()}, {"index", index}, {"walks", walks}};
}

TraverseResult traverse_code(const TraverseRequest& request) {
  const auto [run, data] = open_with_data(request);
  check_positions("index", {request.index}, data.examples.size(), "the split");
  const torch::Tensor codes = encode_all(run.model(), data.examples);
  const std::vector<TraversedDimension> plan = plan_traversal(request, codes);
  const std::filesystem::path out = run.output_path(request.out, "traverse.png");
  write_grid(out, traversal_rows(run.model(), codes[request.index], plan, request.steps),
             {.layout = GridLayout::kRows,
              .columns = request.steps,
              .zoom = 0,
              .title = fmt::format("{}, code of example {}, one dimension at a time from -{:g} to {:g} s.d.",
                                   run.directory.name(), request.index, request.range, request.range)});
  return {out, data.text, request.index, codes.size(1), plan};
}

}  // namespace autoencoder
