// Series that are made up, with anomalies that are known.
#pragma once

#include <string>
#include <vector>

#include "data/formats/generated.h"

namespace autoencoder {

/// "daily", "ecg".
const std::vector<std::string>& generated_series_names();

bool is_generated_series(const std::string& name);

/// Steps of one of these, N x 1 x 1 x D float32, in the order of time: training steps without anomalies, test
/// steps with some, each labelled 0 or 1. `points` is the number of steps of each part. The same options give
/// the same series.
///
/// daily: one column, a step each five minutes, 4,032 steps of fourteen days: 20 at night, 80 by day,
/// noise 1.
///   In the test part it jumps up for an hour or three on two days, and stays down one morning. As NAB's
///   art_daily_small_noise and art_daily_jumpsup (Lavin & Ahmad 2015), which Keras' example of anomalies in a
///   series learns from.
/// ecg: two leads, a hundred steps a second, 8,000 steps: beats as sums of Gaussian waves (McSharry et al.
///   2003), whose distances vary by a twentieth, noise 0.02. In the test part four beats come early and wide,
///   without a P wave, and one is missing.
DataSource generate_series(const std::string& name, const GeneratedOptions& options);

}  // namespace autoencoder
