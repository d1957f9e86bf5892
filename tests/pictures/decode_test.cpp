#include "pictures/decode.h"

#include <cstdio>
#include <gif_lib.h>
#include <limits>

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

TEST_F(DecodeTest, KeepsSixteenBits) {
  cv::Mat pixels(8, 8, CV_16UC3, cv::Scalar(1, 2, 0x8081));
  pixels.at<cv::Vec3w>(0, 0) = {65535, 255, 0xFEFE};
  for (const char* name : {"deep.png", "deep.tif"}) {
    const cv::Mat picture = decode_picture(save(name, pixels));
    ASSERT_EQ(picture.type(), CV_16UC3) << name;
    EXPECT_EQ(cv::norm(picture, pixels, cv::NORM_INF), 0) << name;
  }
}

TEST_F(DecodeTest, ShowsWhiteThroughSixteenBitsOfTransparency) {
  cv::Mat pixels(8, 8, CV_16UC4, cv::Scalar(1000, 2000, 3000, 65535));
  pixels.at<cv::Vec4w>(0, 0) = {0, 25700, 65535, 13107};
  const cv::Mat picture = decode_picture(save("alpha.png", pixels));
  EXPECT_EQ(picture.at<cv::Vec3w>(5, 5), cv::Vec3w(1000, 2000, 3000));
  EXPECT_EQ(picture.at<cv::Vec3w>(0, 0), cv::Vec3w(52428, 57568, 65535));
}

TEST_F(DecodeTest, GivesFloatsAsTheyAre) {
  cv::Mat pixels(8, 8, CV_32F, cv::Scalar(-1.5));
  pixels.at<float>(2, 3) = 1e6F;
  const cv::Mat picture = decode_picture(save("real.tif", pixels));
  ASSERT_EQ(picture.type(), CV_32F);
  EXPECT_EQ(cv::norm(picture, pixels, cv::NORM_INF), 0);
}

TEST_F(DecodeTest, NamesAFloatThatIsNotFinite) {
  cv::Mat pixels(8, 9, CV_32F, cv::Scalar::all(0.5));
  pixels.at<float>(2, 7) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(error_of([&] { decode_picture(save("real.tif", pixels)); }),
            (folder_ / "real.tif").string() +
                ": its pixel at column 7, row 2 is nan; every number must be finite, so replace it");
}

// A GIF of 10 x 9 pixels whose frame, 8 x 8 of them from (1, 1) on, is red but for one transparent pixel.
std::string red_gif(const std::filesystem::path& path) {
  int code = 0;
  GifFileType* gif = ::EGifOpenFileName(path.c_str(), false, &code);
  const GifColorType colours[2] = {{200, 0, 0}, {0, 0, 0}};
  ColorMapObject* map = ::GifMakeMapObject(2, colours);
  ::EGifPutScreenDesc(gif, 10, 9, 1, 0, map);
  const GraphicsControlBlock graphics = {0, false, 0, 1};
  GifByteType extension[4];
  ::EGifGCBToExtension(&graphics, extension);
  ::EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, 4, extension);
  ::EGifPutImageDesc(gif, 1, 1, 8, 8, false, nullptr);
  for (int row = 0; row < 8; ++row) {
    GifPixelType line[8] = {static_cast<GifPixelType>(row == 0 ? 1 : 0)};
    ::EGifPutLine(gif, line, 8);
  }
  ::EGifCloseFile(gif, &code);
  ::GifFreeMapObject(map);
  return read_file(path);
}

TEST_F(DecodeTest, GivesTheFirstFrameOfAGif) {
  red_gif(folder_ / "a.gif");
  const cv::Mat picture = decode_picture(folder_ / "a.gif");
  ASSERT_EQ(picture.size(), cv::Size(10, 9));
  EXPECT_EQ(picture.at<cv::Vec3b>(8, 8), cv::Vec3b(0, 0, 200));
  EXPECT_EQ(picture.at<cv::Vec3b>(1, 2), cv::Vec3b(0, 0, 200));
  for (const cv::Point& outside : {cv::Point(0, 0), cv::Point(1, 1), cv::Point(9, 8)}) {
    EXPECT_EQ(picture.at<cv::Vec3b>(outside), cv::Vec3b(255, 255, 255)) << outside;
  }
}

TEST_F(DecodeTest, NamesAGifThatIsCutShort) {
  const std::string bytes = red_gif(folder_ / "a.gif");
  for (size_t size = 6; size < bytes.size() - 1; ++size) {
    write_file(folder_ / "a.gif", bytes.substr(0, size));
    EXPECT_THAT(error_of([&] { decode_picture(folder_ / "a.gif"); }),
                HasSubstr("a.gif: cannot be read as a picture"))
        << size;
  }
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
  bytes.replace(16, 8, std::string("\0\0\x9C\x40\0\0\x9C\x40", 8));  // width and height in the header
  write_file(folder_ / "huge.png", bytes);
  EXPECT_THAT(
      error_of([&] { decode_picture(folder_ / "huge.png"); }),
      HasSubstr("huge.png: its header says 40000 x 40000 pixels, more than the 1,073,741,824 that can be "
                "read; scale it down, or cut it into smaller pictures"));
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
