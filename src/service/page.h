// The page: what people see of the service.
#pragma once

#include <vector>

#include "service/router.h"

namespace autoencoder::service {

/// GET /: one HTML file that holds all it needs. It asks for nothing but this service.
std::vector<Route> page_routes();

}  // namespace autoencoder::service
