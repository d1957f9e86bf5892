// Bits a pixel of a small run, beside other codecs.

#include "tasks/rate.h"

#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tests/support/failure.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class RateOfARun : public TaskTest {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    run_ = train("run", {{"data", write_spots("spots", 300, 200)},
                         {"hidden", {32}},
                         {"latent-dim", 4},
                         {"epochs", 20},
                         {"batch-size", 16}});
  }

  std::string run_;
};

TEST_F(RateOfARun, StandsBesideOtherCodecs) {
  const Json json = measure_rates(request_for<RateRequest>(run_)).to_json();
  EXPECT_EQ(json.at("images"), 200);
  for (const char* grouping : {"rate-single", "rate-sheets"}) {
    EXPECT_TRUE(fs::exists(folder_ / "run" / (std::string(grouping) + ".png")));
    std::map<std::string, double> best;
    for (const Json& rate : json.at(grouping)) {
      best[rate.at("codec")] = rate.at("bits_per_pixel");
      EXPECT_EQ(rate.contains("psnr"), rate.at("codec") != "PNG" && rate.at("codec") != "WebP lossless" &&
                                           rate.at("setting") != "lossless");
    }
    EXPECT_EQ(best.size(), 5U);
  }
}

TEST_F(RateOfARun, NeedsPicturesForASheet) {
  write_pictures(folder_ / "few", torch::zeros({2, 1, 20, 20}));
  auto request = request_for<RateRequest>(run_);
  request.source.data = path("few");
  EXPECT_THAT(failure_of([&] { measure_rates(request); }), HasSubstr("sheets take 100 pictures"));
}

}  // namespace
}  // namespace autoencoder
