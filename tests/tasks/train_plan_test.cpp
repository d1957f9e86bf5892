#include "tasks/train_plan.h"

#include "common/files.h"
#include "run/run_directory.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

TrainPlan plan_of(const Json& options) { return plan_training(options); }

std::string usage_error(const Json& options) {
  return error_of<UsageError>([&] { plan_of(options); });
}

TEST(TrainPlan, TheDefaultsAreTheDenseAutoencoderOfTheReadme) {
  const TrainPlan plan = plan_of(Json::object());
  EXPECT_EQ(plan.model.at("model"), "dense");
  EXPECT_EQ(plan.model.at("hidden"), Json({128}));
  EXPECT_EQ(plan.model.at("latent-dim"), 32);
  EXPECT_EQ(plan.options.trainer.batch_size, 256);
  EXPECT_EQ(plan.options.trainer.epochs, 20);
  EXPECT_EQ(base_learning_rate(plan.options.trainer.optimizer), 1e-3);
}

TEST(TrainPlan, TheModelsDefaultsReachTraining) {
  EXPECT_EQ(plan_of({{"model", "conv"}}).options.trainer.batch_size, 128);
  EXPECT_EQ(plan_of({{"model", "conv"}, {"batch-size", 7}}).options.trainer.batch_size, 7);
}

TEST(TrainPlan, TheConfigOfARunGivesTheSamePlan) {
  const TemporaryFolder folder;
  const TrainPlan plan =
      plan_of({{"model", "conv-vae"}, {"beta", 4}, {"epochs", 3}, {"schedule", "cosine"}, {"out", "x"}});
  write_file(folder / "config.json", plan.config().dump());
  const TrainPlan again = plan_of({{"config", (folder / "config.json").string()}});
  EXPECT_EQ(again.config(), plan.config());
  EXPECT_EQ(again.model, plan.model);
  EXPECT_TRUE(again.options.out.empty());
}

TEST(TrainPlan, TheCommandLineWinsOverTheConfigFile) {
  const TemporaryFolder folder;
  write_file(folder / "config.json", R"({"model": "vae", "epochs": 3, "beta": 2})");
  const TrainPlan plan = plan_of({{"config", (folder / "config.json").string()}, {"beta", 5}});
  EXPECT_EQ(plan.model.at("beta"), 5.0);
  EXPECT_EQ(plan.options.trainer.epochs, 3);
}

TEST(TrainPlan, MistakesInAConfigFileNameIt) {
  const TemporaryFolder folder;
  const auto error = [&](const std::string& text) {
    write_file(folder / "config.json", text);
    return error_of([&] { plan_of({{"config", (folder / "config.json").string()}}); });
  };
  EXPECT_THAT(error(R"({"epoch": 3})"), HasSubstr("config.json: epoch is no option; did you mean 'epochs'?"));
  EXPECT_THAT(error(R"({"epochs": "3"})"),
              HasSubstr("config.json: epochs is \"3\"; it must be a whole number"));
  EXPECT_THAT(error(R"({"model": "vea"})"), HasSubstr("config.json: no model is called 'vea'"));
  EXPECT_THAT(error(R"({"model": 3})"), HasSubstr("config.json: model is 3; it must be a text"));
}

TEST(TrainPlan, TheSideOfPicturesMayBeANumberInAConfigFile) {
  const TemporaryFolder folder;
  write_file(folder / "config.json", R"({"image-size": 64})");
  const TrainPlan plan = plan_of({{"config", (folder / "config.json").string()}});
  EXPECT_EQ(plan.options.data.source.reading.at("image-size"), "64");
}

TEST(TrainPlan, AConfigFileNestedWithoutEndIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "config.json", R"({"epochs": )" + std::string(100'000, '['));
  EXPECT_THAT(error_of([&] {
                plan_of({{"config", (folder / "config.json").string()}});
              }),
              HasSubstr("config.json: lists and objects lie more than 100 deep"));
  EXPECT_THAT(error_of([&] {
                plan_of({{"recipe", (folder / "config.json").string()}});
              }),
              HasSubstr("config.json: lists and objects lie more than 100 deep"));
}

TEST(TrainPlan, AnOptionOfAnotherModelIsAMistake) {
  EXPECT_THAT(usage_error({{"channels", {8}}}),
              HasSubstr("channels is no option of model dense on the dense backbone"));
  EXPECT_THAT(usage_error({{"model", "conv"}, {"beta", 2}}), HasSubstr("beta is no option of model conv"));
}

TEST(TrainPlan, ValuesAreChecked) {
  EXPECT_THAT(usage_error({{"validation-fraction", 1.0}}),
              HasSubstr("validation-fraction is 1; it must be at least 0 and less than 1"));
  EXPECT_THAT(usage_error({{"test-fraction", -0.5}}), HasSubstr("test-fraction is -0.5"));
  EXPECT_THAT(usage_error({{"optimizer", "adma"}}), HasSubstr("did you mean 'adam'?"));
  EXPECT_THAT(usage_error({{"latent-dim", 0}}), HasSubstr("latent-dim is 0; it must be at least 1"));
}

class TrainPlanWithARun : public ::testing::Test {
 protected:
  TrainPlanWithARun() {
    run_ = (folder_ / "run").string();
    create_run(run_, plan_of({{"model", "conv-vae"}, {"beta", 4}, {"epochs", 3}}).config(),
               ExistingRun::kRefuse);
  }

  TemporaryFolder folder_;
  std::string run_;
};

TEST_F(TrainPlanWithARun, ResumingNeedsNothingElse) {
  const TrainPlan plan = plan_of({{"resume", run_}});
  EXPECT_TRUE(plan.resumes());
  EXPECT_EQ(plan.model.at("beta"), 4.0);
  EXPECT_EQ(plan.options.trainer.epochs, 3);
  EXPECT_EQ(plan_of({{"resume", run_}, {"epochs", 40}}).options.trainer.epochs, 40);
}

TEST_F(TrainPlanWithARun, ResumingRefusesWhatWouldMakeItAnotherRun) {
  EXPECT_THAT(usage_error({{"resume", run_}, {"beta", 1}}),
              HasSubstr("--beta cannot change when a run is resumed"));
  EXPECT_THAT(usage_error({{"resume", run_}, {"out", "elsewhere"}}), HasSubstr("--out cannot change"));
  // A number in a file of options is what the run keeps as text.
  EXPECT_TRUE(plan_of({{"resume", "auto"}, {"out", run_}, {"image-size", 0}}).resumes());
}

TEST_F(TrainPlanWithARun, WeightsOfARunComeWithItsModel) {
  const TrainPlan plan = plan_of({{"init-from", run_}});
  EXPECT_EQ(plan.model.at("model"), "conv-vae");
  EXPECT_EQ(plan.model.at("beta"), 4.0);
  EXPECT_EQ(plan.options.trainer.epochs, 20);
  EXPECT_EQ(plan_of({{"init-from", run_}, {"model", "dense"}}).model.at("model"), "dense");
}

}  // namespace
}  // namespace autoencoder
