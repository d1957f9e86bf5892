#include "pictures/picture_fit.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

// 12 x 8 pixels, black, with the first column at 200 and the last at 100.
cv::Mat wide(int type = CV_8U) {
  cv::Mat picture(8, 12, type, cv::Scalar(0));
  picture.col(0) = cv::Scalar(200);
  picture.col(11) = cv::Scalar(100);
  return picture;
}

TEST(PictureFit, StretchTakesAllOfThePicture) {
  const cv::Mat result = fitted_picture(wide(), {12, 16}, PictureFit::kStretch);
  EXPECT_EQ(result.size(), cv::Size(12, 16));
  EXPECT_EQ(cv::norm(result.col(0), cv::Mat(16, 1, CV_8U, cv::Scalar(200)), cv::NORM_INF), 0);
}

TEST(PictureFit, CropTakesTheMiddle) {
  const cv::Mat result = fitted_picture(wide(), {8, 8}, PictureFit::kCrop);
  EXPECT_EQ(result.size(), cv::Size(8, 8));
  EXPECT_EQ(cv::countNonZero(result), 0);
}

TEST(PictureFit, PadGoesOnWithTheEdges) {
  cv::Mat picture = wide();
  picture.row(7) = cv::Scalar(50);
  const cv::Mat result = fitted_picture(picture, {12, 12}, PictureFit::kPad);
  ASSERT_EQ(result.size(), cv::Size(12, 12));
  EXPECT_EQ(cv::norm(result.rowRange(2, 10), picture, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(result.row(0), picture.row(0), cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(result.row(11), picture.row(7), cv::NORM_INF), 0);
}

TEST(PictureFit, ProportionsStayWhateverTheSize) {
  for (const cv::Size& size : {cv::Size(9, 31), cv::Size(100, 8), cv::Size(7, 7), cv::Size(12, 8)}) {
    for (const PictureFit fit : {PictureFit::kStretch, PictureFit::kCrop, PictureFit::kPad}) {
      EXPECT_EQ(fitted_picture(wide(), size, fit).size(), size);
      EXPECT_EQ(fitted_mask(wide(), size, fit).size(), size);
    }
  }
}

TEST(PictureFit, FloatsStayWithinTheirRange) {
  double min = 0;
  double max = 0;
  cv::minMaxIdx(fitted_picture(wide(CV_32F), {60, 40}, PictureFit::kStretch), &min, &max);
  EXPECT_EQ(min, 0);
  EXPECT_EQ(max, 200);
}

TEST(PictureFit, MasksGetNoNewValuesAndNothingAroundThem) {
  const cv::Mat mask(8, 12, CV_8U, cv::Scalar(255));
  const cv::Mat result = fitted_mask(mask, {24, 24}, PictureFit::kPad);
  EXPECT_EQ(cv::countNonZero(result == 255), 24 * 16);
  EXPECT_EQ(cv::countNonZero(result == 0), 24 * 8);
}

}  // namespace
}  // namespace autoencoder
