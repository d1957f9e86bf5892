// dump_npy FOLDER: reads every NAME.npy of FOLDER and writes what it read as NAME.out.npy, in the nearest
// type that the program writes. npy_test.py compares.

#include <cstdio>
#include <filesystem>
#include <vector>

#include <torch/torch.h>

#include "data/formats/npy.h"

namespace autoencoder::testing {
namespace {

namespace fs = std::filesystem;

torch::Tensor writable(const torch::Tensor& array) {
  if (array.scalar_type() == torch::kUInt8) {
    return array;
  }
  return array.to(array.is_floating_point() ? torch::kFloat32 : torch::kInt64);
}

void copy_all(const fs::path& folder) {
  const std::vector<fs::directory_entry> files(fs::directory_iterator(folder), {});
  for (const fs::path& path : files) {
    write_npy(fs::path(path).replace_extension(".out.npy"), writable(read_npy(path)));
  }
}

}  // namespace
}  // namespace autoencoder::testing

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: dump_npy FOLDER\n");
    return 2;
  }
  autoencoder::testing::copy_all(arguments[1]);
  return 0;
}
