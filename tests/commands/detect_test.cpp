// What `autoencoder detect` makes of a small run.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/files.h"
#include "common/options.h"
#include "data/csv.h"
#include "pictures/pictures.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramTest;
using testing::spots;
using testing::write_idx;

// Spots are normal; noise, label 9, is not.
Dataset spots_and_noise() {
  Dataset data = spots(40, 3);
  data.images = torch::cat({data.images, torch::randint(0, 255, {10, 1, 12, 12}).to(torch::kUInt8)});
  data.labels = torch::cat({data.labels, torch::full({10}, 9, torch::kInt64)});
  return data;
}

class Detect : public ProgramTest {
 protected:
  Detect() {
    write_spots("spots", 200, 40);
    fs::create_directories(folder_ / "mixed");
    write_idx(folder_ / "mixed", "train", spots_and_noise());
    out_of({"train", "--data", "spots", "--hidden", "32", "--latent-dim", "4", "--epochs", "20", "--quiet",
            "--batch-size", "16", "--out", "run"});
  }
};

TEST_F(Detect, FindsWhatIsNotLikeTheTrainingData) {
  out_of({"detect", "fit", "run", "--contamination", "0.05"});
  const Json json =
      Json::parse(out_of({"detect", "score", "run", "--data", "mixed", "--anomalies", "9", "--json"}));
  EXPECT_EQ(json.at("examples"), 50);
  for (const char* score : {"error", "mahalanobis", "neighbours"}) {
    EXPECT_GT(json.at("scores").at(score).at("auroc").get<double>(), 0.95) << score;
  }
  EXPECT_EQ(json.at("recall"), 1);
  EXPECT_LT(json.at("false_positive_rate").get<double>(), 0.3);
}

TEST_F(Detect, TheContaminationIsTheShareOfValidationExamplesAboveTheThreshold) {
  for (const auto& [contamination, called] : {std::pair("0.1", 4), {"0.5", 20}}) {
    out_of({"detect", "fit", "run", "--score", "error", "--contamination", contamination});
    const Json json = Json::parse(out_of({"detect", "score", "run", "--split", "validation", "--json"}));
    EXPECT_EQ(json.at("anomalies"), called) << contamination;
  }
}

TEST_F(Detect, ALabelledSetGivesTheThresholdWithTheBestF1) {
  out_of({"detect", "fit", "run", "--score", "error", "--data", "mixed", "--normal", "0,1,2,3"});
  const Json json =
      Json::parse(out_of({"detect", "score", "run", "--data", "mixed", "--normal", "0,1,2,3", "--json"}));
  EXPECT_NEAR(json.at("f1").get<double>(), json.at("scores").at("error").at("best_f1").get<double>(), 1e-12);
}

TEST_F(Detect, TheTableHasARowOfEachExample) {
  out_of({"detect", "fit", "run"});
  out_of({"detect", "score", "run", "--data", "mixed", "--out", "scores.csv"});
  const std::string table = read_file(folder_ / "scores.csv");
  EXPECT_THAT(table, ::testing::StartsWith("index,score,verdict,label\n0,"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 51);
  EXPECT_THAT(table, HasSubstr(",anomaly,9\n"));
}

TEST_F(Detect, PicturesAreCalledByTheirFiles) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  out_of({"encode", "run", "--out", "codes.npy"});
  out_of({"decode", "run", "codes.npy", "--out", "pictures"});
  out_of({"detect", "fit", "run"});
  out_of({"detect", "score", "run", "--data", "pictures", "--out", "scores.csv"});
  EXPECT_THAT(read_file(folder_ / "scores.csv"), HasSubstr("pictures/000039.png,"));
  EXPECT_TRUE(fs::exists(folder_ / "run" / "anomalies.png"));
}

TEST_F(Detect, SaysWhatIsMissing) {
  EXPECT_THAT(run({"detect", "score", "run"}).error, HasSubstr("make it with 'autoencoder detect fit run'"));
  EXPECT_THAT(run({"detect", "fit", "run", "--score", "elbo"}).error,
              HasSubstr("score is 'elbo'; this model has relative-error, error, neighbours, mahalanobis"));
  EXPECT_THAT(run({"detect", "fit", "run", "--anomalies", "9"}).error,
              HasSubstr("anomalies names the label 9, which is not there; there are 0, 1, 2, 3"));
  EXPECT_THAT(run({"detect", "scores", "run"}).error, HasSubstr("did you mean 'score'?"));
  EXPECT_THAT(run({"detect", "fit", "run", "--normal", "0,1,2,3"}).error,
              HasSubstr("none of them anomalies"));
}

}  // namespace
}  // namespace autoencoder
