#include "data/formats/npy_source.h"

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/npy.h"

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

// Throws Error about the first element that is not as it should be. Looks at some rows after the other: what
// is mapped from a large file need not lie in memory all at once.
template <typename AreGood>
void check_elements(const fs::path& path, const torch::Tensor& values, AreGood are_good, const char* remedy) {
  constexpr int64_t kRows = 1 << 14;
  for (int64_t row = 0; row < values.size(0); row += kRows) {
    const torch::Tensor bad = are_good(values.slice(0, row, row + kRows)).logical_not_();
    if (bad.any().item<bool>()) {
      const auto position =
          row * values[0].numel() + bad.flatten().to(torch::kUInt8).argmax().item<int64_t>();
      throw Error(fmt::format("{}: {} is {:g}; {}", path.string(), element_text(values, position),
                              values.flatten()[position].template item<double>(), remedy));
    }
  }
}

// Numbers of a mapped file stay there, and become float32 when they are read.
Examples examples_of(const torch::Tensor& numbers) {
  const bool is_mapped = numbers.nbytes() >= kMappedBytes;
  return is_mapped ? mapped_examples(numbers)
                   : Examples(numbers.scalar_type() == torch::kUInt8 ? numbers : numbers.to(torch::kFloat32));
}

Examples npy_vectors(const fs::path& path, const torch::Tensor& array) {
  const auto are_finite = [](const torch::Tensor& rows) { return rows.to(torch::kFloat32).isfinite(); };
  check_elements(path, array, are_finite, "every number must be finite as float32; replace it");
  const bool are_bytes = array.scalar_type() == torch::kUInt8;  // numbers as others, here
  return examples_of(
      (are_bytes ? array.to(torch::kFloat32) : array).view({array.size(0), 1, 1, array.size(1)}));
}

Examples npy_images(const fs::path& path, const torch::Tensor& array) {
  torch::Tensor images = array.dim() == 3 ? array.unsqueeze(1) : array;
  if (array.scalar_type() == torch::kUInt8) {
    return examples_of(images);
  }
  const auto are_in_range = [](const torch::Tensor& rows) {
    return torch::logical_and(rows >= 0, rows <= 1);
  };
  check_elements(path, array, are_in_range,
                 "images are uint8, or numbers from 0 to 1; scale them, or flatten them to N x D");
  return examples_of(images);
}

Examples npy_examples(const fs::path& path) {
  const torch::Tensor array = read_npy(path);
  if (array.dim() < 2 || array.dim() > 4) {
    throw Error(
        fmt::format("{}: {} ({}); vectors are N x D, images N x H x W or N x C x H x W, reshape "
                    "it",
                    path.string(), counted(array.dim(), "dimension"), npy_text(array)));
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
  for (const fs::path& place : {npy_labels_path(path), path.parent_path() / "labels.npy"}) {
    if (fs::is_regular_file(place)) {
      return place;
    }
  }
  return std::nullopt;
}

}  // namespace

fs::path npy_labels_path(const fs::path& path) { return fs::path(path).replace_extension(".labels.npy"); }

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
