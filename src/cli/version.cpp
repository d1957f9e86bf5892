#include "cli/version.h"

#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/version.h>

#include "common/text.h"
#include "common/version.h"
#include "models/kernels/blas.h"
#include "pictures/pictures.h"

namespace autoencoder {
namespace {

std::string cuda_text() {
  if (at::hasCUDA()) {
    return counted(torch::cuda::device_count(), "GPU");
  }
  return at::globalContext().hasCUDART()
             ? "none that can be used: a LibTorch for CUDA, but no GPU or no driver"
             : "none: a LibTorch for the CPU";
}

std::string blas_text() {
  const bool is_one_for_both = blas() == Blas::kOneDnn && has_bfloat16_products();
  return blas_name() + (is_one_for_both ? ", with instructions for bf16" : "");
}

}  // namespace

std::string version_text() {
  return fmt::format("autoencoder {}\nLibTorch    {}\nBLAS        {}\nOpenCV      {}\nCUDA        {}",
                     program_version(), TORCH_VERSION, blas_text(), opencv_version(), cuda_text());
}

}  // namespace autoencoder
