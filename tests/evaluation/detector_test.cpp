#include "evaluation/detector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/archive.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

class DetectorFile : public ::testing::Test {
 protected:
  Normality normality_ = {torch::rand({4, 2}), torch::rand({2}, torch::kFloat64),
                          torch::rand({2, 2}, torch::kFloat64)};

  // As detectors of before had them.
  NamedTensors tensors() const {
    return {{"codes", normality_.codes},
            {"mean", normality_.mean},
            {"precision", normality_.axes.mm(normality_.axes.t())}};
  }

  testing::TemporaryFolder folder_;
};

TEST_F(DetectorFile, KeepsAllOfIt) {
  const AnomalyMap map = {choice_named(pixel_differences(), "ssim"), 1.5, Pooling("top:0.02")};
  write_detector(folder_ / "detector", {"map", 0.25, normality_, map});
  const Detector read = read_detector(folder_ / "detector");
  EXPECT_EQ(read.score, "map");
  EXPECT_EQ(read.threshold, 0.25);
  EXPECT_TRUE(torch::equal(read.normality.codes, normality_.codes));
  EXPECT_EQ(read.map.text(), "ssim, smoothed over 1.5 pixels");
  EXPECT_EQ(read.map.pooling.text(), "top:0.02");
}

TEST_F(DetectorFile, KeepsWhatMapsAreMeasuredBy) {
  const AnomalyMap map = {
      choice_named(pixel_differences(), "coarse"), 0, {}, MapMeasure::kPicture, torch::rand({1, 1, 2, 3})};
  write_detector(folder_ / "detector", {"map", 0.25, normality_, map});
  const Detector read = read_detector(folder_ / "detector");
  EXPECT_EQ(read.map.measure, MapMeasure::kPicture);
  EXPECT_TRUE(torch::equal(read.map.usual, map.usual));
  const Json without = {{"difference", "error"}, {"smoothing", 0}, {"pooling", "max"}, {"measure", "place"}};
  write_archive(folder_ / "other",
                {"detector", {{"score", "map"}, {"threshold", 2}, {"map", without}}, tensors()});
  EXPECT_THAT(error_of([&] { read_detector(folder_ / "other"); }), HasSubstr("other"));
}

TEST_F(DetectorFile, KeepsTheJointSpaceWhereThereIsOne) {
  normality_.joint = {torch::rand({3, 4}), torch::rand({2}), torch::rand({3}, torch::kFloat64)};
  write_detector(folder_ / "detector", {"joint", 0.25, normality_});
  const Normality read = read_detector(folder_ / "detector").normality;
  EXPECT_TRUE(torch::equal(read.joint.points, normality_.joint.points));
  EXPECT_TRUE(torch::equal(read.joint.usual, normality_.joint.usual));
  EXPECT_TRUE(torch::equal(read.joint.apart, normality_.joint.apart));
  EXPECT_TRUE(read.knows("joint"));
  normality_.joint.apart = torch::rand({2}, torch::kFloat64);
  write_detector(folder_ / "other", {"joint", 0.25, normality_});
  EXPECT_THAT(error_of([&] { read_detector(folder_ / "other"); }), HasSubstr("other"));
}

TEST_F(DetectorFile, KeepsWhereWindowsLieAndHowTheyAreCombined) {
  normality_.joint = {torch::rand({3, 4}), torch::rand({2}), torch::rand({3}, torch::kFloat64),
                      torch::tensor({{7, 0}, {7, 1}, {8, 0}})};
  normality_.places = torch::tensor({{7, 0}, {7, 1}, {8, 0}, {8, 1}});
  write_detector(folder_ / "detector", {"joint", 0.25, normality_, {}, StepCombination::kMean});
  const Detector read = read_detector(folder_ / "detector");
  EXPECT_TRUE(torch::equal(read.normality.places, normality_.places));
  EXPECT_TRUE(torch::equal(read.normality.joint.places, normality_.joint.places));
  EXPECT_EQ(read.combination, StepCombination::kMean);
  normality_.places = torch::tensor({{7, 0}});
  write_detector(folder_ / "other", {"joint", 0.25, normality_});
  EXPECT_THAT(error_of([&] { read_detector(folder_ / "other"); }), HasSubstr("other"));
}

TEST_F(DetectorFile, OneOfBeforeHasNoJointSpace) {
  write_archive(folder_ / "old", {"detector", {{"score", "error"}, {"threshold", 2}}, tensors()});
  const Normality read = read_detector(folder_ / "old").normality;
  EXPECT_FALSE(read.knows("joint"));
  EXPECT_TRUE(read.knows("error"));
}

TEST_F(DetectorFile, OneWithoutAMapHasThatOfErrors) {
  write_archive(folder_ / "old", {"detector", {{"score", "error"}, {"threshold", 2}}, tensors()});
  const Detector read = read_detector(folder_ / "old");
  EXPECT_EQ(read.map.text(), "error");
  EXPECT_TRUE(torch::allclose(read.normality.axes.mm(read.normality.axes.t()),
                              normality_.axes.mm(normality_.axes.t())));
}

TEST_F(DetectorFile, WithAMapThatThereIsNotIsDamaged) {
  const Json map = {{"difference", "hue"}, {"smoothing", 0}, {"pooling", "max"}};
  write_archive(folder_ / "other",
                {"detector", {{"score", "map"}, {"threshold", 2}, {"map", map}}, tensors()});
  EXPECT_THAT(error_of([&] { read_detector(folder_ / "other"); }), HasSubstr("other"));
}

}  // namespace
}  // namespace autoencoder
