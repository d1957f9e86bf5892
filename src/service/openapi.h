// What the service can do, for programs: an OpenAPI description (version 3.1).
#pragma once

#include "common/json.h"
#include "service/input.h"
#include "service/shelf.h"

namespace autoencoder::service {

/// Of the models that are served now, each with its own paths: the sizes of its examples and codes are in it.
Json openapi_of(const Shelf& shelf, const InputLimits& limits, bool asks_for_token);

}  // namespace autoencoder::service
