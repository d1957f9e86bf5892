#include "pictures/picture_folder.h"

#include <cstdio>

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <torch/types.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class PictureFolderTest : public ::testing::Test {
 protected:
  void save(const std::string& name, const cv::Mat& pixels) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    EXPECT_TRUE(cv::imwrite((folder_ / name).string(), pixels)) << name;
  }
  void save_grey(const std::string& name, int value, cv::Size size = {12, 10}) const {
    save(name, cv::Mat(size, CV_8U, cv::Scalar(value)));
  }

  DataSource read(const PictureFormat& format = {}) const {
    return read_picture_folder(folder_.path(), format);
  }
  std::string error(const PictureFormat& format = {}) const {
    return error_of([&] { read(format); });
  }

  testing::TemporaryFolder folder_;
};

std::vector<int64_t> first_pixels(const Dataset& data) {
  const torch::Tensor pixels =
      data.images.all().select(3, 0).select(2, 0).select(1, 0).to(torch::kInt64).contiguous();
  return {pixels.data_ptr<int64_t>(), pixels.data_ptr<int64_t>() + pixels.numel()};
}

TEST_F(PictureFolderTest, ReadsPicturesInTheOrderOfTheirNames) {
  save_grey("b.png", 20);
  save_grey("a.png", 10);
  save_grey("c.png", 30);
  const DataSource source = read();
  EXPECT_EQ(source.train.images.all().sizes(), torch::IntArrayRef({3, 1, 10, 12}));
  EXPECT_EQ(source.train.images.all().scalar_type(), torch::kUInt8);
  EXPECT_THAT(first_pixels(source.train), ElementsAre(10, 20, 30));
  EXPECT_FALSE(source.train.labels.defined());
  EXPECT_TRUE(source.test.empty());
}

TEST_F(PictureFolderTest, TakesSubFoldersForLabels) {
  save_grey("two/a.png", 20);
  save_grey("one/b.png", 11);
  save_grey("one/a.png", 10);
  const Dataset data = read().train;
  EXPECT_THAT(first_pixels(data), ElementsAre(10, 11, 20));
  EXPECT_TRUE(torch::equal(data.labels, torch::tensor({0, 0, 1}, torch::kInt64)));
  EXPECT_THAT(data.label_names, ElementsAre("one", "two"));
}

TEST_F(PictureFolderTest, KeepsEveryPixelInItsPlace) {
  cv::Mat pixels(8, 9, CV_8U);
  for (int i = 0; i < 72; ++i) {
    pixels.at<uchar>(i / 9, i % 9) = static_cast<uchar>(3 * i);
  }
  save("a.png", pixels);
  const torch::Tensor expected = (3 * torch::arange(72)).to(torch::kUInt8).view({1, 1, 8, 9});
  EXPECT_TRUE(torch::equal(read().train.images.all(), expected));
}

TEST_F(PictureFolderTest, GivesRedGreenAndBlueInThisOrder) {
  save("a.png", cv::Mat(8, 8, CV_8UC3, cv::Scalar(3, 2, 1)));
  const torch::Tensor images = read().train.images.all();
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({1, 3, 8, 8}));
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_TRUE((images[0][channel] == channel + 1).all().item<bool>()) << channel;
  }
}

TEST_F(PictureFolderTest, TakesColoursWhereOnePictureHasThem) {
  save_grey("a.png", 99, {8, 8});
  save("b.png", cv::Mat(8, 8, CV_8UC3, cv::Scalar(30, 20, 10)));
  save_grey("c.png", 98, {8, 8});
  const DataSource source = read();
  const torch::Tensor images = source.train.images.all();
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({3, 3, 8, 8}));
  EXPECT_TRUE((images[0] == 99).all().item<bool>());
  EXPECT_TRUE((images[1][0] == 10).all().item<bool>());
  EXPECT_THAT(source.notes, ElementsAre(StartsWith("grey pictures: 2 of 3; read as RGB")));
}

TEST_F(PictureFolderTest, KeepsTheDepthOfSixteenBitsAndOfFloats) {
  save_grey("a.png", 51);
  save("b.png", cv::Mat(10, 12, CV_16U, cv::Scalar(0x8001)));
  save("c.tif", cv::Mat(10, 12, CV_32F, cv::Scalar(-2.5)));
  const torch::Tensor images = read().train.images.all();
  EXPECT_EQ(images.scalar_type(), torch::kFloat32);
  EXPECT_FLOAT_EQ(images[0][0][0][0].item<float>(), 0.2F);
  EXPECT_FLOAT_EQ(images[1][0][5][5].item<float>(), 0x8001 / 65535.0F);
  EXPECT_FLOAT_EQ(images[2][0][9][11].item<float>(), -2.5F);
}

