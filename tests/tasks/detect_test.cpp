// What a small run finds strange.

#include "tasks/detect.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "pictures/pictures.h"
#include "tasks/decode.h"
#include "tasks/encode.h"
#include "tests/support/expect_error.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::SharedRun;
using testing::SharedRunTest;
using testing::spots;
using testing::write_idx;

// Spots are normal; noise, label 9, is not.
Dataset spots_and_noise() {
  Dataset data = spots(40, 3);
  data.images = torch::cat({data.images.all(), torch::randint(0, 255, {10, 1, 12, 12}).to(torch::kUInt8)});
  data.labels = torch::cat({data.labels, torch::full({10}, 9, torch::kInt64)});
  return data;
}

class Detect : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"hidden", {32}}, {"latent-dim", 4}, {"epochs", 20}, {"batch-size", 16}};
    shared_ = std::make_unique<SharedRun>(200, 40, options);
  }

  Detect() : run_(shared_->copied_to(path("run"))) {
    fs::create_directories(folder_ / "mixed");
    write_idx(folder_ / "mixed", "train", spots_and_noise());
  }

  FitDetectorRequest fit_request() const { return request_for<FitDetectorRequest>(run_); }
  ScoreDataRequest score_request() const { return request_for<ScoreDataRequest>(run_); }

  std::string run_;
};

TEST_F(Detect, FindsWhatIsNotLikeTheTrainingData) {
  FitDetectorRequest fit = fit_request();
  fit.contamination = 0.05;
  fit_detector(fit);
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.labels.anomalies = "9";
  const Json json = score_data(score).to_json();
  EXPECT_EQ(json.at("examples"), 50);
  for (const char* name : {"error", "mahalanobis", "neighbours"}) {
    EXPECT_GT(json.at("scores").at(name).at("auroc").get<double>(), 0.95) << name;
  }
  EXPECT_EQ(json.at("recall"), 1);
  EXPECT_LT(json.at("false_positive_rate").get<double>(), 0.3);
}

TEST_F(Detect, TheContaminationIsTheShareOfValidationExamplesAboveTheThreshold) {
  for (const auto& [contamination, called] : {std::pair(0.1, 4), {0.5, 20}}) {
    FitDetectorRequest fit = fit_request();
    fit.score = "error";
    fit.contamination = contamination;
    fit_detector(fit);
    ScoreDataRequest score = score_request();
    score.split = "validation";
    EXPECT_EQ(score_data(score).to_json().at("anomalies"), called) << contamination;
  }
}

TEST_F(Detect, ALabelledSetGivesTheThresholdWithTheBestF1) {
  FitDetectorRequest fit = fit_request();
  fit.score = "error";
  fit.source.data = path("mixed");
  fit.labels.normal = "0,1,2,3";
  fit_detector(fit);
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.labels.normal = "0,1,2,3";
  const Json json = score_data(score).to_json();
  EXPECT_NEAR(json.at("f1").get<double>(), json.at("scores").at("error").at("best_f1").get<double>(), 1e-12);
}

TEST_F(Detect, TheTableHasARowOfEachExample) {
  fit_detector(fit_request());
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.out = path("scores.csv");
  score_data(score);
  const std::string table = read_file(folder_ / "scores.csv");
  EXPECT_THAT(table, ::testing::StartsWith("index,score,verdict,label\n0,"));
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 51);
  EXPECT_THAT(table, HasSubstr(",anomaly,9\n"));
}

TEST_F(Detect, PicturesAreCalledByTheirFiles) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  auto encode = request_for<EncodeRequest>(run_);
  encode.out = path("codes.npy");
  encode_data(encode);
  auto decode = request_for<DecodeRequest>(run_);
  decode.codes = path("codes.npy");
  decode.out = path("pictures");
  decode_codes(decode);
  fit_detector(fit_request());
  ScoreDataRequest score = score_request();
  score.source.data = path("pictures");
  score.out = path("scores.csv");
  score_data(score);
  EXPECT_THAT(read_file(folder_ / "scores.csv"), HasSubstr("pictures/000039.png,"));
  EXPECT_TRUE(fs::exists(folder_ / "run" / "anomalies.png"));
}

