// /v1/models: what is served, and what it does.
#pragma once

#include <vector>

#include "service/batcher.h"
#include "service/input.h"
#include "service/router.h"
#include "service/shelf.h"

namespace autoencoder::service {

/// What routes that compute work with. All outlive them.
struct Workshop {
  const Shelf& shelf;
  Batcher& batcher;
  InputLimits limits;
  std::chrono::milliseconds patience{60'000};  ///< how long an answer may take
};

/// GET /v1/models, GET /v1/models/{name}, POST /v1/models/{name}/{operation}.
std::vector<Route> model_routes(const Workshop& workshop);

/// The model's description with what it can do here.
Json card_of(const ServedModel& served);

}  // namespace autoencoder::service
