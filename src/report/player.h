// A decoder that plays in the page.
#pragma once

#include "models/autoencoder.h"
#include "report/examples.h"
#include "report/report.h"

namespace autoencoder {

inline constexpr int64_t kMostPlayedBytes = int64_t{1} << 20;  ///< of weights in a page

/// The decoder of a model of pictures, with a slider for each number of the code that varies most among these
/// examples; no blocks where its weights are more than kMostPlayedBytes, or the page does not know its
/// operators. The model must be in evaluation mode.
report::Section player_section(Autoencoder& model, const MeasuredExamples& measured);

}  // namespace autoencoder
