#include "training/schedule.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

ScheduleOptions schedule_options(const std::string& name) {
  ScheduleOptions options;
  options.schedule = choice_named(schedule_kinds(), name);
  return options;
}

History losses(const std::vector<double>& values) {
  History history;
  for (const double value : values) {
    EpochRecord record;
    record.train.total = value;
    history.push_back(record);
  }
  return history;
}

TEST(Schedule, ConstantIsOne) {
  EXPECT_EQ(learning_rate_factor(schedule_options("constant"), {17, 3, 10, 20}, {}), 1);
}

TEST(Schedule, CosineFallsFromOneToZero) {
  const auto options = schedule_options("cosine");
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {0, 0, 10, 20}, {}), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {10, 0, 10, 20}, {}), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {5, 5, 10, 20}, {}),
                   0.5 * (1 + std::cos(std::numbers::pi * 5.5 / 20)));
  EXPECT_NEAR(learning_rate_factor(options, {19, 9, 10, 20}, {}), 0, 1e-3);
}

TEST(Schedule, WarmupRisesStepByStepAndCosineFollowsIt) {
  auto options = schedule_options("cosine");
  options.warmup = 2;
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {0, 0, 10, 12}, {}), 1.0 / 20);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {1, 4, 10, 12}, {}), 15.0 / 20);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {2, 0, 10, 12}, {}), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {7, 0, 10, 12}, {}), 0.5);
}

TEST(Schedule, StepDecaysEverySoManyEpochs) {
  auto options = schedule_options("step");
  options.decay_epochs = 5;
  options.decay_factor = 0.5;
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {4, 9, 10, 20}, {}), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {5, 0, 10, 20}, {}), 0.5);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, {14, 0, 10, 20}, {}), 0.25);
}

TEST(Schedule, PlateauDecaysAfterEpochsWithoutProgress) {
  auto options = schedule_options("plateau");
  options.decay_epochs = 2;
  const auto factor = [&](const std::vector<double>& values) {
    const History history = losses(values);
    return learning_rate_factor(options, {static_cast<int64_t>(history.size()), 0, 10, 20}, history);
  };
  EXPECT_DOUBLE_EQ(factor({5, 4, 3}), 1);
  EXPECT_DOUBLE_EQ(factor({5, 4, 4}), 1);
  EXPECT_DOUBLE_EQ(factor({5, 4, 4, 4}), 0.1);
  EXPECT_DOUBLE_EQ(factor({5, 4, 4, 4, 4}), 0.1);
  EXPECT_DOUBLE_EQ(factor({5, 4, 4, 4, 4, 4}), 0.01);
  EXPECT_DOUBLE_EQ(factor({5, 4, 4, 3, 3.5}), 1);
}

TEST(Schedule, GrowingStagesLastThreeTimesAsLongEach) {
  auto options = schedule_options("growing");
  options.decay_factor = 0.5;
  const auto factor = [&](int64_t epoch) { return learning_rate_factor(options, {epoch, 0, 10, 3280}, {}); };
  EXPECT_DOUBLE_EQ(factor(0), 1);
  EXPECT_DOUBLE_EQ(factor(1), 0.5);
  EXPECT_DOUBLE_EQ(factor(3), 0.5);
  EXPECT_DOUBLE_EQ(factor(4), 0.25);
  EXPECT_DOUBLE_EQ(factor(12), 0.25);
  EXPECT_DOUBLE_EQ(factor(13), 0.125);
  EXPECT_DOUBLE_EQ(factor(1093), std::pow(0.5, 7));
  EXPECT_DOUBLE_EQ(factor(3279), std::pow(0.5, 7));
}

TEST(Schedule, ProgressIsTheShareOfTrainingThatIsDone) {
  EXPECT_DOUBLE_EQ(training_progress({0, 0, 10, 4}), 0);
  EXPECT_DOUBLE_EQ(training_progress({1, 5, 10, 4}), 0.375);
  EXPECT_DOUBLE_EQ(training_progress({4, 0, 10, 4}), 1);
}

}  // namespace
}  // namespace autoencoder
