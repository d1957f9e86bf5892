// That what a run keeps can be gone on from is tested with training; here is which weights the checkpoints
// hold where epochs are shorter than the time between two of them.

#include "training/run_keeper.h"

#include <filesystem>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"
#include "run/history.h"
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
  TrainingState state_;
};

TEST_F(KeptRun, TheBestEpochIsThatOfItsOwnWeights) {
  RunKeeper keeper(run_, saved_, *optimizer_);
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
  RunKeeper keeper(run_, saved_, *optimizer_);
  keeper.begin({}, state_);
  epoch(keeper, 0.5, 1);
  epoch(keeper, 0.3, 2);
  keeper.save_last(state_);
  EXPECT_EQ(best_checkpoint(run_), last_checkpoint(run_));
  EXPECT_EQ(weight_in(last_checkpoint(run_)), 2);
}

TEST_F(KeptRun, InTheMiddleOfAnEpochTheBestOneOfBeforeStays) {
  RunKeeper keeper(run_, saved_, *optimizer_);
  keeper.begin({}, state_);
  epoch(keeper, 0.5, 1);
  state_.batch = 7;
  keeper.save_last(state_);
  EXPECT_EQ(best_checkpoint(run_).filename(), checkpoint_name(1, 0));
  EXPECT_EQ(last_checkpoint(run_).filename(), checkpoint_name(1, 7));
}

TEST_F(KeptRun, WhereTrainingEndsWithAnErrorTheBestEpochIsGoneOnFrom) {
  const auto train = [&] {
    RunKeeper keeper(run_, saved_, *optimizer_);
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
