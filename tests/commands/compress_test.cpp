// `autoencoder compress`, `decompress` and `rate`, called as a user calls them.

#include "tasks/compress.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pictures/encode.h"
#include "pictures/pictures.h"
#include "tasks/decompress.h"
#include "tasks/rate.h"
#include "tests/support/program.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using testing::spots;
using ::testing::StartsWith;
using testing::TaskTest;

class CompressCommand : public TaskTest {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    run_ = train("run", {{"data", write_spots("spots", 200, 100)}, {"latent-dim", 4}, {"epochs", 2}});
    write_pictures(folder_ / "pictures", spots(20, 2).images.all());
  }

  std::string out_of(const std::vector<std::string>& words) {
    const ProgramResult result = run_program(folder_.path(), words);
    EXPECT_EQ(result.status, 0) << result.error;
    return result.out;
  }

  // On the device of a request.
  Json json_of(std::vector<std::string> words) {
    words.insert(words.end(), {"--device", "cpu", "--json"});
    return Json::parse(out_of(words));
  }

  std::string run_;
};

TEST_F(CompressCommand, TellsHowSmallPicturesBecameAndHowTheyComeBack) {
  EXPECT_THAT(out_of({"compress", "run", "pictures", "--out", "x.aec"}),
              AllOf(StartsWith("x.aec: 20 pictures in "), HasSubstr(" bits a pixel, PSNR "),
                    HasSubstr("autoencoder decompress RUN x.aec\n")));
  EXPECT_EQ(out_of({"decompress", "run", "x.aec"}), "x: 20 pictures\n");
  EXPECT_THAT(out_of({"compress", "run", "pictures", "--lossless"}), HasSubstr(" bits a pixel, exact\n"));
}

TEST_F(CompressCommand, AnswersInJsonAsItsTasksDo) {
  auto there = request_for<CompressRequest>(run_);
  there.pictures = {path("pictures")};
  there.out = path("x.aec");
  EXPECT_EQ(json_of({"compress", run_, path("pictures"), "--out", path("x.aec")}),
            compress_pictures(there).to_json());
  auto back = request_for<DecompressRequest>(run_);
  back.file = path("x.aec");
  const Json json = json_of({"decompress", run_, path("x.aec")});
  std::filesystem::remove_all(folder_ / "x");
  EXPECT_EQ(json, decompress_pictures(back).to_json());
}

TEST_F(CompressCommand, RateIsATableAndJson) {
  EXPECT_THAT(out_of({"rate", "run", "--count", "100"}),
              AllOf(StartsWith("run: 100 images of the test split of spots, 100 images\n"),
                    HasSubstr("\n  autoencoder    lossless "), HasSubstr("\n  WebP lossless "),
                    HasSubstr("\n  run/rate-sheets.png\n")));
  auto request = request_for<RateRequest>(run_);
  request.count = 100;
  EXPECT_EQ(json_of({"rate", run_, "--count", "100"}), measure_rates(request).to_json());
}

}  // namespace
}  // namespace autoencoder
