#include "pictures/picture_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "pictures/picture_folder.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PictureFilesTest : public ::testing::Test {
 protected:
  void add(const std::string& name) const { write_file(folder_ / name, "not looked into"); }

  std::vector<std::string> listed() const {
    std::vector<std::string> names;
    for (const auto& path : list_pictures(folder_.path()).paths) {
      names.push_back(path.lexically_relative(folder_.path()).string());
    }
    return names;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PictureFilesTest, AreSortedByName) {
  for (const char* name : {"b.png", "a.jpg", "c.bmp", "B.png", "10.png", "9.png"}) {
    add(name);
  }
  EXPECT_THAT(listed(), ElementsAre("10.png", "9.png", "B.png", "a.jpg", "b.png", "c.bmp"));
  EXPECT_THAT(list_pictures(folder_.path()).labels, IsEmpty());
}

TEST_F(PictureFilesTest, AreKnownByTheirEndings) {
  for (const char* name : {"a.png", "b.PNG", "c.Jpeg", "d.tif", "e.tiff", "f.webp", "g.pgm", "h.ppm",
                           "notes.txt", "png", "i.png.part"}) {
    add(name);
  }
  EXPECT_THAT(listed(),
              ElementsAre("a.png", "b.PNG", "c.Jpeg", "d.tif", "e.tiff", "f.webp", "g.pgm", "h.ppm"));
}

TEST_F(PictureFilesTest, AreNotHidden) {
  for (const char* name : {"a.png", ".b.png", "._a.png", ".thumbnails/c.png"}) {
    add(name);
  }
  EXPECT_THAT(listed(), ElementsAre("a.png"));
}

TEST_F(PictureFilesTest, HaveTheirFoldersForLabels) {
  for (const char* name :
       {"dogs/2.png", "cats/9.png", "dogs/1.png", "empty/notes.txt", "notes.txt", "cats/deeper/1.png"}) {
    add(name);
  }
  EXPECT_THAT(listed(), ElementsAre("cats/9.png", "dogs/1.png", "dogs/2.png"));
  const PictureFiles files = list_pictures(folder_.path());
  EXPECT_THAT(files.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(files.label_names, ElementsAre("cats", "dogs"));
}

TEST_F(PictureFilesTest, HaveLabelsSortedByName) {
  for (const char* label : {"7", "3", "9", "1", "5", "8", "2", "6", "4", "0"}) {
    add(std::string(label) + "/a.png");
  }
  EXPECT_THAT(list_pictures(folder_.path()).label_names,
              ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
}

TEST_F(PictureFilesTest, LieEitherInTheFolderOrInItsSubFolders) {
  add("a.png");
  add("cats/b.png");
  EXPECT_THAT(error_of([&] { list_pictures(folder_.path()); }),
              AllOf(HasSubstr(folder_.path().string() +
                              ": pictures both in it (a.png) and in its sub-folders (cats/b.png)"),
                    HasSubstr("put them all in sub-folders")));
}

TEST_F(PictureFilesTest, AreMissed) {
  EXPECT_THAT(error_of([&] { list_pictures(folder_.path()); }),
              HasSubstr(folder_.path().string() + ": no pictures in it or in its sub-folders (PNG, JPEG"));
  EXPECT_THAT(error_of([&] { list_pictures(folder_ / "none"); }), HasSubstr("none: no such folder"));
}

TEST_F(PictureFilesTest, AreFound) {
  EXPECT_FALSE(has_pictures(folder_.path()));
  EXPECT_FALSE(has_pictures(folder_ / "none"));
  add("notes.txt");
  EXPECT_FALSE(has_pictures(folder_.path()));
  add("cats/b.png");
  EXPECT_TRUE(has_pictures(folder_.path()));
  EXPECT_TRUE(has_pictures(folder_ / "cats"));
  EXPECT_FALSE(has_pictures(folder_ / "cats/b.png"));
}

}  // namespace
}  // namespace autoencoder
