#include "pictures/decode.h"

#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;

class DecodeTest : public ::testing::Test {
 protected:
  /// A file of the pixels in the format of the name's ending.
  std::filesystem::path save(const std::string& name, const cv::Mat& pixels) const {
    EXPECT_TRUE(cv::imwrite((folder_ / name).string(), pixels)) << name;
    return folder_ / name;
  }

  testing::TemporaryFolder folder_;
};

cv::Mat noise(int type = CV_8UC3) {
  cv::Mat pixels(20, 16, type);
  cv::RNG(7).fill(pixels, cv::RNG::UNIFORM, 0, 256);
  return pixels;
}

TEST_F(DecodeTest, GivesThePixelsOfEveryLosslessFormat) {
  for (const char* name : {"a.png", "a.bmp", "a.ppm", "a.tif"}) {
    EXPECT_EQ(cv::norm(decode_picture(save(name, noise())), noise(), cv::NORM_INF), 0) << name;
  }
  for (const char* name : {"g.png", "g.pgm", "g.tif"}) {
    const cv::Mat grey = decode_picture(save(name, noise(CV_8U)));
    ASSERT_EQ(grey.type(), CV_8U) << name;
    EXPECT_EQ(cv::norm(grey, noise(CV_8U), cv::NORM_INF), 0) << name;
  }
}

TEST_F(DecodeTest, GivesAboutThePixelsOfLossyFormats) {
  const cv::Mat smooth(20, 16, CV_8UC3, cv::Scalar(200, 100, 50));
  for (const char* name : {"a.jpg", "a.webp"}) {
    EXPECT_LE(cv::norm(decode_picture(save(name, smooth)), smooth, cv::NORM_INF), 8) << name;
  }
  EXPECT_EQ(decode_picture(save("g.jpg", noise(CV_8U))).channels(), 1);
}

TEST_F(DecodeTest, ScalesSixteenBitsToEight) {
  cv::Mat pixels(8, 8, CV_16U, cv::Scalar(0x8080));
  pixels.at<ushort>(0, 0) = 65535;
  pixels.at<ushort>(0, 1) = 255;
  pixels.at<ushort>(0, 2) = 0xFEFE;
  const cv::Mat picture = decode_picture(save("deep.png", pixels));
  EXPECT_EQ(picture.type(), CV_8U);
  EXPECT_EQ(picture.at<uchar>(5, 5), 0x80);
  EXPECT_EQ(picture.at<uchar>(0, 0), 255);
  EXPECT_EQ(picture.at<uchar>(0, 1), 1);
  EXPECT_EQ(picture.at<uchar>(0, 2), 0xFE);
}

TEST_F(DecodeTest, ShowsWhiteThroughTransparency) {
  cv::Mat pixels(8, 8, CV_8UC4, cv::Scalar(10, 20, 30, 255));
  pixels.at<cv::Vec4b>(0, 0) = {0, 0, 0, 0};
  pixels.at<cv::Vec4b>(0, 1) = {0, 100, 255, 51};
  const cv::Mat picture = decode_picture(save("alpha.png", pixels));
  EXPECT_EQ(picture.at<cv::Vec3b>(5, 5), cv::Vec3b(10, 20, 30));
  EXPECT_EQ(picture.at<cv::Vec3b>(0, 0), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(picture.at<cv::Vec3b>(0, 1), cv::Vec3b(204, 224, 255));
}

TEST_F(DecodeTest, PassesOverAFourthChannelThatIsUnused) {
  const cv::Mat picture =
      decode_picture(save("unused.png", cv::Mat(8, 8, CV_8UC4, cv::Scalar(10, 20, 30, 0))));
  EXPECT_EQ(picture.at<cv::Vec3b>(5, 5), cv::Vec3b(10, 20, 30));
}

TEST_F(DecodeTest, TurnsThePictureAsItsExifOrientationSays) {
  cv::Mat pixels(16, 32, CV_8UC3, cv::Scalar::all(0));
  pixels(cv::Rect(0, 0, 16, 16)) = cv::Scalar::all(255);  // the left half is white
  std::string bytes = read_file(save("turned.jpg", pixels));
  // APP1 with one EXIF entry: orientation (0x0112), a short, 6: the picture's left side is its top.
  const std::string exif(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
      "\0\0\0\0",
      36);
  bytes.insert(2, exif);
  write_file(folder_ / "turned.jpg", bytes);
  const cv::Mat picture = decode_picture(folder_ / "turned.jpg");
  ASSERT_EQ(picture.size(), cv::Size(16, 32));
  EXPECT_GT(picture.at<cv::Vec3b>(4, 8)[0], 200);
  EXPECT_LT(picture.at<cv::Vec3b>(28, 8)[0], 50);
}

TEST_F(DecodeTest, NamesWhatIsNoPicture) {
  write_file(folder_ / "text.png", "this is no picture");
  EXPECT_THAT(error_of([&] { decode_picture(folder_ / "text.png"); }),
              AllOf(HasSubstr((folder_ / "text.png").string() + ": cannot be read as a picture"),
                    HasSubstr("remove it")));
  write_file(folder_ / "empty.png", "");
  EXPECT_THAT(error_of([&] { decode_picture(folder_ / "empty.png"); }),
              HasSubstr("empty.png: cannot be read as a picture: it is empty"));
  EXPECT_THAT(error_of([&] { decode_picture(folder_ / "none.png"); }), HasSubstr("none.png"));
  std::filesystem::create_directory(folder_ / "folder.png");
  EXPECT_THAT(error_of([&] { decode_picture(folder_ / "folder.png"); }), HasSubstr("it is no file"));
}

TEST_F(DecodeTest, NamesAPictureThatIsCutShort) {
  const SilencedStderr silenced;
  for (const std::string name : {"a.png", "a.jpg", "a.bmp", "a.ppm", "a.tif", "a.webp"}) {
    const std::string bytes = read_file(save(name, noise()));
    for (const double part : {0.1, 0.6, 0.98}) {
      write_file(folder_ / name,
                 bytes.substr(0, static_cast<size_t>(part * static_cast<double>(bytes.size()))));
      EXPECT_THAT(error_of([&] { decode_picture(folder_ / name); }),
                  HasSubstr(name + ": cannot be read as a picture"))
          << part;
    }
  }
}

TEST_F(DecodeTest, NamesASizeThatCannotBe) {
  std::string bytes = read_file(save("huge.png", noise()));
  bytes.replace(16, 8, "\x7F\xFF\xFF\xFF\x7F\xFF\xFF\xFF");  // width and height in the header
  write_file(folder_ / "huge.png", bytes);
  const SilencedStderr silenced;
  EXPECT_THAT(error_of([&] { decode_picture(folder_ / "huge.png"); }),
              HasSubstr("huge.png: cannot be read as a picture"));
}

TEST_F(DecodeTest, NamesPixelsThatAreNoBytes) {
  EXPECT_THAT(error_of([&] { decode_picture(save("real.tif", cv::Mat(8, 8, CV_32F, cv::Scalar(0.5)))); }),
              HasSubstr("real.tif: its pixels are signed or floating-point numbers"));
}

TEST(SilencedStderr, HidesWhatIsWrittenWhileItLives) {
  ::testing::internal::CaptureStderr();
  {
    const SilencedStderr silenced;
    std::fputs("hidden", stderr);
  }
  std::fputs("seen", stderr);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "seen");
}

}  // namespace
}  // namespace autoencoder