TEST_F(Detect, AMapAskedForIsTheScoreAndIsKept) {
  FitDetectorRequest fit = fit_request();
  fit.map.map = choice_named(pixel_differences(), "gradient");
  fit.map.pool = "top:0.05";
  EXPECT_EQ(fit_detector(fit).score, "map");
  const Detector detector = read_detector(fs::path(run_) / "detector.safetensors");
  EXPECT_EQ(detector.score, "map");
  EXPECT_EQ(detector.map.text(), "gradient");
  EXPECT_EQ(detector.map.pooling.text(), "top:0.05");
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.labels.anomalies = "9";
  EXPECT_GT(score_data(score).to_json().at("scores").at("map").at("auroc").get<double>(), 0.95);
  fit.map.pool = "best";
  EXPECT_THAT(error_of([&] { fit_detector(fit); }), HasSubstr("pool is 'best'"));
}

TEST_F(Detect, APromiseIsKeptByHeldOutExamples) {
  FitDetectorRequest fit = fit_request();
  fit.score = "error";
  fit.false_alarms = 0.05;
  const Json json = fit_detector(fit).to_json();
  EXPECT_EQ(json.at("rule"), "false-alarms");
  EXPECT_EQ(json.at("examples"), 40);
  ScoreDataRequest score = score_request();
  score.split = "validation";
  EXPECT_EQ(score_data(score).to_json().at("anomalies"), 1) << "and one more to come: 2 of 41";
}

TEST_F(Detect, APromiseThatExamplesCannotKeepIsNone) {
  FitDetectorRequest fit = fit_request();
  fit.false_alarms = 0.01;
  EXPECT_THAT(error_of([&] { fit_detector(fit); }), HasSubstr("40 normal examples cannot promise"));
  fit.false_alarms = 0.05;
  fit.split = "train";
  EXPECT_THAT(error_of<UsageError>([&] { fit_detector(fit); }), HasSubstr("has learned from"));
  fit.contamination = 0.2;
  EXPECT_THAT(error_of<UsageError>([&] { fit_detector(fit); }), HasSubstr("are both given"));
}

// Of a set with anomalies in it the normal examples alone keep the promise.
TEST_F(Detect, APromiseIsAboutNormalExamples) {
  FitDetectorRequest fit = fit_request();
  fit.score = "error";
  fit.source.data = path("mixed");
  fit.labels.anomalies = "9";
  fit.false_alarms = 0.1;
  const FitDetectorResult result = fit_detector(fit);
  EXPECT_EQ(result.examples, 40);
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.labels.anomalies = "9";
  EXPECT_EQ(score_data(score).to_json().at("false_positive_rate"), 3.0 / 40) << "and one to come: 4 of 41";
}

TEST_F(Detect, ScoringLeavesItsFiguresForAReport) {
  fit_detector(fit_request());
  ScoreDataRequest score = score_request();
  score.source.data = path("mixed");
  score.labels.anomalies = "9";
  const Json json = score_data(score).to_json();
  EXPECT_EQ(Json::parse(read_file(folder_ / "run" / "detection.json")), json);
  EXPECT_EQ(json.at("kinds").at("9").at("examples"), 10);
}

TEST_F(Detect, ScoringNeedsADetector) {
  EXPECT_THAT(error_of([&] { score_data(score_request()); }),
              HasSubstr("make it with 'autoencoder detect fit " + run_ + "'"));
}

TEST_F(Detect, NamesTheScoresThatTheModelHas) {
  FitDetectorRequest fit = fit_request();
  fit.score = "elbo";
  EXPECT_THAT(error_of<UsageError>([&] { fit_detector(fit); }),
              HasSubstr("score is 'elbo'; this model has relative-error, error, neighbours, mahalanobis"));
}

TEST_F(Detect, NeedsLabelsOfBothKinds) {
  FitDetectorRequest fit = fit_request();
  fit.labels.anomalies = "9";
  EXPECT_THAT(error_of([&] { fit_detector(fit); }),
              HasSubstr("anomalies names the label 9, which is not there; there are 0, 1, 2, 3"));
  fit.labels.anomalies = "";
  fit.labels.normal = "0,1,2,3";
  EXPECT_THAT(error_of([&] { fit_detector(fit); }), HasSubstr("none of them anomalies"));
}

}  // namespace
}  // namespace autoencoder
