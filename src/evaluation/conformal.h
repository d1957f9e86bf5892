// Thresholds that keep what they promise: split conformal prediction (Vovk, Gammerman & Shafer 2005; of
// anomalies Laxhammar & Falkman 2010, Bates et al. 2023).
#pragma once

#include <cstdint>

#include <torch/types.h>

namespace autoencoder {

/// How many normal examples a promise of at most that share of false alarms takes: n with 1 / (n + 1) <=
/// false_alarms, 99 for 1 %. false_alarms: above 0, below 1.
int64_t examples_for_promise(double false_alarms);

/// A threshold that a new normal example reaches with a chance of at most `false_alarms`. It lies just above
/// the k-th smallest of the scores (N) of normal examples that nothing was learned from, k = N + 1 - floor((N
/// + 1) false_alarms): where those and the new one could have come in any order, that one is as likely to be
/// at any place among them. The chance is over both draws: over many detectors, each with its own examples,
/// and falls short of `false_alarms` by less than 1 / (N + 1). Throws Error, naming how many it takes, where
/// N is less than examples_for_promise.
double conformal_threshold(const torch::Tensor& scores, double false_alarms);

}  // namespace autoencoder
