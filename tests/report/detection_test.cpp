#include "report/detection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "common/json.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

class DetectionSection : public ::testing::Test {
 protected:
  report::Section section_of(const std::string& text) const {
    write_file(run_.detection(), text);
    return detection_section(run_);
  }

  testing::TemporaryFolder folder_;
  RunDirectory run_ = RunDirectory(folder_.path());
};

TEST_F(DetectionSection, TellsOfScoresAndOfKinds) {
  const Json pixels = {{"auroc", 0.98}, {"pro", 0.9}, {"best_f1", 0.5}, {"threshold", 0.1}};
  const Json json = {
      {"examples", 240},
      {"score", "map"},
      {"threshold", 0.25},
      {"anomalies", 140},
      {"scores", {{"map", {{"auroc", 0.995}, {"average_precision", 0.99}, {"best_f1", 0.97}}}}},
      {"pixels", pixels},
      {"kinds", {{"hole", {{"examples", 20}, {"auroc", 1.0}, {"pixels", pixels}}}}}};
  const report::Section section = section_of(json.dump());
  ASSERT_EQ(section.blocks.size(), 3);
  EXPECT_THAT(std::get<report::Paragraph>(section.blocks[0]).text, HasSubstr("Of 240 examples 140"));
  EXPECT_THAT(std::get<report::Table>(section.blocks[1]).rows,
              ElementsAre(ElementsAre("map", "0.9950", "0.9900", "0.9700")));
  EXPECT_THAT(std::get<report::Table>(section.blocks[2]).rows,
              ElementsAre(ElementsAre("hole", "1.0000", "0.9800", "0.9000", "0.5000"),
                          ElementsAre("all", "0.9950", "0.9800", "0.9000", "0.5000")));
}

TEST_F(DetectionSection, TellsHowManyWhereAnomaliesAreNotKnown) {
  const Json json = {{"examples", 40}, {"score", "error"}, {"threshold", 0.25}, {"anomalies", 1}};
  EXPECT_EQ(section_of(json.dump()).blocks.size(), 1);
}

TEST_F(DetectionSection, HasNothingToTellOfARunWithoutOne) {
  EXPECT_TRUE(detection_section(run_).blocks.empty());
}

TEST_F(DetectionSection, NamesADamagedFile) {
  EXPECT_THAT(error_of([&] { section_of("{\"examples\": 40"); }), HasSubstr("detection.json: damaged"));
  EXPECT_THAT(error_of([&] { section_of("{}"); }), HasSubstr("autoencoder detect score"));
}

}  // namespace
}  // namespace autoencoder
