#include "run/checkpoint_index.h"

#include "common/files.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

class CheckpointIndexFile : public ::testing::Test {
 protected:
  void write_checkpoint(const std::string& name) { write_file(run_.checkpoints() / name, name); }
  bool has(const std::string& name) const { return std::filesystem::exists(run_.checkpoints() / name); }

  TemporaryFolder folder_;
  RunDirectory run_{folder_ / "run"};
};

TEST_F(CheckpointIndexFile, NamesTheLastAndTheBest) {
  EXPECT_FALSE(read_checkpoint_index(run_));
  EXPECT_THAT(error_of([&] { last_checkpoint(run_); }), HasSubstr("no checkpoint yet"));
  write_checkpoint_index(run_, {"epoch-0.safetensors"});
  EXPECT_EQ(last_checkpoint(run_), run_.checkpoints() / "epoch-0.safetensors");
  EXPECT_EQ(best_checkpoint(run_), run_.checkpoints() / "epoch-0.safetensors");
  EXPECT_THAT(error_of([&] { load_best_model(run_, torch::kCPU); }), HasSubstr("run: not trained yet"));
  write_checkpoint_index(run_, {checkpoint_name(7, 3), checkpoint_name(5, 0)});
  EXPECT_EQ(last_checkpoint(run_), run_.checkpoints() / "epoch-7-step-3.safetensors");
  EXPECT_EQ(best_checkpoint(run_), run_.checkpoints() / "epoch-5.safetensors");
}

TEST_F(CheckpointIndexFile, WhatItNoLongerNamesIsRemovedAndNothingElse) {
  for (const char* name : {"epoch-1.safetensors", "epoch-2.safetensors", "epoch-3.safetensors", "mine.npy"}) {
    write_checkpoint(name);
  }
  write_checkpoint_index(run_, {"epoch-3.safetensors", "epoch-1.safetensors"});
  EXPECT_TRUE(has("epoch-1.safetensors") && has("epoch-3.safetensors") && has("mine.npy"));
  EXPECT_FALSE(has("epoch-2.safetensors"));
}

TEST_F(CheckpointIndexFile, WhatIsDamagedIsGoneBackBehind) {
  write_checkpoint_index(
      run_, {"epoch-9.safetensors", "epoch-6.safetensors", {"epoch-8.safetensors", "epoch-7.safetensors"}});
  const auto names = [&] {
    std::vector<std::string> all;
    for (const auto& path : checkpoints_to_resume(run_)) {
      all.push_back(path.filename().string());
    }
    return all;
  };
  EXPECT_THAT(names(), ::testing::ElementsAre("epoch-9.safetensors", "epoch-8.safetensors",
                                              "epoch-7.safetensors", "epoch-6.safetensors"));
  go_back_to(run_, run_.checkpoints() / "epoch-8.safetensors");
  EXPECT_EQ(best_checkpoint(run_).filename(), "epoch-6.safetensors");
  EXPECT_THAT(names(),
              ::testing::ElementsAre("epoch-8.safetensors", "epoch-7.safetensors", "epoch-6.safetensors"));
}

TEST_F(CheckpointIndexFile, WhereTheBestIsDamagedTooTheOneGoneBackToTakesItsPlace) {
  write_checkpoint_index(run_, {"epoch-9.safetensors", "epoch-9.safetensors", {"epoch-8.safetensors"}});
  go_back_to(run_, run_.checkpoints() / "epoch-8.safetensors");
  EXPECT_EQ(last_checkpoint(run_).filename(), "epoch-8.safetensors");
  EXPECT_EQ(best_checkpoint(run_).filename(), "epoch-8.safetensors");
}

TEST_F(CheckpointIndexFile, ADamagedOneIsNamedAndNeverLeadsElsewhere) {
  for (const char* text : {"", "{", "[]", "{\"last\": 3, \"best\": \"\"}", "{\"last\": \"\", \"best\": \"\"}",
                           "{\"last\": \"../../epoch-1.safetensors\", \"best\": \"\"}",
                           "{\"last\": \"epoch-1.safetensors\", \"best\": \"/etc/passwd\"}",
                           "{\"last\": \"epoch-1.safetensors\", \"best\": \"\", \"earlier\": [\"../x\"]}"}) {
    write_file(run_.checkpoints() / "index.json", text);
    EXPECT_THAT(error_of([&] { read_checkpoint_index(run_); }), HasSubstr("index.json: damaged")) << text;
  }
}

}  // namespace
}  // namespace autoencoder
