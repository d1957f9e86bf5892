// What of series a report shows: windows as lines.
#pragma once

#include <string>
#include <vector>

#include <torch/types.h>

#include "report/examples.h"

namespace autoencoder {

/// A chart of each window at `indices`, with its reconstruction over it; of many columns those that are
/// reconstructed worst. The examples must be windows of series.
std::vector<report::Block> window_blocks(Autoencoder& model, const MeasuredExamples& measured,
                                         const torch::Tensor& indices, const std::string& caption);

/// "pump, steps 128 to 191": which window an example is.
std::string window_name(const Windows& windows, int64_t example);

}  // namespace autoencoder
