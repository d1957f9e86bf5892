#include "data/formats/array_source.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

DataSource source_of(const torch::Tensor& array) { return source_of_array("x.npy", "x", array); }

torch::Tensor images_of(const torch::Tensor& array) { return source_of(array).train.images.all(); }

std::string error_of_array(const torch::Tensor& array) {
  const std::string message = error_of([&] { source_of(array); });
  EXPECT_THAT(message, StartsWith("x.npy: "));
  return message.substr(std::min<size_t>(message.size(), 7));
}

TEST(ArraySource, TwoDimensionsAreVectors) {
  const torch::Tensor values = torch::tensor({{-1, 2, 300}, {4, 5, 6}}, torch::kInt64);
  const DataSource source = source_of(values);
  EXPECT_EQ(source.name, "x");
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 3}));
  EXPECT_TRUE(torch::equal(source.train.images.all().view({2, 3}), values.to(torch::kFloat32)));
  EXPECT_EQ(source.train.images.all().scalar_type(), torch::kFloat32);
  EXPECT_FALSE(source.train.labels.defined());
  EXPECT_TRUE(source.test.empty());
}

TEST(ArraySource, RowsThatAreHolesAloneAreToldOrRefused) {
  const float hole = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(source_of(torch::tensor({{1.0F, hole, hole}, {hole, 2.0F, hole}})).notes,
              ElementsAre(HasSubstr("no number in any row of column 2 (from 0)")));
  EXPECT_THAT(source_of(torch::tensor({{1.0F, hole}, {hole, 2.0F}})).notes, IsEmpty());
  EXPECT_THAT(error_of_array(torch::full({2, 2}, hole)), HasSubstr("each number is nan"));
}

