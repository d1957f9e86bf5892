// What a report shows of a model's work on a table: how well each column is reconstructed, and rows.
#pragma once

#include "report/examples.h"

namespace autoencoder {

/// Figures of each column, and some rows over their reconstructions, the worst and the best. Of a table's
/// data.
report::Section rows_section(Autoencoder& model, const MeasuredExamples& measured);

}  // namespace autoencoder
