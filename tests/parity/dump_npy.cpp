#include <vector>

#include <torch/types.h>

#include "data/formats/npy.h"
#include "tests/parity/dump.h"

namespace autoencoder::testing {
namespace {

namespace fs = std::filesystem;

torch::Tensor writable(const torch::Tensor& array) {
  if (array.scalar_type() == torch::kUInt8) {
    return array;
  }
  return array.to(array.is_floating_point() ? torch::kFloat32 : torch::kInt64);
}

}  // namespace

void dump_npy(const fs::path& folder) {
  const std::vector<fs::directory_entry> files(fs::directory_iterator(folder), {});
  for (const fs::path& path : files) {
    write_npy(fs::path(path).replace_extension(".out.npy"), writable(read_npy(path)));
  }
}

}  // namespace autoencoder::testing
