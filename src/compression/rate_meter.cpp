#include "compression/rate_meter.h"

#include <cmath>

#include <torch/types.h>

namespace autoencoder {

void RateMeter::add_pictures(const torch::Tensor& originals, const torch::Tensor& decoded) {
  values_ += static_cast<double>(originals.numel());
  pixels_ += static_cast<double>(originals.numel()) / static_cast<double>(originals.size(-3));
  squared_error_ += (originals.to(torch::kFloat32) - decoded).square().sum(torch::kFloat64).item<double>();
}

double RateMeter::bits_per_pixel() const { return 8 * bytes_ / pixels_; }

double RateMeter::psnr() const { return 10 * std::log10(255.0 * 255.0 * values_ / squared_error_); }

}  // namespace autoencoder
