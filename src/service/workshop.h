// What routes that compute work with, and how they have something computed.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "http/message.h"
#include "service/batcher.h"
#include "service/input.h"
#include "service/shelf.h"

namespace autoencoder::service {

/// All outlive the routes.
struct Workshop {
  const Shelf& shelf;
  Batcher& batcher;
  InputLimits limits;
};

/// What a request asks to be computed.
struct Order {
  std::shared_ptr<const ServedModel> served;
  const Operation* operation = nullptr;
  Input input;
  /// Makes an answer of what was computed. May throw what problem.h knows.
  std::function<http::Response(const std::vector<Part>& parts, const Input& input)> respond;
};

/// Has it computed together with what else waits, and replies then. Throws Problem as Batcher::submit.
void compute(const Workshop& workshop, const http::Request& request, Order order, const http::Reply& reply);

}  // namespace autoencoder::service
