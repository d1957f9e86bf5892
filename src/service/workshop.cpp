#include "service/workshop.h"

#include <exception>
#include <utility>

namespace autoencoder::service {

void compute(const Workshop& workshop, const http::Request& request, Order order, const http::Reply& reply) {
  Job job = {.served = order.served,
             .operation = order.operation,
             .input = order.input.values,
             .awaited = request.awaited,
             .done = nullptr};
  job.done = [reply, order = std::move(order)](std::vector<Part> parts, std::exception_ptr failure) {
    reply([order, parts = std::move(parts), failure] {
      if (failure) {
        std::rethrow_exception(failure);
      }
      return order.respond(parts, order.input);
    });
  };
  workshop.batcher.submit(std::move(job));
}

}  // namespace autoencoder::service
