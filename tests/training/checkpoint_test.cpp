// That a run goes on exactly from a checkpoint is tested with the trainer; here is what a checkpoint refuses.

#include "training/checkpoint.h"

#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "common/files.h"
#include "common/random.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/models.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::small_model;
using testing::TemporaryFolder;

std::unique_ptr<torch::optim::Optimizer> optimizer_of(const SavedModel& saved, const std::string& name) {
  OptimizerOptions options;
  options.optimizer = choice_named(optimizer_kinds(), name);
  return make_optimizer(options, saved.model->parameters());
}

TEST(Checkpoint, StateComesBack) {
  const TemporaryFolder folder;
  const SavedModel saved = small_model();
  const auto optimizer = optimizer_of(saved, "adam");
  TrainingState state;
  state.epoch = 4;
  state.batch = 17;
  state.seconds = 1.25;
  state.noise = make_generator(3);
  torch::randn({5}, state.noise);
  state.history.push_back({1, {0.5, {{"kl", 0.25}}}, {}, 1e-3, 2, 100});
  save_checkpoint(folder / "last.safetensors", saved, *optimizer, state);

  TrainingState loaded;
  loaded.noise = make_generator(0);
  load_checkpoint(folder / "last.safetensors", torch::kCPU, *optimizer, loaded);
  EXPECT_EQ(loaded.epoch, 4);
  EXPECT_EQ(loaded.batch, 17);
  EXPECT_EQ(loaded.seconds, 1.25);
  EXPECT_EQ(to_csv(loaded.history), to_csv(state.history));
  EXPECT_TRUE(torch::equal(torch::randn({5}, loaded.noise), torch::randn({5}, state.noise)));
}

TEST(Checkpoint, RefusesAnotherOptimizersStateAndDamage) {
  const TemporaryFolder folder;
  const SavedModel saved = small_model();
  TrainingState state;
  state.noise = make_generator(0);
  save_checkpoint(folder / "last.safetensors", saved, *optimizer_of(saved, "adam"), state);
  const auto adadelta = optimizer_of(saved, "adadelta");
  EXPECT_THAT(error_of([&] { load_checkpoint(folder / "last.safetensors", torch::kCPU, *adadelta, state); }),
              HasSubstr("last.safetensors: damaged, or not written by this program"));
  write_file(folder / "cut.safetensors", read_file(folder / "last.safetensors").substr(0, 1000));
  EXPECT_THAT(error_of([&] { load_checkpoint(folder / "cut.safetensors", torch::kCPU, *adadelta, state); }),
              HasSubstr("cut.safetensors: damaged"));
}

}  // namespace
}  // namespace autoencoder
