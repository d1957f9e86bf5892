// A run is killed at every call that writes, and at random moments, and its disk refuses from every such call
// on: begun again with the same words, it ends as one that nothing happened to.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "run/checkpoint_index.h"
#include "run/history.h"
#include "run/run_directory.h"
#include "tests/support/forked.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"
#include "tests/survival/faults.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::Fault;
using ::testing::HasSubstr;
using testing::ProgramResult;

/// What is trained: words of `train`, after those that all have.
struct Training {
  std::string name;
  std::vector<std::string> words;
};

void PrintTo(const Training& training, std::ostream* out) { *out << training.name; }

class SurvivalTest : public ::testing::Test {
 protected:
  SurvivalTest() { testing::write_spots_to(folder_ / "spots", 80, 8); }

  std::vector<std::string> train_words(const Training& training, const std::string& out) const {
    std::vector<std::string> words = {"train",
                                      "--data",
                                      "spots",
                                      "--batch-size",
                                      "16",
                                      "--epochs",
                                      "3",
                                      "--out",
                                      out,
                                      "--resume",
                                      "auto",
                                      "--threads",
                                      "1",
                                      "--checkpoint-every",
                                      "steps:3,epochs:1",
                                      "--keep-checkpoints",
                                      "2"};
    words.insert(words.end(), training.words.begin(), training.words.end());
    return words;
  }

  ProgramResult train(const Training& training, const std::string& out, Fault fault = Fault::kKill,
                      int64_t at = 0) {
    return testing::run_forked(folder_.path(), train_words(training, out),
                               [=] { testing::inject(fault, at); });
  }

  RunDirectory run(const std::string& name) const { return RunDirectory(folder_ / name); }

  // The same weights at the end and at the best epoch, after the same losses; and nothing half written.
  void expect_like_whole(const std::string& what) const {
    for (const auto& checkpoint_of : {last_checkpoint, best_checkpoint}) {
      const NamedTensors expected = weights_of(*load_model(checkpoint_of(run("whole")), torch::kCPU).model);
      for (const auto& [name, weight] :
           weights_of(*load_model(checkpoint_of(run("hit")), torch::kCPU).model)) {
        ASSERT_TRUE(torch::equal(weight, expected.at(name))) << name << ", " << what;
      }
    }
    const History expected = read_history(run("whole").metrics());
    const History found = read_history(run("hit").metrics());
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(found[i].train.total, expected[i].train.total) << what;
      ASSERT_EQ(found[i].monitored_loss(), expected[i].monitored_loss()) << what;
    }
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "hit")) {
      ASSERT_FALSE(is_temporary(entry.path())) << entry.path() << ", " << what;
    }
    ASSERT_TRUE(fs::exists(run("hit").exported_model())) << what;
  }

  void expect_goes_on(const Training& training, const std::string& what) {
    const ProgramResult again = train(training, "hit");
    ASSERT_EQ(again.status, 0) << again.error << what;
    expect_like_whole(what);
  }

  // Of `points` calls, as far apart as they can be, or of every one where AUTOENCODER_EVERY_CALL is set: that
  // takes minutes for each training.
  void survives(const Training& training, Fault fault, int64_t points) {
    ASSERT_EQ(train(training, "whole").status, 0);
    const int64_t calls = testing::calls_of_files();
    ASSERT_GT(calls, 60);
    const int64_t stride = std::getenv("AUTOENCODER_EVERY_CALL") != nullptr ? 1 : (calls - 1) / points + 1;
    for (int64_t at = 1; at <= calls; at += stride) {
      fs::remove_all(folder_ / "hit");
      const std::string what = ", hit at call " + std::to_string(at) + " of " + std::to_string(calls);
      const ProgramResult hit = train(training, "hit", fault, at);
      if (fault == Fault::kKill) {
        ASSERT_EQ(hit.status, -SIGKILL) << what;
      } else if (hit.status != 0) {  // 0: all that failed was what a file system need not have
        ASSERT_EQ(hit.status, 1) << what;
        ASSERT_TRUE(hit.error.starts_with("error: ")) << hit.error << what;
        ASSERT_EQ(std::count(hit.error.begin(), hit.error.end(), '\n'), 1) << hit.error << what;
      }
      expect_goes_on(training, what);
      if (HasFatalFailure()) {
        return;
      }
    }
  }

  testing::TemporaryFolder folder_;
};

