#include "pictures/picture_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

class PictureLayoutTest : public ::testing::Test {
 protected:
  void add(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      write_file(folder_ / name, "not looked into");
    }
  }

  PictureLayout layout() const { return layout_of(folder_.path()); }
  std::string error() const {
    return error_of([&] { layout(); });
  }

  /// Names within the folder.
  std::vector<std::string> names(const std::vector<fs::path>& paths) const {
    std::vector<std::string> names;
    for (const fs::path& path : paths) {
      names.push_back(path.empty() ? "" : path.lexically_relative(folder_.path()).string());
    }
    return names;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PictureLayoutTest, TrainBesideTestOrValAreSplits) {
  add({"train/a.png", "test/b.png", "valid/c.png"});
  EXPECT_THAT(names(layout().train.paths), ElementsAre("train/a.png"));
  EXPECT_THAT(names(layout().validation.paths), ElementsAre("valid/c.png"));
  EXPECT_THAT(names(layout().test.paths), ElementsAre("test/b.png"));
  EXPECT_THAT(layout().test.labels, IsEmpty());
  EXPECT_THAT(layout().train.passed_over, IsEmpty());
  EXPECT_FALSE(layout().has_masks);
}

TEST_F(PictureLayoutTest, ClassesHaveTheSameNumbersInAllSplits) {
  add({"train/dogs/a.png", "train/cats/b.png", "test/dogs/c.png", "test/birds/d.png"});
  EXPECT_THAT(layout().train.labels, ElementsAre(1, 2));
  EXPECT_THAT(layout().test.labels, ElementsAre(0, 2));
  EXPECT_THAT(layout().train.label_names, ElementsAre("birds", "cats", "dogs"));
  EXPECT_THAT(layout().test.label_names, ElementsAre("birds", "cats", "dogs"));
}

TEST_F(PictureLayoutTest, TrainAloneIsASplitWhereClassesAreInItElseAClass) {
  add({"train/dogs/a.png"});
  EXPECT_THAT(layout().train.label_names, ElementsAre("dogs"));
  EXPECT_TRUE(has_picture_layout(folder_.path()));
  fs::remove_all(folder_ / "train");
  add({"train/a.png", "bus/b.png", "test/notes.txt"});
  EXPECT_THAT(layout().train.label_names, ElementsAre("bus", "train"));
}

TEST_F(PictureLayoutTest, WhatLiesBesideSplitsIsPassedOver) {
  add({"train/a.png", "test/b.png", "other/c.png", "readme.txt", "e.png", ".hidden"});
  EXPECT_THAT(names(layout().train.passed_over), ElementsAre("readme.txt", "e.png", "other"));
}

TEST_F(PictureLayoutTest, MasksBelongToTestPicturesByTheirNames) {
  add({"train/good/a.png", "test/good/a.png", "test/dent/a.png", "test/dent/b.jpg",
       "ground_truth/dent/b_mask.png", "ground_truth/dent/a.png"});
  EXPECT_TRUE(layout().has_masks);
  EXPECT_THAT(names(layout().test.paths),
              ElementsAre("test/dent/a.png", "test/dent/b.jpg", "test/good/a.png"));
  EXPECT_THAT(names(layout().test_masks),
              ElementsAre("ground_truth/dent/a.png", "ground_truth/dent/b_mask.png", ""));
  EXPECT_THAT(layout().train.passed_over, IsEmpty());
}

TEST_F(PictureLayoutTest, KindsWithoutMasksAreGoodWhereTrainHasNoClasses) {
  add({"train/a.png", "test/fine/a.png", "test/dent/b.png", "ground_truth/dent/b_mask.png"});
  EXPECT_THAT(names(layout().test_masks), ElementsAre("ground_truth/dent/b_mask.png", ""));
}

TEST_F(PictureLayoutTest, NamesATestPictureWithoutAMask) {
  add({"train/good/a.png", "test/good/a.png", "test/dent/a.png", "test/dent/b.png",
       "ground_truth/dent/a_mask.png"});
  EXPECT_EQ(error(), (folder_ / "test/dent/b.png").string() +
                         ": no mask for it, as ground_truth/dent/b_mask.png would be; add it, or remove the "
                         "picture");
}

TEST_F(PictureLayoutTest, NamesAMaskWithoutATestPicture) {
  add({"train/good/a.png", "test/good/a.png", "ground_truth/dent/a_mask.png"});
  EXPECT_EQ(error(), (folder_ / "ground_truth/dent/a_mask.png").string() +
                         ": no test picture belongs to this mask; remove it, or add the picture");
}

}  // namespace
}  // namespace autoencoder
