#include "service/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/problem.h"

namespace autoencoder::service {
namespace {

using ::testing::ElementsAre;

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    const auto nothing = at_once([](const Call&) { return http::Response{}; });
    router_.add({{"GET", "/", nothing},
                 {"GET", "/models/{name}", nothing},
                 {"GET", "/models/{name}/map", nothing},
                 {"POST", "/models/{name}/{operation}", nothing}});
  }

  // The pattern that answers, or the status of the problem.
  std::string found(const std::string& method, const std::string& path) {
    http::Request request;
    request.method = method;
    request.path = path;
    try {
      return router_.find(request, words_).pattern;
    } catch (const Problem& problem) {
      return std::to_string(problem.status());
    }
  }

  Router router_;
  std::vector<std::string> words_;
};

TEST_F(RouterTest, PathsFindTheirRoutes) {
  EXPECT_EQ(found("GET", "/"), "/");
  EXPECT_EQ(found("HEAD", "/models/vae"), "/models/{name}");
  EXPECT_EQ(found("POST", "/models/my vae/encode"), "/models/{name}/{operation}");
  EXPECT_THAT(words_, ElementsAre("my vae", "encode"));
}

TEST_F(RouterTest, OtherPathsAndMethodsAreToldApart) {
  for (const char* path :
       {"", "models/vae", "/models", "/models/", "/models/vae/", "/models/vae/encode/x", "/../etc/passwd"}) {
    EXPECT_EQ(found("GET", path), "404") << path;
  }
  EXPECT_EQ(found("DELETE", "/models/vae"), "405");
  EXPECT_EQ(found("GET", "/models/vae/encode"), "405");
  EXPECT_EQ(found("POST", "/models/vae/map"), "405");
  EXPECT_EQ(router_.methods_of("/models/vae/encode"), "POST, OPTIONS");
  EXPECT_EQ(router_.methods_of("/models/vae"), "GET, HEAD, OPTIONS");
}

}  // namespace
}  // namespace autoencoder::service
