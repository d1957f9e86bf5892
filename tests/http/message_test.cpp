#include "http/message.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace autoencoder::http {
namespace {

Request of_target(const std::string& target) {
  Request request;
  request.target = target;
  read_target(request);
  return request;
}

TEST(HttpTarget, PathAndQueryAreDecoded) {
  const Request request = of_target("/v1/a%20b+c?count=4&name=x%2Fy+z&flag&name=last");
  EXPECT_EQ(request.path, "/v1/a b+c");
  EXPECT_EQ(request.query.at("count"), "4");
  EXPECT_EQ(request.query.at("name"), "last");
  EXPECT_EQ(request.query.at("flag"), "");
}

TEST(HttpTarget, WhatIsNoCodeIsRefused) {
  for (const char* target : {"/%", "/%2", "/%zz", "/a?b=%g0", "/%00"}) {
    EXPECT_THROW(of_target(target), std::invalid_argument) << target;
  }
}

TEST(HttpHeaders, AreFoundWhateverTheirCase) {
  Request request;
  request.headers = {{"Content-Type", "text/csv"}};
  EXPECT_EQ(request.header("content-type"), "text/csv");
  EXPECT_EQ(request.header("Accept"), "");
}

}  // namespace
}  // namespace autoencoder::http
