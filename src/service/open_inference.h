// The Open Inference Protocol, version 2, over HTTP (https://github.com/kserve/open-inference-protocol), with
// Triton's extension for binary tensors: for clients that speak it already.
#pragma once

#include <vector>

#include "service/model_routes.h"
#include "service/router.h"

namespace autoencoder::service {

/// /v2, /v2/health/live, /v2/health/ready, /v2/models/{name}, /v2/models/{name}/ready and
/// /v2/models/{name}/infer, the last three also of .../versions/1.
///
/// A model takes one tensor, "input" (N x C x H x W) or "code" (N x D), of any of the protocol's types of
/// numbers, and gives those that are asked for, FP32: of an input "reconstruction", "code" and "error", or
/// "score" alone; of a code "reconstruction".
std::vector<Route> open_inference_routes(const Workshop& workshop);

}  // namespace autoencoder::service
