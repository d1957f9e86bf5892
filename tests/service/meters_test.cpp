#include "service/meters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoencoder::service {
namespace {

using ::testing::HasSubstr;

TEST(Meters, TellWhatWasCounted) {
  Meters meters;
  meters.count_request("/a", 200, 0.002);
  meters.count_request("/a", 200, 20);
  meters.count_request("/a", 404, 0.0001);
  meters.count_batch(3, 0.01);
  const std::string text = meters.text({{"autoencoder_models", "Models.", 2}});
  EXPECT_THAT(text, HasSubstr("autoencoder_requests_total{route=\"/a\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_requests_total{route=\"/a\",status=\"404\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_request_seconds_bucket{route=\"/a\",le=\"0.001\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_request_seconds_bucket{route=\"/a\",le=\"0.0025\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_request_seconds_bucket{route=\"/a\",le=\"10\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_request_seconds_bucket{route=\"/a\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_request_seconds_count{route=\"/a\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_batch_examples_bucket{le=\"2\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_batch_examples_bucket{le=\"4\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("autoencoder_batch_examples_sum 3\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "# HELP autoencoder_models Models.\n# TYPE autoencoder_models gauge\nautoencoder_models 2\n"));
}

}  // namespace
}  // namespace autoencoder::service
