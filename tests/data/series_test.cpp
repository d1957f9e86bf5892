#include "data/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/series.h"

namespace autoencoder {
namespace {

using testing::counting_series;
using testing::whole_numbers;

TEST(Series, AWindowIsColumnsByStepsOfItsSeries) {
  const Windows windows = all_windows(counting_series({6, 5}, 2, 3));
  EXPECT_THAT(whole_numbers(windows.series), ::testing::ElementsAre(0, 0, 0, 0, 1, 1, 1));
  EXPECT_THAT(whole_numbers(windows.first), ::testing::ElementsAre(0, 1, 2, 3, 0, 1, 2));
  const torch::Tensor all = examples_of(windows).all();
  EXPECT_EQ(all.sizes(), (std::vector<int64_t>{7, 2, 1, 3}));
  // Series s, step t, column c: 1000 s + 10 t + c.
  EXPECT_THAT(whole_numbers(all[1].flatten()), ::testing::ElementsAre(10, 20, 30, 11, 21, 31));
  EXPECT_THAT(whole_numbers(all[6].flatten()), ::testing::ElementsAre(1020, 1030, 1040, 1021, 1031, 1041));
}

TEST(Series, StrideIsFromWindowToWindow) {
  EXPECT_THAT(whole_numbers(all_windows(counting_series({10}, 1, 4, 3)).first),
              ::testing::ElementsAre(0, 3, 6));
}

TEST(Series, ChosenWindowsAreAViewInTheirOrder) {
  const Windows windows = all_windows(counting_series({9}, 1, 3));
  const Examples all = examples_of(windows);
  const torch::Tensor indices = torch::tensor({5, 2});
  EXPECT_TRUE(torch::equal(all.chosen(indices).all(), all.stored(indices)));
  EXPECT_TRUE(
      torch::equal(all.chosen(indices).chosen(torch::tensor({1})).all(), all.stored(torch::tensor({2}))));
  EXPECT_THAT(whole_numbers(windows.chosen(indices).first), ::testing::ElementsAre(5, 2));
  EXPECT_ANY_THROW(all.stored(torch::tensor({100})));
}

TEST(Series, WindowsOfTwoSetsKnowTheirOwnSeries) {
  const Windows both =
      all_windows(counting_series({3}, 1, 3)).followed_by(all_windows(counting_series({4, 3}, 1, 3)));
  EXPECT_THAT(whole_numbers(both.series), ::testing::ElementsAre(0, 1, 1, 2));
  EXPECT_EQ(examples_of(both).size(), 4);
}

TEST(Series, AWindowIsAnAnomalyWhereAStepOfItIs) {
  auto set = std::make_shared<SeriesSet>(*counting_series({6, 4}, 1, 2));
  set->series[0].are_anomalies = torch::tensor({0, 0, 0, 1, 0, 0}).to(torch::kBool);
  EXPECT_FALSE(labels_of(all_windows(set)).defined());
  set->series[1].are_anomalies = torch::tensor({1, 0, 0, 0}).to(torch::kBool);
  EXPECT_THAT(whole_numbers(labels_of(all_windows(set))), ::testing::ElementsAre(0, 0, 1, 1, 0, 1, 0, 0));
}

TEST(StepTimes, ComeBackAsTheyWereWritten) {
  StepTimes times;
  for (const char* text : {"10:00", "", "2023-01-01T10:00:00.250+01:00"}) {
    times.add(text);
  }
  EXPECT_EQ(times.size(), 3);
  EXPECT_EQ(times.at(1), "");
  const StepTimes chosen = times.chosen(torch::tensor({2, 0}));
  EXPECT_EQ(chosen.size(), 2);
  EXPECT_EQ(chosen.at(0), "2023-01-01T10:00:00.250+01:00");
  EXPECT_EQ(chosen.at(1), "10:00");
}

TEST(SeriesScales, AreOfTheStepsThatTrainingWindowsCover) {
  auto set = std::make_shared<SeriesSet>(*counting_series({6}, 1, 2));
  set->series[0].steps = torch::tensor({1.0F, 3.0F, 1.0F, 3.0F, 500.0F, -900.0F}).unsqueeze(1);
  const Windows windows = all_windows(set);
  const SeriesScales scales(windows.chosen(torch::tensor({0, 1, 2})));
  const SeriesScale scale = scales.of(set->series[0]);
  EXPECT_FLOAT_EQ(scale.mean.item<float>(), 2);
  EXPECT_FLOAT_EQ(scale.deviation.item<float>(), 1);
  const torch::Tensor steps = examples_of(standardised(windows, {scale})).all().flatten(1).select(1, 0);
  EXPECT_THAT(whole_numbers(steps), ::testing::ElementsAre(-1, 1, -1, 1, 498));
}

TEST(SeriesScales, AColumnThatNeverVariesIsOnlyMoved) {
  auto set = std::make_shared<SeriesSet>(*counting_series({6}, 1, 2));
  set->series[0].steps = torch::full({6, 1}, 0.1F);
  const SeriesScale scale = SeriesScales(all_windows(set)).of(set->series[0]);
  EXPECT_FLOAT_EQ(scale.deviation.item<float>(), 1);
}

TEST(SeriesScales, AnUnknownSeriesTakesTheOnlyOneThereIsAndElseItsOwn) {
  const auto one = counting_series({4}, 1, 2);
  const auto two = counting_series({4, 4}, 1, 2);
  Series unknown = two->series[1];
  unknown.name = "unknown";
  EXPECT_FLOAT_EQ(SeriesScales(all_windows(one)).of(unknown).mean.item<float>(), 15);
  EXPECT_FLOAT_EQ(SeriesScales(all_windows(two)).of(unknown).mean.item<float>(), 1015);
  EXPECT_FLOAT_EQ(SeriesScales(all_windows(two)).of(two->series[0]).mean.item<float>(), 15);
}

TEST(SeriesScales, AreTheSameAfterTheirFile) {
  const auto set = counting_series({5, 7}, 2, 3);
  const SeriesScales scales(all_windows(set));
  const SeriesScales read = SeriesScales::from_json(parse_json(scales.to_json().dump(), "test"));
  for (const Series& series : set->series) {
    EXPECT_TRUE(torch::equal(read.of(series).mean, scales.of(series).mean));
    EXPECT_TRUE(torch::equal(read.of(series).deviation, scales.of(series).deviation));
  }
}

TEST(SeriesScales, TakeOtherNamesForThoseOfFormerVersionsAlone) {
  const Json scale = {{"mean", {5}}, {"deviation", {2}}};
  const auto named = [&](const Json& scales, const std::vector<std::string>& names) {
    return SeriesScales::from_json(scales).named(names).to_json();
  };
  const Json former = {{"0", scale}, {"1", scale}};
  EXPECT_EQ(named(former, {"east", "west"}), (Json{{"east", scale}, {"west", scale}}));
  EXPECT_EQ(named(former, {"0", "west"}), former);
  EXPECT_EQ(named(former, {"east"}), former);
  const Json other = {{"0", scale}, {"2", scale}};
  EXPECT_EQ(named(other, {"east", "west"}), other);
}

}  // namespace
}  // namespace autoencoder
