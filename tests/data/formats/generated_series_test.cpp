#include "data/formats/generated_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "data/source.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

torch::Tensor steps_in(const Dataset& data) { return data.images.all().flatten(1); }

class GeneratedSeries : public ::testing::TestWithParam<std::string> {};

TEST_P(GeneratedSeries, TheSameOptionsGiveTheSameSteps) {
  const auto steps = [](uint64_t seed) {
    return steps_in(generate_series(GetParam(), {.points = 600, .seed = seed}).train);
  };
  EXPECT_EQ(steps(1).size(0), 600);
  EXPECT_TRUE(torch::equal(steps(1), steps(1)));
  EXPECT_FALSE(torch::equal(steps(1), steps(2)));
}

TEST_P(GeneratedSeries, OnlyTheTestPartHasAnomaliesAndFewOfThem) {
  const DataSource source = generate_series(GetParam(), {});
  EXPECT_EQ(source.train.labels.sum().item<int64_t>(), 0);
  const double share = source.test.labels.to(torch::kFloat64).mean().item<double>();
  EXPECT_GT(share, 0.01);
  EXPECT_LT(share, 0.1);
}

TEST_P(GeneratedSeries, IsOneForWindows) {
  SourceOptions options;
  options.data = GetParam();
  EXPECT_THAT(error_of([&] { open_source(options); }),
              HasSubstr("a series; say how many steps make an example, such as --window 64"));
  options.reading["window"] = 50;
  const DataSource source = open_source(options);
  EXPECT_EQ(source.train.shape().width, 50);
  EXPECT_GT(source.test.labels.sum().item<int64_t>(), 0);
}

std::string name_of(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

INSTANTIATE_TEST_SUITE_P(All, GeneratedSeries, ::testing::ValuesIn(generated_series_names()), name_of);

TEST(DailySeries, DaysAreAlikeButForWhatIsLabelled) {
  const DataSource source = generate_series("daily", {.noise = 0});
  const torch::Tensor usual = steps_in(source.train).flatten();
  EXPECT_TRUE(torch::equal(usual.slice(0, 0, 288), usual.slice(0, 288, 576)));
  const torch::Tensor changed = steps_in(source.test).flatten() != usual;
  EXPECT_TRUE(torch::equal(changed, source.test.labels.to(torch::kBool)));
}

TEST(EcgSeries, BeatsComeAboutEveryEightTenthsOfASecond) {
  const torch::Tensor lead = steps_in(generate_series("ecg", {.noise = 0}).train).select(1, 0);
  const torch::Tensor is_peak = (lead.slice(0, 1, -1) > 0.8) &
                                (lead.slice(0, 1, -1) >= lead.slice(0, 0, -2)) &
                                (lead.slice(0, 1, -1) > lead.slice(0, 2));
  EXPECT_NEAR(is_peak.sum().item<double>(), 8000 / 80.0, 3);
}

TEST(GeneratedPoints, AreNoStepsOfASeries) {
  SourceOptions options;
  options.data = "circle";
  options.reading["window"] = 8;
  EXPECT_THAT(error_of([&] { open_source(options); }),
              HasSubstr("the points of circle are no steps of a series"));
}

}  // namespace
}  // namespace autoencoder
