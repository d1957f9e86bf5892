// That what a run keeps can be gone on from is tested with training; here is which weights the checkpoints
// hold where epochs are shorter than the time between two of them.

#include "training/run_keeper.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <torch/optim/optimizer.h>
#include <torch/optim/sgd.h>
#include <torch/types.h>

#include "common/random.h"
#include "run/history.h"
#include "tests/support/expect_error.h"
#include "tests/support/models.h"
#include "tests/support/temporary_folder.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

class KeptRun : public ::testing::Test {
 protected:
  KeptRun() {
    std::filesystem::create_directories(run_.checkpoints());
    state_.noise = make_generator(1);
  }

  // An epoch after which all weights are `weight`.
  void epoch(RunKeeper& keeper, double loss, double weight) {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& parameter : saved_.model->parameters()) {
      parameter.fill_(weight);
    }
    state_.history.push_back({++state_.epoch, {loss, {}}, {}, 1e-3, 1, 1});
    keeper.epoch_done(state_);
  }

  static double weight_in(const std::filesystem::path& checkpoint) {
    return load_model(checkpoint, torch::kCPU).model->parameters().front().flatten()[0].item<double>();
  }

  testing::TemporaryFolder folder_;
  RunDirectory run_{folder_ / "run"};
  SavedModel saved_ = testing::small_model();
  std::unique_ptr<torch::optim::Optimizer> optimizer_ =
      std::make_unique<torch::optim::SGD>(saved_.model->parameters(), 0.1);
  KeepingOptions options_;
  TrainingState state_;
};

TEST_F(KeptRun, TheBestEpochIsThatOfItsOwnWeights) {
  RunKeeper keeper(run_, saved_, *optimizer_, options_);
  keeper.begin({}, state_);
  epoch(keeper, 0.5, 1);
  epoch(keeper, 0.3, 2);
  epoch(keeper, 0.4, 3);
  keeper.save_last(state_);
  EXPECT_EQ(best_checkpoint(run_).filename(), checkpoint_name(2, 0));
  EXPECT_EQ(weight_in(best_checkpoint(run_)), 2);
  EXPECT_EQ(last_checkpoint(run_).filename(), checkpoint_name(3, 0));
  EXPECT_EQ(weight_in(last_checkpoint(run_)), 3);
  EXPECT_EQ(read_history(run_.metrics()).size(), 3);
}

TEST_F(KeptRun, TheLastEpochMayBeTheBest) {
  RunKeeper keeper(run_, saved_, *optimizer_, options_);
  keeper.begin({}, state_);
  epoch(keeper, 0.5, 1);
  epoch(keeper, 0.3, 2);
  keeper.save_last(state_);
  EXPECT_EQ(best_checkpoint(run_), last_checkpoint(run_));
  EXPECT_EQ(weight_in(last_checkpoint(run_)), 2);
}

TEST_F(KeptRun, InTheMiddleOfAnEpochTheBestOneOfBeforeStays) {
  RunKeeper keeper(run_, saved_, *optimizer_, options_);
  keeper.begin({}, state_);
  epoch(keeper, 0.5, 1);
  state_.batch = 7;
  keeper.save_last(state_);
  EXPECT_EQ(best_checkpoint(run_).filename(), checkpoint_name(1, 0));
  EXPECT_EQ(last_checkpoint(run_).filename(), checkpoint_name(1, 7));
}

TEST_F(KeptRun, StepsAreKeptWhereTheyAreAskedForHoweverQuickTheyAre) {
  options_ = {};
  options_.checkpoint_every = "steps:4";
  options_.keep_checkpoints = 3;
  RunKeeper keeper(run_, saved_, *optimizer_, options_);
  keeper.begin({.epochs = 3, .batches_per_epoch = 6, .examples_per_epoch = 60}, state_);
  std::vector<std::string> kept;
  for (int step = 0; step < 18; ++step) {
    ++state_.batch;
    keeper.step_done(state_);
    if (const std::string last = last_checkpoint(run_).filename(); kept.empty() || kept.back() != last) {
      kept.push_back(last);
    }
    if (state_.batch == 6) {
      state_.batch = 0;
      epoch(keeper, 1.0 / (step + 1), step);
    }
  }
  EXPECT_EQ(kept,
            (std::vector<std::string>{checkpoint_name(0, 0), checkpoint_name(0, 4), checkpoint_name(1, 2),
                                      checkpoint_name(1, 6), checkpoint_name(2, 4)}));
  const CheckpointIndex index = *read_checkpoint_index(run_);
  EXPECT_EQ(index.best, checkpoint_name(2, 0));
  EXPECT_EQ(index.earlier, (std::vector<std::string>{checkpoint_name(1, 6), checkpoint_name(1, 2)}));
  EXPECT_FALSE(std::filesystem::exists(run_.checkpoints() / checkpoint_name(0, 4)));
}

TEST_F(KeptRun, MinutesAreKeptInTheMiddleOfAnEpoch) {
  options_.checkpoint_every = "minutes:0.0001";
  RunKeeper keeper(run_, saved_, *optimizer_, options_);
  keeper.begin({.epochs = 1, .batches_per_epoch = 100, .examples_per_epoch = 60}, state_);
  state_.batch = 3;
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  keeper.step_done(state_);
  EXPECT_EQ(last_checkpoint(run_).filename(), checkpoint_name(0, 3));
}

TEST(CheckpointIntervals, AreReadOrRefusedWithWhatTheyMayBe) {
  const CheckpointInterval interval = checkpoint_interval("epochs:2, steps:500,minutes:0.5");
  EXPECT_EQ(interval.epochs, 2);
  EXPECT_EQ(interval.steps, 500);
  EXPECT_EQ(interval.minutes, 0.5);
  EXPECT_EQ(checkpoint_interval("steps:7").epochs, 0);
  for (const char* text : {"", "epochs", "epochs:", "epochs:0", "epochs:1.5", "minutes:-1", "hours:1", "7",
                           "minutes:nan", "steps:99999999999999999999"}) {
    EXPECT_THAT(testing::error_of([&] { checkpoint_interval(text); }), ::testing::HasSubstr("steps:500"))
        << text;
  }
  EXPECT_THAT(testing::error_of([] { checkpoint_interval("step:5"); }),
              ::testing::HasSubstr("did you mean 'steps'?"));
}

TEST_F(KeptRun, WhereTrainingEndsWithAnErrorTheBestEpochIsGoneOnFrom) {
  const auto train = [&] {
    RunKeeper keeper(run_, saved_, *optimizer_, options_);
    keeper.begin({}, state_);
    epoch(keeper, 0.5, 1);
    epoch(keeper, 0.7, 2);
    throw std::runtime_error("a loss that is not finite");
  };
  EXPECT_THROW(train(), std::runtime_error);
  EXPECT_EQ(best_checkpoint(run_).filename(), checkpoint_name(1, 0));
  EXPECT_EQ(weight_in(best_checkpoint(run_)), 1);
  EXPECT_TRUE(std::filesystem::exists(last_checkpoint(run_)));
}

}  // namespace
}  // namespace autoencoder
