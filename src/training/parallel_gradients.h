// A step of training on several threads: each computes the loss and the gradients of a part of the batch from
// beginning to end, in place of all waiting for each other in every operation.
#pragma once

#include <functional>
#include <vector>

#include "models/autoencoder.h"

namespace autoencoder {

/// Called by several threads at once, each with its own part and generator. Must leave oneDNN alone
/// (LibTorch's convolutions, its products in bfloat16): it shares scratch memory between threads that run the
/// same operation.
using LossOf = std::function<Loss(const Batch& batch, const Step& step)>;

/// The loss of a batch on the CPU, without gradient: the mean over its parts, one for each of LibTorch's
/// threads. The gradients of the mean take the place of the parameters'. `loss_of` must be the mean of the
/// examples' own losses (Autoencoder::is_separable). Moves step.rng on; what is drawn depends on the number
/// of threads.
Loss differentiate_in_parallel(const std::vector<Tensor>& parameters, const Batch& batch, const Step& step,
                               const LossOf& loss_of);

/// The same loss alone, without gradients.
Loss compute_in_parallel(const Batch& batch, const Step& step, const LossOf& loss_of);

}  // namespace autoencoder
