#include "service/page.h"

#include "service/service_page.h"

namespace autoencoder::service {

std::vector<Route> page_routes() {
  return {{"GET", "/", at_once([](const Call&) {
             return http::Response{.type = "text/html; charset=utf-8",
                                   .body = std::string(kPage),
                                   .headers = {{"Cache-Control", "no-cache"}}};
           }),
           true}};
}

}  // namespace autoencoder::service