const Training kDense = {"dense",
                         {"--schedule", "plateau", "--patience", "2", "--corruption", "gaussian:0.2"}};

using Survival = SurvivalTest;

TEST_F(Survival, OfAKillAtCallsThatWrite) { survives(kDense, Fault::kKill, 40); }

TEST_F(Survival, OfADiskThatRefusesFromACallOn) { survives(kDense, Fault::kRefuse, 20); }

TEST_F(Survival, OfAKillAtRandomMoments) {
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(train(kDense, "whole").status, 0);
  const auto duration = std::chrono::steady_clock::now() - start;
  std::mt19937 rng(7);
  std::uniform_real_distribution<double> moment(0, 1);
  for (int i = 0; i < 50; ++i) {
    fs::remove_all(folder_ / "hit");
    testing::ForkedCall call(folder_.path(), train_words(kDense, "hit"));
    std::this_thread::sleep_for(duration * moment(rng));
    call.send(SIGKILL);
    call.wait();
    expect_goes_on(kDense, ", kill " + std::to_string(i));
    ASSERT_FALSE(HasFatalFailure());
  }
}

TEST_F(Survival, OfADamagedCheckpoint) {
  ASSERT_EQ(train(kDense, "whole").status, 0);
  fs::copy(folder_ / "whole", folder_ / "hit", fs::copy_options::recursive);
  const fs::path last = last_checkpoint(run("hit"));
  fs::resize_file(last, fs::file_size(last) / 2);
  const ProgramResult again = train(kDense, "hit");
  ASSERT_EQ(again.status, 0) << again.error;
  EXPECT_THAT(again.out, HasSubstr("note: "));
  EXPECT_THAT(again.out, HasSubstr("damaged"));
  expect_like_whole("");
}

TEST_F(Survival, TheSecondSignalEndsAtOnce) {
  testing::ForkedCall call(
      folder_.path(),
      {"train", "--data", "spots", "--batch-size", "16", "--epochs", "100000", "--out", "long"},
      [] { std::signal(SIGALRM, [](int) { ::raise(SIGINT), ::raise(SIGINT); }); });
  while (!fs::exists(run("long").metrics())) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  call.send(SIGALRM);
  EXPECT_EQ(call.wait().status, -SIGINT);
  EXPECT_NO_THROW(load_model(last_checkpoint(run("long")), torch::kCPU));
}

class SlowSurvival : public SurvivalTest, public ::testing::WithParamInterface<Training> {};

TEST_P(SlowSurvival, OfAKillAtCallsThatWrite) { survives(GetParam(), Fault::kKill, 8); }

TEST_P(SlowSurvival, OfADiskThatRefusesFromACallOn) { survives(GetParam(), Fault::kRefuse, 4); }

INSTANTIATE_TEST_SUITE_P(
    Trainings, SlowSurvival,
    ::testing::Values(kDense, Training{"conv", {"--model", "conv", "--latent-dim", "4"}},
                      Training{"vae", {"--model", "vae", "--hidden", "16", "--latent-dim", "4"}},
                      Training{
                          "dead_units",
                          {"--model", "batch-topk", "--latent-dim", "64", "--k", "4", "--dead-after", "2"}},
                      Training{"batch_norm", {"--hidden", "16", "--batch-norm"}},
                      Training{"dropout", {"--hidden", "16", "--dropout", "0.3"}},
                      Training{"masked", {"--model", "masked", "--patch-size", "4"}},
                      Training{"concrete", {"--model", "concrete", "--latent-dim", "4"}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace autoencoder
