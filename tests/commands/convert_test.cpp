// Runs of before: what they kept in LibTorch's archives is refused until it is converted.

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <torch/optim/optimizer.h>
#include <torch/serialize.h>
#include <torch/types.h>

#include "common/files.h"
#include "common/random.h"
#include "data/split_file.h"
#include "run/checkpoint_index.h"
#include "tests/support/program_test.h"
#include "training/checkpoint.h"
#include "training/optimizer.h"
#include "training/optimizer_state.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using torch::serialize::OutputArchive;

void save(OutputArchive& archive, const fs::path& path) {
  std::ostringstream bytes;
  archive.save_to(bytes);
  write_file(path, bytes.view());
}

// A checkpoint as version 0.1 wrote it.
void write_old_checkpoint(const fs::path& path, const SavedModel& saved,
                          const torch::optim::Optimizer& optimizer, const TrainingState& state) {
  const auto& [channels, height, width] = saved.model->input_shape();
  OutputArchive archive;
  archive.write("description", c10::IValue(Json({{"options", saved.options},
                                                 {"shape", {channels, height, width}},
                                                 {"scaled", saved.model->has_scaling()}})
                                               .dump()));
  OutputArchive weights(archive.compilation_unit());
  saved.model->save(weights);
  archive.write("model", weights);

  OutputArchive moments(archive.compilation_unit());
  if (dynamic_cast<const RememberingOptimizer*>(&optimizer) == nullptr) {
    optimizer.save(moments);
  } else {
    for (const auto& [name, tensor] : optimizer_state(optimizer)) {
      const size_t dot = name.find('.');
      moments.write(name.substr(0, dot) + name.substr(dot + 1), tensor, /*is_buffer=*/true);
    }
  }
  archive.write("optimizer", moments);

  OutputArchive part(archive.compilation_unit());
  part.write("epoch", c10::IValue(state.epoch));
  part.write("batch", c10::IValue(state.batch));
  part.write("seconds", c10::IValue(state.seconds));
  part.write("history", c10::IValue(to_csv(state.history)));
  part.write("noise", state.noise.get_state(), /*is_buffer=*/true);
  OutputArchive meter(archive.compilation_unit());
  const NamedTensors sums = state.meter.state();
  meter.write("examples", c10::IValue(sums.empty() ? 0 : sums.at("sums")[0].item<int64_t>()));
  meter.write("names", c10::IValue(state.meter.term_names()));
  if (!sums.empty()) {
    meter.write("sums", sums.at("sums").slice(0, 1).clone(), /*is_buffer=*/true);
    meter.write("bad_step", sums.at("bad_step"), /*is_buffer=*/true);
  }
  part.write("meter", meter);
  archive.write("state", part);
  save(archive, path);
}

void write_old_split(const fs::path& path, const Split& split) {
  OutputArchive archive;
  archive.write("train", split.train.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("validation", split.validation.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("test", split.test.to(torch::kInt32), /*is_buffer=*/true);
  archive.write("source_examples", c10::IValue(split.source_examples));
  archive.write("source_test_examples", c10::IValue(split.source_test_examples));
  save(archive, path);
}

class Convert : public testing::ProgramTest, public ::testing::WithParamInterface<std::string> {
 protected:
  // Turns a run of today into one of before.
  void make_old(const RunDirectory& run) {
    const SavedModel saved = load_model(last_checkpoint(run), torch::kCPU);
    OptimizerOptions options;
    options.optimizer = choice_named(optimizer_kinds(), GetParam());
    const auto optimizer = make_optimizer(options, saved.model->parameters());
    TrainingState state;
    state.noise = make_generator(0);
    load_checkpoint(last_checkpoint(run), torch::kCPU, *optimizer, state);
    write_old_checkpoint(run.checkpoints() / "last.pt", saved, *optimizer, state);
    write_old_checkpoint(run.checkpoints() / "best.pt", saved, *optimizer, state);
    write_old_split(run.path() / "split.pt", read_split(run.split()));
    fs::remove(run.split());
    fs::remove(last_checkpoint(run));
    fs::remove(run.checkpoints() / "index.json");
  }
};

TEST_P(Convert, AConvertedRunGoesOnAsIfNothingHadHappened) {
  write_spots("spots", 100, 20);
  const auto train = [&](const std::string& out, const std::string& epochs) {
    out_of({"train", "--data", "spots", "--epochs", epochs, "--out", out, "--optimizer", GetParam(),
            "--model", "vae", "--hidden", "16", "--batch-size", "16", "--quiet"});
  };
  train("whole", "3");
  train("old", "2");
  const RunDirectory old(folder_ / "old");
  make_old(old);
  for (const std::vector<std::string>& words : {std::vector<std::string>{"evaluate", "old"},
                                                {"train", "--resume", "old"},
                                                {"train", "--init-from", "old"}}) {
    EXPECT_THAT(run(words).error, HasSubstr("autoencoder convert old"));
  }
  EXPECT_THAT(out_of({"convert", "old"}), HasSubstr("trusting whoever made them"));
  EXPECT_THAT(out_of({"convert", "old"}), HasSubstr("of today's format already"));
  out_of({"train", "--resume", "old", "--epochs", "3", "--quiet"});
  const auto expected = load_model(last_checkpoint(RunDirectory(folder_ / "whole")), torch::kCPU).model;
  const NamedTensors weights = weights_of(*expected);
  for (const auto& [name, weight] : weights_of(*load_model(last_checkpoint(old), torch::kCPU).model)) {
    EXPECT_TRUE(torch::equal(weight, weights.at(name))) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Convert, ::testing::Values("adam", "sgd", "rmsprop", "adadelta"));

}  // namespace
}  // namespace autoencoder
