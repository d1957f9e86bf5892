// `autoencoder denoise`, called as a user calls it.

#include "tasks/denoise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pictures/encode.h"
#include "pictures/pictures.h"
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

class DenoiseCommand : public TaskTest {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    run_ = train("run", {{"data", write_spots("spots", 200, 40)}, {"epochs", 1}});
    write_pictures(folder_ / "clean", spots(5, 2).images.all());
  }

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  std::string run_;
};

TEST_F(DenoiseCommand, TellsHowGoodPicturesWereAndAre) {
  const ProgramResult result = call({"denoise", "run", "clean", "--corruption", "gaussian:0.3"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, AllOf(StartsWith("run/denoised: 5 pictures restored\n  PSNR "),
                                HasSubstr(" dB before, "), HasSubstr(" dB after; SSIM ")));
}

TEST_F(DenoiseCommand, TellsNothingElseWhereNoCleanPicturesAreKnown) {
  EXPECT_EQ(call({"denoise", "run", "clean/000003.png", "--out", "one"}).out, "one: 1 picture restored\n");
}

TEST_F(DenoiseCommand, AnswersInJsonAsItsTaskDoes) {
  const ProgramResult result =
      call({"denoise", run_, path("clean"), "--corruption", "gaussian:0.3", "--device", "cpu", "--json"});
  EXPECT_EQ(result.status, 0) << result.error;
  auto request = request_for<DenoiseRequest>(run_);
  request.pictures = {path("clean")};
  request.corruption = "gaussian:0.3";
  EXPECT_EQ(Json::parse(result.out), denoise_pictures(request).to_json());
}

}  // namespace
}  // namespace autoencoder
