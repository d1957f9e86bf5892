// What a build without OpenCV says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "pictures/curves.h"
#include "pictures/grid.h"
#include "pictures/picture_files.h"
#include "pictures/picture_folder.h"
#include "pictures/pictures.h"
#include "pictures/series_chart.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;

const auto kSaysSo =
    AllOf(HasSubstr("this build has no OpenCV"), HasSubstr("install libopencv-dev and build again"));

TEST(WithoutOpenCV, ThereAreNoPictures) {
  EXPECT_FALSE(pictures_available());
  EXPECT_EQ(opencv_version(), "none");
}

TEST(WithoutOpenCV, DrawingSaysWhatIsMissing) {
  EXPECT_THAT(error_of([] { write_grid("grid.png", {{"", torch::zeros({1, 1, 8, 8})}}); }), kSaysSo);
  EXPECT_THAT(error_of([] { write_chart("chart.png", {}, {}); }), kSaysSo);
  EXPECT_THAT(error_of([] { write_series("series.png", {}, {}); }), kSaysSo);
}

TEST(WithoutOpenCV, ReadingSaysWhatIsMissingUnlessTheFolderIsWrong) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { read_picture_folder(folder.path(), {}); }), HasSubstr("no pictures in it"));
  write_file(folder / "a.png", "any");
  EXPECT_TRUE(has_pictures(folder.path()));
  EXPECT_THAT(error_of([&] { read_picture_folder(folder.path(), {}); }), kSaysSo);
}

}  // namespace
}  // namespace autoencoder
