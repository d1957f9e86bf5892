#include "data/npy_source.h"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include "common/error.h"
#include "data/npy.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

std::string npy_text(const torch::Tensor& array) { return array_text(array.sizes(), array.scalar_type()); }

// "[3, 0, 7]" of the element that is the `position`th in C order.
std::string element_text(const torch::Tensor& array, int64_t position) {
  std::vector<int64_t> index(array.dim());
  for (int64_t dimension = array.dim() - 1; dimension >= 0; --dimension) {
    index[dimension] = position % array.size(dimension);
    position /= array.size(dimension);
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

// Throws Error about the first element that is not as it should be.
void check_elements(const fs::path& path, const torch::Tensor& values, const torch::Tensor& are_good,
                    const char* remedy) {
  if (are_good.all().item<bool>()) {
    return;
  }
  const auto position = are_good.logical_not().flatten().to(torch::kUInt8).argmax().item<int64_t>();
  throw Error(fmt::format("{}: {} is {:g}; {}", path.string(), element_text(values, position),
                          values.flatten()[position].item<double>(), remedy));
}

torch::Tensor npy_vectors(const fs::path& path, const torch::Tensor& array) {
  torch::Tensor values = array.to(torch::kFloat32);
  check_elements(path, array, values.isfinite(), "every number must be finite as float32; replace it");
  return values.view({values.size(0), 1, 1, values.size(1)});
}

torch::Tensor npy_images(const fs::path& path, const torch::Tensor& array) {
  torch::Tensor images = array.dim() == 3 ? array.unsqueeze(1) : array;
  if (array.scalar_type() == torch::kUInt8) {
    return images;
  }
  torch::Tensor values = images.to(torch::kFloat32);
  check_elements(path, array, torch::logical_and(array >= 0, array <= 1),
                 "images are uint8, or numbers from 0 to 1; scale them, or flatten them to N x D");
  return values;
}

torch::Tensor npy_examples(const fs::path& path) {
  const torch::Tensor array = read_npy(path);
  if (array.dim() < 2 || array.dim() > 4) {
    throw Error(
        fmt::format("{}: {} dimension{} ({}); vectors are N x D, images N x H x W or N x C x H x W, reshape "
                    "it",
                    path.string(), array.dim(), array.dim() == 1 ? "" : "s", npy_text(array)));
  }
  if (array.numel() == 0) {
    throw Error(fmt::format("{}: {}, so there is nothing to learn from; get another file", path.string(),
                            npy_text(array)));
  }
  return array.dim() == 2 ? npy_vectors(path, array) : npy_images(path, array);
}

torch::Tensor npy_labels(const fs::path& path, int64_t examples) {
  const torch::Tensor labels = read_npy(path);
  if (labels.dim() != 1 || labels.is_floating_point()) {
    throw Error(fmt::format("{}: {}; labels are N whole numbers, save them as a 1-dimensional int64 array",
                            path.string(), npy_text(labels)));
  }
  if (labels.size(0) != examples) {
    throw Error(fmt::format("{}: {} labels for {} examples; the two files do not belong together",
                            path.string(), labels.size(0), examples));
  }
  return labels.to(torch::kInt64);
}

std::optional<fs::path> labels_beside(const fs::path& path) {
  const fs::path own = fs::path(path).replace_extension(".labels.npy");
  for (const fs::path& place : {own, path.parent_path() / "labels.npy"}) {
    if (fs::is_regular_file(place)) {
      return place;
    }
  }
  return std::nullopt;
}

}  // namespace

DataSource read_npy_source(const fs::path& path) {
  Dataset data;
  data.images = npy_examples(path);
  const auto labels = labels_beside(path);
  if (labels && !fs::equivalent(*labels, path)) {
    data.labels = npy_labels(*labels, data.size());
  }
  return {path.stem().string(), data, {}};
}

}  // namespace autoencoder
