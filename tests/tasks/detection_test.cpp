// Anomalies that masks and labels tell of.

#include "tasks/detection.h"

#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tasks/detect.h"
#include "tasks/detection_maps.h"
#include "tasks/detection_pictures.h"
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

// Forty spots are good; ten have a bar along a side, five a square in a corner, and masks say where.
DescribedData damaged_spots() {
  Dataset data = spots(55, 3);
  torch::Tensor images = data.images.all();
  torch::Tensor masks = torch::zeros({55, 1, 12, 12}, torch::kUInt8);
  masks.slice(0, 40, 50).slice(2, 0, 2).fill_(255);
  masks.slice(0, 50, 55).slice(2, 0, 3).slice(3, 0, 3).fill_(255);
  data.images = torch::where(masks != 0, 255 - images, images);
  data.labels = torch::cat({torch::zeros({40}), torch::full({10}, 1), torch::full({5}, 2)}).to(torch::kInt64);
  data.label_names = {"good", "bar", "square"};
  data.masks = masks;
  return {data, "damaged spots"};
}

class DamagedSpots : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"hidden", {32}}, {"latent-dim", 4}, {"epochs", 20}, {"batch-size", 16}};
    shared_ = std::make_unique<SharedRun>(200, 40, options);
  }

  DamagedSpots() : run_(open_run_model(shared_->copied_to(path("run")), torch::kCPU)) {}

  Detection detect(const DescribedData& data, const torch::Tensor& is_anomaly) const {
    FitDetectorRequest fit = request_for<FitDetectorRequest>(run_.directory.path().string());
    fit.map.smooth = 0.7;
    fit_detector(fit);
    return detect_anomalies(run_, read_detector(run_.directory.detector()), data, is_anomaly, 0,
                            no_progress());
  }
  Detection detect() const {
    const DescribedData data = damaged_spots();
    return detect(data, known_anomalies(data, {}));
  }

  OpenRun run_;
};

TEST(KnownAnomalies, AreWhatIsNotGood) {
  DescribedData data = damaged_spots();
  data.examples.masks = {};
  const torch::Tensor expected = torch::arange(55) >= 40;
  EXPECT_TRUE(torch::equal(known_anomalies(data, {}), expected));
}

TEST(KnownAnomalies, AreWhatMasksSayWhereNothingIsCalledGood) {
  DescribedData data = damaged_spots();
  const torch::Tensor expected = torch::arange(55) >= 40;
  data.examples.label_names = {"cotton", "wool", "silk"};
  EXPECT_TRUE(torch::equal(known_anomalies(data, {}), expected));
  data.examples.labels = torch::Tensor();
  EXPECT_TRUE(torch::equal(known_anomalies(data, {}), expected));
}

TEST(KnownAnomalies, AreThoseThatTheUserNames) {
  AnomalyLabels labels;
  labels.anomalies = "square";
  EXPECT_EQ(known_anomalies(damaged_spots(), labels).sum().item<int64_t>(), 5);
}

TEST(KnownAnomalies, AreUnknownWhereThereIsOneKind) {
  DescribedData data = damaged_spots();
  data.examples = chosen_examples(data.examples, torch::arange(40));
  EXPECT_FALSE(known_anomalies(data, {}).defined());
  data.examples.label_names = {};
  EXPECT_FALSE(known_anomalies(data, {}).defined());
}

TEST_F(DamagedSpots, HaveFiguresOfEachKindAndOfPixels) {
  const Json json = detect().to_json();
  EXPECT_EQ(json.at("map"), "error, smoothed over 0.7 pixels");
  EXPECT_GT(json.at("pixels").at("auroc").get<double>(), 0.9);
  EXPECT_GT(json.at("pixels").at("pro").get<double>(), 0.8);
  EXPECT_EQ(json.at("kinds").size(), 2);
  EXPECT_EQ(json.at("kinds").at("bar").at("examples"), 10);
  EXPECT_EQ(json.at("kinds").at("square").at("examples"), 5);
  for (const char* kind : {"bar", "square"}) {
    EXPECT_GT(json.at("kinds").at(kind).at("auroc").get<double>(), 0.9) << kind;
    EXPECT_GT(json.at("kinds").at(kind).at("pixels").at("best_f1").get<double>(), 0.5) << kind;
  }
}

// Each kind's figures are those of its own pictures beside the good ones.
TEST_F(DamagedSpots, OfOneKindHaveTheFiguresOfThatKind) {
  DescribedData bars = damaged_spots();
  bars.examples = chosen_examples(bars.examples, torch::arange(50));
  const Json all = detect().to_json();
  const Json json = detect(bars, torch::arange(50) >= 40).to_json();
  EXPECT_EQ(json.at("kinds").at("bar"), all.at("kinds").at("bar"));
  EXPECT_EQ(json.at("pixels"), all.at("kinds").at("bar").at("pixels"));
  EXPECT_NE(json.at("pixels"), all.at("pixels"));
}

TEST_F(DamagedSpots, WithoutLabelsAreLocalizedAllTogether) {
  DescribedData data = damaged_spots();
  const Json labelled = detect().to_json();
  data.examples.labels = torch::Tensor();
  data.examples.label_names = {};
  const Json json = detect(data, known_anomalies(data, {})).to_json();
  EXPECT_FALSE(json.contains("kinds"));
  EXPECT_EQ(json.at("pixels"), labelled.at("pixels"));
}

TEST(BrightestValue, IsTheLargestUnlessMapsHaveAThreshold) {
  Detection detection;
  detection.detector.threshold = 2;
  detection.detector.score = "error";
  EXPECT_EQ(detection.brightest(30), 30);
  detection.detector.score = "map";
  EXPECT_EQ(detection.brightest(30), 8);
  EXPECT_EQ(detection.brightest(3), 3);
  detection.detector.threshold = 0;
  EXPECT_EQ(detection.brightest(30), 30);
  EXPECT_GT(detection.brightest(0), 0);
}

TEST_F(DamagedSpots, HaveMapsAsFiles) {
  Detection detection = detect();
  for (int64_t i = 0; i < 55; ++i) {
    detection.data.examples.files.push_back(path(i < 40 ? "test/good/" : "test/broken/") + std::to_string(i) +
                                            ".jpg");
  }
  write_maps(run_, detection, path("maps"), no_progress());
  const torch::Tensor map = read_npy(folder_ / "maps" / "broken" / "41.npy");
  EXPECT_EQ(map.sizes(), (std::vector<int64_t>{12, 12}));
  EXPECT_EQ(detection.detector.map.pooling.apply(map.view({1, 1, 12, 12})).item<double>(),
            map.max().item<double>());
  EXPECT_TRUE(fs::exists(folder_ / "maps" / "good" / "0.npy"));
  EXPECT_EQ(fs::exists(folder_ / "maps" / "good" / "0.png"), pictures_available());
  detection.data.examples.files.clear();
  write_maps(run_, detection, path("numbered"), no_progress());
  EXPECT_TRUE(torch::equal(read_npy(folder_ / "numbered" / "000041.npy"), map));
}

TEST_F(DamagedSpots, AreDrawn) {
  if (!pictures_available()) {
    GTEST_SKIP() << "no OpenCV in this build";
  }
  const std::vector<fs::path> drawn = draw_detection(run_, detect(), 4);
  EXPECT_EQ(drawn.front(), run_.directory.picture("anomalies"));
  EXPECT_EQ(drawn.size(), 3);
}

}  // namespace
}  // namespace autoencoder
