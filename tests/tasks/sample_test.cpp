#include "tasks/sample.h"

#include <filesystem>

#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TaskTest;

class SampleTask : public TaskTest {
 protected:
  SampleRequest of_a_run(const Json& more = Json::object()) {
    Json options = {{"data", write_spots("spots", 200, 40)}, {"epochs", 2}, {"batch-size", 32}};
    options.update(more);
    return request_for<SampleRequest>(train("run", options));
  }

  SampleRequest of_a_vae() { return of_a_run({{"model", "vae"}, {"hidden", {32}}, {"latent-dim", 2}}); }
};

class SamplePicture : public SampleTask {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "this build has no OpenCV";
    }
  }
};

TEST_F(SamplePicture, IsOfCodesFromTheModelsPrior) {
  SampleRequest request = of_a_vae();
  request.count = 9;
  const SampleResult result = draw_samples(request);
  EXPECT_EQ(result.count, 9);
  EXPECT_EQ(result.origin, "codes from the prior");
  EXPECT_EQ(result.out, path("run/sample.png"));
  EXPECT_TRUE(fs::exists(result.out));
}

TEST_F(SamplePicture, IsOfFittedCodesWhereTheModelHasNoPrior) {
  SampleRequest request = of_a_run();
  request.out = path("s.png");
  EXPECT_EQ(draw_samples(request).origin,
            "this model has no prior: codes from a normal fitted to the training codes");
  EXPECT_TRUE(fs::exists(path("s.png")));
}

TEST_F(SamplePicture, IsOfTheDistributionThatWasAskedFor) {
  SampleRequest request = of_a_vae();
  request.prior = "gmm:3";
  request.noise.temperature = 0.5;
  EXPECT_EQ(draw_samples(request).origin, "codes from 3 normals fitted to the training codes");
}

TEST_F(SamplePicture, IsOfTheClassThatWasAskedFor) {
  SampleRequest request = of_a_run();
  request.class_name = "2";
  request.count = 5;
  request.codes = path("c.npy");
  EXPECT_THAT(draw_samples(request).origin, HasSubstr("codes from a normal fitted to training codes of 2"));
  EXPECT_EQ(read_npy(path("c.npy")).size(0), 5);
}

TEST_F(SampleTask, RefusesPriorsThatAreNone) {
  SampleRequest request = of_a_run();
  request.prior = "model";
  EXPECT_THAT(error_of([&] { draw_samples(request); }), HasSubstr("this model has no prior"));
  request.prior = "gmm:0";
  EXPECT_THAT(error_of<UsageError>([&] { draw_samples(request); }), HasSubstr("prior is 'gmm:0'"));
  request.prior = "gmm:5000";
  EXPECT_THAT(error_of([&] { draw_samples(request); }), HasSubstr("are too few to fit 5000"));
}

TEST_F(SampleTask, RefusesClassesThatAreNone) {
  SampleRequest request = of_a_run();
  request.class_name = "9";
  EXPECT_THAT(error_of([&] { draw_samples(request); }),
              HasSubstr("class names the label 9, which is not there; there are 0, 1, 2, 3"));
}

}  // namespace
}  // namespace autoencoder
