// /v1/models: what is served, and what it does.
#pragma once

#include <vector>

#include "service/router.h"
#include "service/workshop.h"

namespace autoencoder::service {

/// GET /v1/models, GET /v1/models/{name}, POST /v1/models/{name}/{operation}.
std::vector<Route> model_routes(const Workshop& workshop);

/// The model's description with what it can do here.
Json card_of(const ServedModel& served);

}  // namespace autoencoder::service
