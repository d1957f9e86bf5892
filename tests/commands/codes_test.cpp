// What encode, decode, latent, traverse, interpolate and manifold print.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/log.h"
#include "common/options.h"
#include "pictures/pictures.h"
#include "tasks/interpolate.h"
#include "tasks/latent.h"
#include "tasks/manifold.h"
#include "tasks/train.h"
#include "tasks/traverse.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

using testing::ProgramTest;

class Codes : public ProgramTest {
 protected:
  Codes() {
    write_spots("spots", 200, 40);
    Log nobody;
    train_run(plan_training({{"data", (folder_ / "spots").string()},
                             {"hidden", {16}},
                             {"latent-dim", 2},
                             {"epochs", 2},
                             {"out", run_}}),
              {.log = nobody});
  }

  template <typename Request>
  Request request() const {
    Request request;
    request.run = run_;
    request.device.device = "cpu";
    return request;
  }

  // Of a command on the run by its whole path, so that it names its files as a task that is asked for the
  // same.
  Json answer_of(const std::string& command) { return json_of({command, run_, "--device", "cpu"}); }

  std::string run_ = (folder_ / "run").string();
};

TEST_F(Codes, EncodeAndDecodeSayWhatTheyWrote) {
  const std::vector<std::string> encode = {"encode", "run", "--out", "codes.npy"};
  EXPECT_EQ(out_of(encode),
            "codes.npy: 40 codes of 2 numbers, with labels, test split of spots, 40 images\n");
  EXPECT_EQ(json_of(encode),
            Json({{"out", "codes.npy"}, {"codes", 40}, {"latent_dim", 2}, {"labels", true}}));
  const std::vector<std::string> decode = {"decode", "run", "codes.npy", "--out", "decoded.npy"};
  EXPECT_EQ(out_of(decode), "decoded.npy: 40 images decoded\n");
  EXPECT_EQ(json_of(decode), Json({{"out", "decoded.npy"}, {"decoded", 40}}));
}

class CodePictures : public Codes {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
  }
};

TEST_F(CodePictures, EachCommandSaysWhatItDrew) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands = {
      {{"latent", "run"}, "40 points of the test split of spots, 40 images; the code itself"},
      {{"traverse", "run"}, "2 dimensions of 2, example 0 of the test split of spots, 40 images"},
      {{"interpolate", "run", "--indices", "0,1,2"},
       "2 linear walks of 10 pictures, test split of spots, 40 images"},
      {{"manifold", "run", "--size", "4"},
       "4 x 4 pictures between the codes of the test split of spots, 40 images"}};
  for (const auto& [words, said] : commands) {
    EXPECT_EQ(out_of(words), "run/" + words.front() + ".png: " + said + "\n");
  }
}

TEST_F(CodePictures, EachCommandAnswersInJson) {
  EXPECT_EQ(answer_of("latent"), map_codes(request<LatentRequest>()).to_json());
  EXPECT_EQ(answer_of("traverse"), traverse_code(request<TraverseRequest>()).to_json());
  EXPECT_EQ(answer_of("interpolate"), interpolate_codes(request<InterpolateRequest>()).to_json());
  EXPECT_EQ(answer_of("manifold"), draw_manifold(request<ManifoldRequest>()).to_json());
}

}  // namespace
}  // namespace autoencoder
