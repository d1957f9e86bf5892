#include "tasks/manifold.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "evaluation/code_distribution.h"
#include "evaluation/interpolation.h"
#include "pictures/grid.h"
#include "tasks/run_pictures.h"

namespace autoencoder {
namespace {

void check_codes_are_planar(const OpenRun& run) {
  if (run.model().latent_dim() != 2) {
    throw Error(
        fmt::format("{}: its codes have {} numbers, and a plane is drawn of two; train with --latent-dim "
                    "2, or see 'autoencoder traverse'",
                    run.directory.path().string(), run.model().latent_dim()));
  }
}

// Between what values a share of the codes lies, in each number: the lower ones, then the upper ones, 2 x D.
torch::Tensor covering_edges(const torch::Tensor& codes, double share) {
  return codes.quantile(torch::tensor({(1 - share) / 2, (1 + share) / 2}, torch::kFloat32), 0);
}

std::string manifold_title(const std::string& run, const ManifoldResult& result) {
  const auto& [left, right] = result.first;
  const auto& [bottom, top] = result.second;
  return fmt::format("{}: first number {:.2f} to {:.2f} across, second {:.2f} to {:.2f} upwards", run, left,
                     right, bottom, top);
}

}  // namespace

void ManifoldRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Picture");
  visitor.option("size", size, "pictures in a row and in a column", between(2, 1000));
  visitor.option("cover", cover, "share of the codes that lie within, in each of the two numbers",
                 fraction());
  visitor.option("out", out, "the PNG to write; the default is RUN/manifold.png");
}

Json ManifoldResult::to_json() const {
  return {{"out", out.string()}, {"size", size}, {"first", first}, {"second", second}};
}

ManifoldResult draw_manifold(const ManifoldRequest& request) {
  const OpenRun run = open_requested(request);
  check_codes_are_planar(run);
  const DescribedData data = open_run_data(run, request);
  const torch::Tensor edges = covering_edges(encode_all(run.model(), data.examples), request.cover);
  const auto ends_of = [&](int64_t number) {
    return std::array{edges[0][number].item<double>(), edges[1][number].item<double>()};
  };
  const ManifoldResult result = {run.output_path(request.out, "manifold.png"), data.text, request.size,
                                 ends_of(0), ends_of(1)};
  write_grid(result.out, {{"", decoded(run.model(), lattice(edges[0], edges[1], request.size))}},
             {.layout = GridLayout::kRows,
              .columns = request.size,
              .zoom = 0,
              .title = manifold_title(run.directory.name(), result)});
  return result;
}

}  // namespace autoencoder