TEST(ArraySource, NumbersThatFloat32CannotTellApartAreRefused) {
  const torch::Tensor stamps = torch::arange(100, torch::kInt64).unsqueeze(1);
  EXPECT_THAT(error_of_array(torch::cat({stamps, stamps + 1'700'000'000'000'000'000}, 1)),
              HasSubstr("column 1 (from 0) has 100 values and more, of which float32 tells but 1 apart"));
  EXPECT_EQ(source_of(torch::cat({stamps, stamps + 1'000}, 1)).train.size(), 100);
}

TEST(ArraySource, BytesInRowsAreVectorsToo) {
  EXPECT_TRUE(
      torch::equal(images_of(torch::full({2, 3}, 200, torch::kUInt8)), torch::full({2, 1, 1, 3}, 200.0F)));
  EXPECT_TRUE(torch::equal(images_of(torch::full({2, 3}, true)), torch::ones({2, 1, 1, 3})));
}

TEST(ArraySource, ThreeAndFourDimensionsAreImages) {
  const torch::Tensor bytes = torch::arange(24, torch::kUInt8);
  const torch::Tensor grey = images_of(bytes.view({2, 3, 4}));
  EXPECT_TRUE(torch::equal(grey, bytes.view({2, 1, 3, 4})));
  EXPECT_EQ(grey.scalar_type(), torch::kUInt8);
  const Dataset colour = source_of(bytes.view({1, 3, 2, 4}).to(torch::kFloat32) / 23).train;
  EXPECT_EQ(colour.shape(), (ImageShape{3, 2, 4}));
  EXPECT_EQ(colour.images.all().max().item<float>(), 1);
}

TEST(ArraySource, ChannelsMayComeLast) {
  const torch::Tensor images =
      torch::arange(2 * 3 * 5 * 6).remainder(256).to(torch::kUInt8).view({2, 3, 5, 6});
  EXPECT_TRUE(torch::equal(images_of(images.permute({0, 2, 3, 1}).contiguous()), images));
  EXPECT_TRUE(images_of(images.permute({0, 2, 3, 1})).is_contiguous());
  EXPECT_EQ(source_of(torch::full({2, 5, 6, 1}, 9, torch::kUInt8)).train.shape(), (ImageShape{1, 5, 6}));
  EXPECT_EQ(source_of(torch::full({2, 3, 5, 4}, 9, torch::kUInt8)).train.shape(), (ImageShape{3, 5, 4}));
  EXPECT_EQ(source_of(torch::full({2, 8, 5, 6}, 9, torch::kUInt8)).train.shape(), (ImageShape{8, 5, 6}));
}

TEST(ArraySource, TransparencyShowsWhite) {
  torch::Tensor images = torch::tensor({0, 100, 255, 51}, torch::kUInt8).expand({2, 8, 9, 4}).clone();
  images[1].select(2, 3).zero_();  // an unused channel
  const torch::Tensor seen = images_of(images);
  EXPECT_EQ(seen.sizes(), torch::IntArrayRef({2, 3, 8, 9}));
  EXPECT_TRUE(torch::equal(seen[0].select(2, 0).select(1, 0), torch::tensor({204, 224, 255}, torch::kUInt8)));
  EXPECT_TRUE(torch::equal(seen[1].select(2, 0).select(1, 0), torch::tensor({0, 100, 255}, torch::kUInt8)));
  const torch::Tensor floats = images_of(images.narrow(0, 0, 1) / 255.0);
  EXPECT_TRUE(torch::allclose(floats, seen.narrow(0, 0, 1) / 255.0, 0, 1e-6));
}

TEST(ArraySource, FourBandsOfOtherNumbersStayFour) {
  EXPECT_EQ(source_of(torch::full({2, 8, 9, 4}, 7.5)).train.shape(), (ImageShape{4, 8, 9}));
}

TEST(ArraySource, ZerosAndOnesStandForThemselves) {
  const torch::Tensor mask = torch::tensor({0, 1, 1, 0, 1, 0}, torch::kUInt8).view({1, 2, 3});
  const DataSource source = source_of(mask);
  EXPECT_TRUE(torch::equal(source.train.images.all(), (mask * 255).unsqueeze(1)));
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("x.npy: its bytes are 0 and 1 alone")));
  EXPECT_TRUE(torch::equal(images_of(mask.to(torch::kBool)), (mask * 255).unsqueeze(1)));
  EXPECT_THAT(source_of(mask.to(torch::kBool)).notes, IsEmpty());
  EXPECT_THAT(source_of(mask + 1).notes, IsEmpty());
}

TEST(ArraySource, FloatsOfImagesStayAsTheyAre) {
  const torch::Tensor heights = torch::tensor({-3.5F, 812.25F, 0.0F, 1.0000001F}).view({1, 2, 2});
  EXPECT_TRUE(torch::equal(images_of(heights), heights.unsqueeze(1)));
  EXPECT_TRUE(torch::equal(images_of(torch::full({1, 2, 2}, 40000, torch::kInt32)),
                           torch::full({1, 1, 2, 2}, 40000.0F)));
}

TEST(ArraySource, OtherShapesAreNoData) {
  EXPECT_EQ(
      error_of_array(torch::zeros({5})),
      "1 dimension (5 of float32); vectors are N x D, images N x H x W, N x C x H x W or N x H x W x C, "
      "reshape it");
  EXPECT_THAT(error_of_array(torch::zeros({})), StartsWith("0 dimensions"));
  EXPECT_THAT(error_of_array(torch::zeros({1, 2, 3, 4, 5})), StartsWith("5 dimensions (1 x 2 x 3 x 4 x 5"));
  EXPECT_EQ(error_of_array(torch::zeros({0, 4})),
            "0 x 4 of float32, so there is nothing to learn from; get another file");
}

TEST(ArraySource, InVectorsNanIsAHole) {
  torch::Tensor values = torch::zeros({4, 3});
  EXPECT_TRUE(source_of(values).suited.empty());
  values[2][1] = std::numeric_limits<float>::quiet_NaN();
  const DataSource source = source_of(values);
  EXPECT_EQ(source.suited.at("layout"), "number*3");
  EXPECT_EQ(source.suited.at("scale"), "auto");
  EXPECT_EQ(source.suited.at("output-activation"), "none");
  EXPECT_EQ(source.suited.at("loss"), "columns");
  EXPECT_EQ(source.train.images.all().isnan().sum().item<int64_t>(), 1);
}

TEST(ArraySource, NumbersAreFinite) {
  const std::string remedy = "; every number must be finite as float32; replace it";
  torch::Tensor values = torch::zeros({3, 4});
  values[2][1] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(error_of_array(values), "[2, 1] is -inf" + remedy);
  values[1][3] = -std::numeric_limits<float>::infinity();
  EXPECT_THAT(error_of_array(values), StartsWith("[1, 3] is -inf; "));
  EXPECT_EQ(error_of_array(torch::tensor({{1.0, 1e300}}, torch::kFloat64)), "[0, 1] is 1e+300" + remedy);
  torch::Tensor images = torch::zeros({2, 5, 4, 3});
  images[1][3][2][1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(error_of_array(images), "[1, 3, 2, 1] is nan" + remedy);
}

}  // namespace
}  // namespace autoencoder
