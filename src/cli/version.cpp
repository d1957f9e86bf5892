#include "cli/version.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/text.h"
#include "common/version.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

std::string cuda_text() {
  if (!at::hasCUDA()) {
    return "none that can be used (a LibTorch for the CPU, or no driver)";
  }
  const auto gpus = torch::cuda::device_count();
  return counted(gpus, "GPU");
}

}  // namespace

std::string version_text() {
  return fmt::format("autoencoder {}\nLibTorch    {}\nOpenCV      {}\nCUDA        {}", program_version(),
                     TORCH_VERSION, opencv_version(), cuda_text());
}

}  // namespace autoencoder
