#include "recipes/recipes.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "data/formats/generated.h"
#include "data/formats/generated_series.h"
#include "tasks/train.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

TEST(Recipes, AllOfThemCanBeTrained) {
  ASSERT_GT(recipes().size(), 20);
  for (const Recipe& recipe : recipes()) {
    EXPECT_FALSE(recipe.description.empty()) << recipe.name;
    EXPECT_NO_THROW(plan_training({{"recipe", recipe.name}})) << recipe.name;
  }
}

TEST(Recipes, ThoseOfGeneratedDataBegin) {
  std::vector<std::string> generated = generated_names();
  generated.insert(generated.end(), generated_series_names().begin(), generated_series_names().end());
  int begun = 0;
  for (const Recipe& recipe : recipes()) {
    const TrainPlan plan = plan_training({{"recipe", recipe.name}});
    if (std::ranges::find(generated, plan.options.data.source.data) != generated.end()) {
      Log nobody;
      EXPECT_NO_THROW(describe_training(plan, nobody)) << recipe.name;
      ++begun;
    }
  }
  EXPECT_GE(begun, 4);
}

TEST(Recipes, TheCommandLineWinsOverTheRecipe) {
  const TrainPlan plan = plan_training({{"recipe", "mnist-deep"}, {"epochs", 3}});
  EXPECT_EQ(plan.model.at("hidden"), Json({256, 128}));
  EXPECT_EQ(plan.options.trainer.epochs, 3);
  EXPECT_FALSE(plan.config().contains("recipe"));
}

TEST(Recipes, AConfigFileBesideOneWouldGoUnread) {
  EXPECT_THAT(error_of<UsageError>([] {
                plan_training({{"recipe", "mnist-deep"}, {"config", "config.json"}});
              }),
              HasSubstr("--config and --recipe are both given"));
}

TEST(Recipes, AUsersOwnIsAFileOfTheSameFormat) {
  const TemporaryFolder folder;
  write_file(folder / "mine.json", R"({"options": {"model": "vae", "epochs": 7}})");
  const TrainPlan plan = plan_training({{"recipe", (folder / "mine.json").string()}});
  EXPECT_EQ(plan.model.at("model"), "vae");
  EXPECT_EQ(plan.options.trainer.epochs, 7);
}

TEST(Recipes, SaysWhatIsWrongWithOne) {
  const TemporaryFolder folder;
  const auto error_with = [&](const std::string& text) {
    write_file(folder / "mine.json", text);
    return error_of([&] { find_recipe((folder / "mine.json").string()); });
  };
  EXPECT_THAT(error_of([] { find_recipe("mnist-dep"); }), HasSubstr("did you mean 'mnist-deep'?"));
  EXPECT_THAT(error_with("{"), HasSubstr("no recipe: it must be a JSON object with \"options\""));
  EXPECT_THAT(error_with("{}"), HasSubstr("no recipe"));
  EXPECT_THAT(error_with(R"({"options": {}, "option": {}})"), HasSubstr("'option' is no part of a recipe"));
}

}  // namespace
}  // namespace autoencoder
