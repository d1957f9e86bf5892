// Pictures as --data names them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "common/files.h"
#include "data/data_format.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PictureDataTest : public ::testing::Test {
 protected:
  std::string save(const std::string& name, int value) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    EXPECT_TRUE(cv::imwrite((folder_ / name).string(), cv::Mat(10, 12, CV_8U, cv::Scalar(value)))) << name;
    return (folder_ / name).string();
  }

  static DataSource open(const std::string& data, const Json& reading = Json::object()) {
    SourceOptions source;
    source.data = data;
    source.reading = reading;
    return open_source(source);
  }
  std::string error(const Json& reading) const {
    return error_of([&] { open(folder_.path().string(), reading); });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(PictureDataTest, AreOneFileOrSeveralOrAList) {
  const std::string first = save("one.png", 200);
  const std::string second = save("two.png", 100);
  write_file(folder_ / "both.txt", "two.png\none.png\n");
  EXPECT_EQ(open(first).name, "one");
  EXPECT_EQ(open(first).train.size(), 1);
  EXPECT_EQ(open(first + "," + second).name, "pictures");
  const DataSource listed = open("@" + (folder_ / "both.txt").string());
  EXPECT_EQ(listed.name, "both");
  EXPECT_EQ(listed.train.images.all()[0][0][0][0].item<int>(), 100);
  EXPECT_EQ(format_of((folder_ / "none.png").string())->name, "pictures");
  EXPECT_THAT(error_of([&] { open((folder_ / "none.png").string()); }), HasSubstr("none.png: no such file"));
}

TEST_F(PictureDataTest, AreFoldersOfAnyLayout) {
  save("train/good/a.png", 200);
  EXPECT_EQ(open(folder_.path().string()).train.size(), 1);
  save("test/good/a.png", 200);
  EXPECT_EQ(open(folder_.path().string()).test.size(), 1);
}

TEST_F(PictureDataTest, LieAnywhere) {
  SourceOptions source;
  const std::string here = std::filesystem::current_path().string();
  for (const auto& [given, found] :
       {std::pair<std::string, std::string>("a.png,b.png", here + "/a.png," + here + "/b.png"),
        {"@a.txt", "@" + here + "/a.txt"}}) {
    source.data = given;
    EXPECT_EQ(located(source).data, found);
  }
}

TEST_F(PictureDataTest, HaveASizeAHeightAndAWidthAndAFit) {
  save("a.png", 200);
  const auto shape = [&](const Json& reading) {
    return open(folder_.path().string(), reading).train.shape();
  };
  EXPECT_EQ(shape({}), (ImageShape{1, 10, 12}));
  EXPECT_EQ(shape({{"image-size", "16"}}), (ImageShape{1, 16, 16}));
  EXPECT_EQ(shape({{"image-size", "8x24"}, {"fit", "pad"}, {"image-channels", 3}}), (ImageShape{3, 8, 24}));
}

TEST_F(PictureDataTest, RefuseWhatIsNoSizeAndAFitToNone) {
  save("a.png", 200);
  for (const char* size : {"large", "8x", "x8", "-8", "8x8x8", "32001", ""}) {
    EXPECT_THAT(error({{"image-size", size}}), StartsWith(std::string("image-size is ") + size +
                                                          "; it must be a side such as 128, or height"));
  }
  EXPECT_THAT(error({{"image-size", "4x20"}}), HasSubstr("image-size is 4; it must be at least 8"));
  EXPECT_THAT(error({{"fit", "crop"}}), HasSubstr("fit is crop, but pictures stay as they are; give their"));
  EXPECT_THAT(error({{"image-channels", 2}}), HasSubstr("image-channels is 2; it must be 1 (grey), 3"));
}

}  // namespace
}  // namespace autoencoder
