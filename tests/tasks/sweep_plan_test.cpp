#include "tasks/sweep_plan.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(SweepPlans, AreTheGridTimesTheDrawsTimesTheSeeds) {
  const SweepPlan plan = sweep_plan(
      Json::parse(R"({"options": {"epochs": 9}, "grid": {"latent-dim": [2, 4], "hidden": [[8], [8, 4]]},
                      "random": {"dropout": {"min": 0, "max": 0.5}}, "count": 3, "seeds": [5, 6]})"),
      "plan");
  ASSERT_EQ(plan.trials.size(), 2 * 2 * 3 * 2);
  EXPECT_EQ(plan.trials[0].name, "001");
  EXPECT_EQ(plan.trials[0].seed, 5);
  EXPECT_EQ(plan.trials[1].seed, 6);
  EXPECT_EQ(plan.trials[0].setting, plan.trials[1].setting);
  EXPECT_EQ(plan.trials[0].setting.at("hidden"), Json::parse("[8]"));
  EXPECT_EQ(plan.trials[6].setting.at("latent-dim"), 4);
  EXPECT_EQ(plan.trials[12].setting.at("hidden"), Json::parse("[8, 4]"));
  EXPECT_EQ(plan.trials[23].setting.at("latent-dim"), 4);
  EXPECT_THAT(plan.trials[0].setting_text(), ::testing::StartsWith("dropout 0"));
  const Json options = plan.options_of(plan.trials[23], 4);
  EXPECT_EQ(options.at("epochs"), 4);
  EXPECT_EQ(options.at("seed"), 6);
}

TEST(SweepPlans, DrawTheSameForTheSameSeedWithinTheRanges) {
  const auto drawn = [](int seed) {
    return sweep_plan({{"random",
                        {{"learning-rate", {{"min", 1e-4}, {"max", 1e-2}, {"scale", "log"}}},
                         {"latent-dim", {{"min", 2}, {"max", 4}}},
                         {"activation", {"relu", "gelu"}}}},
                       {"count", 300},
                       {"seed", seed}},
                      "plan")
        .trials;
  };
  const std::vector<Trial> trials = drawn(1);
  std::set<int64_t> sizes;
  int below_the_middle = 0;
  for (const Trial& trial : trials) {
    const auto rate = trial.setting.at("learning-rate").get<double>();
    EXPECT_GE(rate, 1e-4);
    EXPECT_LE(rate, 1e-2);
    below_the_middle += rate < 1e-3 ? 1 : 0;
    ASSERT_TRUE(trial.setting.at("latent-dim").is_number_integer());
    sizes.insert(trial.setting.at("latent-dim").get<int64_t>());
  }
  EXPECT_THAT(sizes, ::testing::ElementsAre(2, 3, 4));
  EXPECT_NEAR(below_the_middle, 150, 40) << "as many decades below the middle as above";
  EXPECT_EQ(trials[7].setting, drawn(1)[7].setting);
  EXPECT_NE(trials[7].setting, drawn(2)[7].setting);
}

TEST(SweepPlans, HalveUntilAllEpochsAreDone) {
  const auto rounds = [](const char* halving) {
    return sweep_plan({{"options", {{"epochs", 20}}},
                       {"grid", {{"latent-dim", {2, 4}}}},
                       {"halving", Json::parse(halving)}},
                      "plan")
        .rounds;
  };
  EXPECT_THAT(rounds(R"({"epochs": 2, "factor": 3})"), ::testing::ElementsAre(2, 6, 18, 20));
  EXPECT_THAT(rounds(R"({"epochs": 10, "factor": 2})"), ::testing::ElementsAre(10, 20));
  EXPECT_THAT(rounds("{}"), ::testing::ElementsAre(20));
}

}  // namespace
}  // namespace autoencoder