TEST_F(PictureFolderTest, SaysWhereLittleOfTheRangeIsUsed) {
  save("a.png", cv::Mat(10, 12, CV_16U, cv::Scalar(4095)));
  EXPECT_THAT(read().notes, ElementsAre(AllOf(HasSubstr("up to 0.0625 only"), HasSubstr("--scale minmax"))));
  save("b.png", cv::Mat(10, 12, CV_16U, cv::Scalar(20000)));
  EXPECT_THAT(read().notes, IsEmpty());
}

TEST_F(PictureFolderTest, SaysWhatIsPassedOver) {
  save_grey("cats/a.png", 200);
  save_grey("cats/deeper/a.png", 200);
  write_file(folder_ / "notes.txt", "x");
  write_file(folder_ / "cats" / "Thumbs.db", "x");
  EXPECT_THAT(read().notes, ElementsAre("passed over: 2 other files (.db, .txt), 1 folder (" +
                                        (folder_ / "cats/deeper").string() + ")"));
}

TEST_F(PictureFolderTest, ScalesToAHeightAndAWidth) {
  save_grey("a.png", 7, {20, 40});
  EXPECT_EQ(read({.height = 10, .width = 16}).train.shape(), (ImageShape{1, 10, 16}));
}

TEST_F(PictureFolderTest, ReadsSplitsWithTheSameNumberForTheSameClass) {
  save_grey("train/good/a.png", 10);
  save_grey("train/good/b.png", 11);
  save_grey("val/good/c.png", 20);
  save_grey("test/good/d.png", 30);
  save_grey("test/dent/e.png", 40);
  const DataSource source = read();
  EXPECT_THAT(first_pixels(source.train), ElementsAre(10, 11, 20));
  EXPECT_THAT(first_pixels(source.test), ElementsAre(40, 30));
  EXPECT_TRUE(torch::equal(source.validation, torch::tensor({2}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(source.train.labels, torch::tensor({1, 1, 1}, torch::kInt64)));
  EXPECT_TRUE(torch::equal(source.test.labels, torch::tensor({0, 1}, torch::kInt64)));
  EXPECT_THAT(source.test.label_names, ElementsAre("dent", "good"));
  EXPECT_EQ(source.train.label_names, source.test.label_names);
  EXPECT_THAT(source.test.files, ElementsAre(HasSubstr("e.png"), HasSubstr("d.png")));
  EXPECT_FALSE(source.test.masks.defined());
}

TEST_F(PictureFolderTest, ReadsMasksScaledAsThePicturesAre) {
  save_grey("train/good/a.png", 200, {20, 40});
  save_grey("test/good/b.png", 200, {20, 40});
  save_grey("test/dent/c.png", 200, {20, 40});
  cv::Mat mask(40, 20, CV_8U, cv::Scalar(0));
  mask(cv::Rect(0, 10, 10, 20)) = cv::Scalar(1);  // of the middle the left half
  save("ground_truth/dent/c_mask.png", mask);
  const DataSource source = read({.height = 10, .width = 10, .fit = PictureFit::kCrop});
  const torch::Tensor masks = source.test.masks.all();
  EXPECT_EQ(masks.sizes(), torch::IntArrayRef({2, 1, 10, 10}));
  EXPECT_TRUE((masks[0][0].slice(1, 0, 5) == 255).all().item<bool>()) << masks[0][0];
  EXPECT_EQ(masks[0][0].slice(1, 5, 10).max().item<int>(), 0);
  EXPECT_EQ(masks[1].max().item<int>(), 0);
  EXPECT_EQ(source.train.masks.all().sizes(), torch::IntArrayRef({1, 1, 10, 10}));
  EXPECT_EQ(source.train.masks.all().max().item<int>(), 0);
  EXPECT_THAT(source.notes, IsEmpty());
}

TEST_F(PictureFolderTest, NamesAMaskOfAnotherSize) {
  save_grey("train/good/a.png", 1);
  save_grey("test/dent/c.png", 1);
  save_grey("ground_truth/dent/c_mask.png", 1, {12, 11});
  EXPECT_EQ(error(), (folder_ / "ground_truth/dent/c_mask.png").string() +
                         ": this mask is 12 x 11 pixels, but its picture 12 x 10; make them alike");
}

TEST_F(PictureFolderTest, ReadsSinglePicturesInTheOrderGiven) {
  save_grey("b.png", 20);
  save_grey("a.png", 10);
  const DataSource source = read_picture_list("some pictures", {folder_ / "b.png", folder_ / "a.png"}, {});
  EXPECT_EQ(source.name, "some-pictures");
  EXPECT_THAT(first_pixels(source.train), ElementsAre(20, 10));
  EXPECT_THAT(source.train.files, ElementsAre(folder_ / "b.png", folder_ / "a.png"));
}

TEST_F(PictureFolderTest, MakesTheChannelsThatAreAskedFor) {
  save("a.png", cv::Mat(8, 8, CV_8UC3, cv::Scalar(30, 20, 10)));
  const torch::Tensor grey = read({.channels = 1}).train.images.all();
  EXPECT_EQ(grey.sizes(), torch::IntArrayRef({1, 1, 8, 8}));
  EXPECT_EQ(grey[0][0][0][0].item<int>(), 18);  // 0.299 * 10 + 0.587 * 20 + 0.114 * 30
  EXPECT_EQ(read({.channels = 3}).train.images.all().size(1), 3);
}

TEST_F(PictureFolderTest, ScalesToTheSizeThatIsAskedFor) {
  cv::Mat halves(20, 40, CV_8U, cv::Scalar(0));
  halves(cv::Rect(20, 0, 20, 20)) = cv::Scalar(200);
  save("a.png", halves);
  save_grey("b.png", 50, {9, 8});
  const torch::Tensor images = read({.height = 10, .width = 10}).train.images.all();
  EXPECT_EQ(images.sizes(), torch::IntArrayRef({2, 1, 10, 10}));
  EXPECT_TRUE((images[0][0].slice(1, 0, 5) == 0).all().item<bool>());
  EXPECT_TRUE((images[0][0].slice(1, 5, 10) == 200).all().item<bool>());
  EXPECT_TRUE((images[1] == 50).all().item<bool>());
}

TEST_F(PictureFolderTest, ShrinksByAveraging) {
  cv::Mat stripes(40, 40, CV_8U, cv::Scalar(0));
  for (int x = 0; x < 40; x += 4) {
    stripes.col(x) = cv::Scalar(200);
  }
  save("a.png", stripes);
  EXPECT_TRUE((read({.height = 10, .width = 10}).train.images.all() == 50).all().item<bool>());
}

TEST_F(PictureFolderTest, NamesAPictureOfAnotherSize) {
  save_grey("a.png", 1, {30, 28});
  save_grey("b.png", 1, {28, 30});
  EXPECT_THAT(error(),
              AllOf(HasSubstr((folder_ / "b.png").string() + ": it is 28 x 30 pixels, but "),
                    HasSubstr("a.png is 30 x 28; scale them all with --image-size 28 and, so that they "
                              "keep their proportions, --fit crop or --fit pad")));
}

TEST_F(PictureFolderTest, NamesAPictureThatIsTooSmall) {
  save_grey("a.png", 1, {12, 10});
  save_grey("b.png", 1, {7, 30});
  const std::string expected =
      (folder_ / "b.png").string() + ": it is 7 x 30 pixels; pictures must be at least 8 x 8";
  EXPECT_THAT(error(), HasSubstr(expected));
  EXPECT_THAT(error({.height = 16, .width = 16}), HasSubstr(expected));
}

TEST_F(PictureFolderTest, NamesTheFirstPictureThatCannotBeReadAndKeepsStderrClean) {
  for (const char* name : {"a.png", "b.png", "c.png", "d.png"}) {
    save_grey(name, 1);
  }
  const std::string bytes = read_file(folder_ / "a.png");
  write_file(folder_ / "b.png", bytes.substr(0, bytes.size() / 2));
  write_file(folder_ / "d.png", "nothing");
  ::testing::internal::CaptureStderr();
  const std::string message = error();
  std::fputs("afterwards", stderr);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "afterwards");
  EXPECT_THAT(message, HasSubstr((folder_ / "b.png").string() + ": cannot be read as a picture"));
}

TEST_F(PictureFolderTest, ReadsTheSameWithAnyNumberOfThreads) {
  for (int i = 0; i < 40; ++i) {
    save_grey(std::to_string(100 + i) + ".png", i);
  }
  const int threads = torch::get_num_threads();
  torch::set_num_threads(1);
  const torch::Tensor alone = read().train.images.all();
  torch::set_num_threads(4);
  const torch::Tensor together = read().train.images.all();
  torch::set_num_threads(threads);
  EXPECT_EQ(alone[39][0][0][0].item<int>(), 39);
  EXPECT_TRUE(torch::equal(alone, together));
}

TEST_F(PictureFolderTest, RefusesASizeThatCannotBe) {
  save_grey("a.png", 1);
  EXPECT_THAT(error({.height = 4, .width = 4}), HasSubstr("image-size is 4; it must be at least 8"));
  EXPECT_THAT(error({.height = 1 << 30, .width = 1 << 30}),
              HasSubstr("do not fit in memory; scale them with --image-size"));
  EXPECT_THROW(read({.channels = 2}), c10::Error);
}

TEST_F(PictureFolderTest, HasTheFoldersNameFitForAFileName) {
  for (const char* folder : {"faces", "faces/", "./faces/."}) {
    save_grey("faces/a.png", 1);
    EXPECT_EQ(read_picture_folder(folder_.path() / folder, {}).name, "faces") << folder;
  }
  save_grey("my cats, 2024/a.png", 1);
  EXPECT_EQ(read_picture_folder(folder_ / "my cats, 2024", {}).name, "my-cats--2024");
}

TEST_F(PictureFolderTest, SaysWhereThereAreNone) { EXPECT_THAT(error(), HasSubstr("no pictures in it")); }

}  // namespace
}  // namespace autoencoder
