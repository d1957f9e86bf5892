// Training through the program itself, and the commands that use what it leaves.

#include "tasks/train.h"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/log.h"
#include "pictures/pictures.h"
#include "run/checkpoint_index.h"
#include "run/history.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "tasks/evaluate.h"
#include "tests/support/idx_files.h"
#include "tests/support/models.h"
#include "tests/support/program.h"
#include "tests/support/program_test.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::expect_equal_weights;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramCall;
using testing::ProgramResult;
using testing::ProgramTest;
using testing::run_program;
using ::testing::StartsWith;
using testing::TemporaryFolder;
using testing::write_spots_to;

class Train : public ::testing::Test {
 protected:
  Train() { write_spots_to(folder_ / "spots", 200, 40); }

  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  // A quick call of train, with more words.
  ProgramResult train(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"train", "--data", "spots", "--epochs", "2", "--batch-size", "32"};
    words.insert(words.end(), more.begin(), more.end());
    return call(words);
  }

  RunDirectory run(const std::string& name) const { return RunDirectory(folder_ / ("runs/" + name)); }

  std::shared_ptr<Autoencoder> last_model(const std::string& name) const {
    return load_model(last_checkpoint(run(name)), torch::kCPU).model;
  }

  std::shared_ptr<Autoencoder> last_model_in(const std::string& path) const {
    return load_model(last_checkpoint(RunDirectory(folder_ / path)), torch::kCPU).model;
  }

  TemporaryFolder folder_;
};

TEST_F(Train, LeavesARunWithEverythingInIt) {
  const ProgramResult result = train({"--model", "vae", "--hidden", "32"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_EQ(result.error, "");
  EXPECT_THAT(result.out, AllOf(HasSubstr("160 training and 40 validation images of 12x12"),
                                HasSubstr("epoch   2/2"), HasSubstr("runs/vae-spots-1")));
  const RunDirectory directory = run("vae-spots-1");
  for (const char* name :
       {"config.json", "metrics.csv", "log.txt", "model.pt", "model.safetensors", "split.safetensors",
        "checkpoints/index.json", "checkpoints/epoch-2.safetensors"}) {
    EXPECT_TRUE(fs::exists(directory.path() / name)) << name;
  }
  for (const char* name : {"reconstructions", "samples", "loss"}) {
    EXPECT_EQ(fs::exists(directory.picture(name)), pictures_available()) << name;
  }
  const History history = parse_history(read_file(directory.metrics()), "metrics.csv");
  ASSERT_EQ(history.size(), 2);
  EXPECT_EQ(history[0].train.terms[1].first, "kl");
  EXPECT_TRUE(history[0].validation);
  EXPECT_THAT(read_file(directory.log()), HasSubstr("epoch   2/2"));
}

TEST_F(Train, ADryRunTellsWhatItWouldTrainAndLeavesNothing) {
  const ProgramResult result = train({"--model", "conv", "--dry-run"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, AllOf(HasSubstr("Conv2d"), HasSubstr("160 training"),
                                HasSubstr("memory to train in batches of 32: about")));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

TEST_F(Train, PicturesThatCannotBeAugmentedSoAreRefusedBeforeTheFirstStep) {
  const ProgramResult result = train({"--augment", "crop:40"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error, HasSubstr("augment has crop:40, but the pictures are"));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

TEST_F(Train, TheSecondRunTakesTheNextNumberAndTheSameSeedGivesTheSameWeights) {
  ASSERT_EQ(train({"--quiet"}).status, 0);
  const ProgramResult second = train({"--quiet"});
  ASSERT_EQ(second.status, 0);
  EXPECT_EQ(second.out, "");
  ASSERT_EQ(train({"--quiet", "--seed", "1"}).status, 0);
  expect_equal_weights(*last_model("dense-spots-1"), *last_model("dense-spots-2"));
  EXPECT_FALSE(torch::equal(last_model("dense-spots-1")->parameters()[0],
                            last_model("dense-spots-3")->parameters()[0]));
}

TEST_F(Train, ABareRunHasItsResultsWhenItIsResumed) {
  const ProgramResult bare = train({"--bare", "--out", "bare"});
  ASSERT_EQ(bare.status, 0);
  EXPECT_THAT(bare.out, HasSubstr("autoencoder train --resume bare"));
  EXPECT_TRUE(fs::exists(folder_ / "bare/metrics.csv"));
  for (const char* name : {"bare/model.pt", "bare/report.html", "bare/reconstructions.png"}) {
    EXPECT_FALSE(fs::exists(folder_ / name)) << name;
  }
  ASSERT_EQ(call({"train", "--quiet", "--resume", "bare"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "bare/model.pt"));
  EXPECT_TRUE(fs::exists(folder_ / "bare/report.html"));
}

TEST_F(Train, TheConfigOfARunDoesItAgain) {
  ASSERT_EQ(train({"--quiet", "--model", "conv", "--channels", "4"}).status, 0);
  ASSERT_EQ(call({"train", "--quiet", "--config", "runs/conv-spots-1/config.json"}).status, 0);
  expect_equal_weights(*last_model("conv-spots-1"), *last_model("conv-spots-2"));
}

TEST_F(Train, AnExistingRunIsOverwrittenOnlyWithForceAndOnlyWhenAllElseIsRight) {
  ASSERT_EQ(train({"--quiet", "--out", "a"}).status, 0);
  const std::string before = read_file(folder_ / "a/metrics.csv");
  EXPECT_THAT(train({"--out", "a"}).error, HasSubstr("this run is there already"));
  EXPECT_EQ(train({"--out", "a", "--force", "--model", "conv", "--channels", "-1"}).status, 2);
  EXPECT_EQ(train({"--out", "a", "--force", "--data", "elsewhere"}).status, 1);
  EXPECT_EQ(read_file(folder_ / "a/metrics.csv"), before);
  ASSERT_EQ(train({"--quiet", "--out", "a", "--force", "--epochs", "1"}).status, 0);
  EXPECT_EQ(parse_history(read_file(folder_ / "a/metrics.csv"), "").size(), 1);
}

TEST_F(Train, GoesOnBeyondTheOldEndAsIfItHadNeverStopped) {
  ASSERT_EQ(train({"--quiet", "--out", "short"}).status, 0);
  ASSERT_EQ(call({"train", "--resume", "short", "--epochs", "4", "--quiet"}).status, 0);
  ASSERT_EQ(train({"--quiet", "--out", "long", "--epochs", "4"}).status, 0);
  expect_equal_weights(*last_model_in("short"), *last_model_in("long"));
  EXPECT_EQ(read_config(folder_ / "short/config.json").at("epochs"), 4);
}

// The signal comes whenever it comes; wherever it meets the run, the run goes on with the very next batch.
TEST_F(Train, CtrlCSavesAndTheResumedRunEqualsTheUninterruptedOne) {
  const std::vector<std::string> words = {"train",    "--data", "spots",    "--model", "vae",
                                          "--hidden", "32",     "--epochs", "60",      "--batch-size",
                                          "4",        "--out",  "stopped"};
  ProgramCall stopped(folder_.path(), words);
  while (stopped.out_so_far().find("epoch   3/60") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  stopped.send(SIGINT);
  const ProgramResult result = stopped.wait();
  EXPECT_EQ(result.status, 128 + SIGINT);
  EXPECT_THAT(result.out, HasSubstr("saved. Go on with: autoencoder train --resume stopped"));
  EXPECT_FALSE(fs::exists(folder_ / "stopped/model.pt"));

  const ProgramResult resumed = call({"train", "--resume", "stopped"});
  EXPECT_EQ(resumed.status, 0) << resumed.error;
  std::vector<std::string> whole = words;
  whole.back() = "whole";
  ASSERT_EQ(call(whole).status, 0);
  expect_equal_weights(*last_model_in("stopped"), *last_model_in("whole"));
  const History resumed_history = parse_history(read_file(folder_ / "stopped/metrics.csv"), "");
  const History whole_history = parse_history(read_file(folder_ / "whole/metrics.csv"), "");
  ASSERT_EQ(resumed_history.size(), 60);
  for (size_t epoch = 0; epoch < 60; ++epoch) {
    EXPECT_EQ(resumed_history[epoch].train.total, whole_history[epoch].train.total) << epoch;
    EXPECT_EQ(resumed_history[epoch].validation->total, whole_history[epoch].validation->total) << epoch;
  }
}

// Signals of a process, as one thread of it blocks them: a bit for each.
uint64_t blocked_by(const fs::path& thread) {
  std::istringstream status(read_file(thread / "status"));
  const std::string name = "SigBlk:";
  std::string line;
  while (std::getline(status, line) && !line.starts_with(name)) {
  }
  return std::stoull(line.substr(name.size()), nullptr, 16);
}

// No handler may run on a thread that works: oneDNN's products have numbers where the handler's frame goes.
TEST_F(Train, SignalsComeToAThreadThatDoesNotWork) {
  ProgramCall call(folder_.path(), {"train", "--data", "spots", "--epochs", "100000", "--out", "a"});
  while (!call.has_ended() && !fs::exists(folder_ / "a/metrics.csv")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    int receivers = 0;
    for (const auto& thread : fs::directory_iterator("/proc/" + std::to_string(call.process()) + "/task")) {
      const bool is_blocked = (blocked_by(thread.path()) >> (signal - 1) & 1U) != 0;
      const bool is_first = thread.path().filename() == std::to_string(call.process());
      EXPECT_TRUE(is_blocked || !is_first) << signal;
      receivers += is_blocked ? 0 : 1;
    }
    EXPECT_EQ(receivers, 1) << signal;
  }
  call.send(SIGTERM);
  EXPECT_EQ(call.wait().status, 128 + SIGTERM);
}

// The weights of a run do not depend on who watches.
TEST_F(Train, LogsForTensorBoardWhereAskedToAndGoesOnWithThatWhenResumed) {
  const auto files = [&](const std::string& name) {
    return std::distance(fs::directory_iterator(run(name).tensorboard()), fs::directory_iterator());
  };
  ASSERT_EQ(train({"--out", "runs/plain", "--quiet"}).status, 0);
  ASSERT_EQ(train({"--out", "runs/logged", "--quiet", "--log", "tensorboard"}).status, 0);
  expect_equal_weights(*last_model("plain"), *last_model("logged"));
  EXPECT_FALSE(fs::exists(run("plain").tensorboard()));
  EXPECT_EQ(files("logged"), 1);
  ASSERT_EQ(call({"train", "--resume", "runs/logged", "--epochs", "3", "--quiet"}).status, 0);
  EXPECT_EQ(files("logged"), 2);
}

TEST_F(Train, EarlyStoppingWaitsItsPatienceAndStaysStopped) {
  // A learning rate of next to nothing: the first epoch stays the best, but for rounding.
  const std::vector<std::string> words = {"--out",       "a",   "--epochs",        "50",   "--patience", "3",
                                          "--optimizer", "sgd", "--learning-rate", "1e-30"};
  const ProgramResult result = train(words);
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("no smaller loss for 3 epochs: stopping early"));
  EXPECT_EQ(parse_history(read_file(folder_ / "a/metrics.csv"), "").size(), 4);
  ASSERT_EQ(call({"train", "--resume", "a"}).status, 0);
  EXPECT_EQ(parse_history(read_file(folder_ / "a/metrics.csv"), "").size(), 4);
}

TEST_F(Train, ALossThatIsNotFiniteKeepsTheCheckpointBefore) {
  const ProgramResult result = train({"--out", "a", "--optimizer", "sgd", "--learning-rate", "1e30", "--loss",
                                      "mse", "--output-activation", "none"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error, HasSubstr("error: the loss is not finite in epoch 1, step"));
  EXPECT_TRUE(fs::exists(folder_ / "a/config.json"));
}

TEST_F(Train, StartsFromTheWeightsOfAnotherRun) {
  ASSERT_EQ(train({"--quiet", "--out", "a"}).status, 0);
  ASSERT_EQ(
      train({"--quiet", "--out", "b", "--init-from", "a", "--optimizer", "sgd", "--learning-rate", "1e-30"})
          .status,
      0);
  const auto best = load_best_model(RunDirectory(folder_ / "a"), torch::kCPU).model;
  expect_equal_weights(*best, *last_model_in("b"));
  EXPECT_THAT(train({"--init-from", "a", "--model", "dense", "--latent-dim", "7"}).error,
              HasSubstr("init-from a: its model has no encoder.3.weight of the same shape"));
}

TEST_F(Train, WarnsOfAModelThatMakesTheSameOfEveryInput) {
  // Of the weights nothing is left after a step: rate times decay is 1.
  const std::vector<std::string> decayed = {"--optimizer",     "sgd", "--momentum",     "0",
                                            "--learning-rate", "0.5", "--weight-decay", "2"};
  EXPECT_THAT(train(decayed).out, HasSubstr("warning: it makes the same of every input"));
  EXPECT_THAT(train({}).out, Not(HasSubstr("warning")));
}

// Of a number by row and column.
void write_table(const fs::path& path, int64_t rows, int64_t columns,
                 const std::function<int64_t(int64_t row, int64_t column)>& number) {
  std::ofstream table(path);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      table << (column > 0 ? "," : "") << number(row, column);
    }
    table << '\n';
  }
}

TEST_F(Train, DataThatTheOutputActivationCannotReachIsRefusedBeforeTheFirstStep) {
  write_table(folder_ / "wide.csv", 40, 5,
              [](int64_t row, int64_t column) { return (row * 7 + column) % 256; });
  const auto behind_sigmoid = [&](const std::string& scale) {
    return call({"train", "--data", "wide.csv", "--epochs", "1", "--output-activation", "sigmoid", "--loss",
                 "mse", "--scale", scale});
  };
  const std::string error = behind_sigmoid("none").error;
  EXPECT_THAT(error, AllOf(HasSubstr("goes from 0 to 2"), HasSubstr("puts out 0 to 1"),
                           HasSubstr("--scale minmax, or --output-activation none")));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
  EXPECT_THAT(behind_sigmoid("standard").error, HasSubstr("the data, scaled,"));
  EXPECT_EQ(behind_sigmoid("minmax").status, 0);
  EXPECT_EQ(call({"train", "--data", "wide.csv", "--epochs", "1", "--scale", "standard",
                  "--output-activation", "none", "--loss", "mse"})
                .status,
            0);
  EXPECT_THAT(call({"train", "--data", "wide.csv", "--output-activation", "sigmoid"}).error,
              HasSubstr("loss columns gives each column an output of its own"));
}

TEST_F(Train, AnExampleTooWideToDrawCostsItsPictureAlone) {
  write_table(folder_ / "wide.csv", 12, 40'000,
              [](int64_t row, int64_t column) { return (row + 1) * column % 7; });
  const ProgramResult result = call({"train", "--data", "wide.csv", "--epochs", "1", "--hidden", "4",
                                     "--latent-dim", "2", "--batch-size", "4", "--out", "wide"});
  EXPECT_EQ(result.status, 0) << result.error;
  for (const char* name : {"model.pt", "model.safetensors", "report.html"}) {
    EXPECT_TRUE(fs::exists(folder_ / "wide" / name)) << name;
  }
}

TEST_F(Train, WhatCannotBeWrittenCostsNothingElse) {
  ASSERT_EQ(train({"--out", "a", "--quiet"}).status, 0);
  for (const char* name : {"a/model.pt", "a/report.html"}) {
    fs::remove(folder_ / name);
  }
  fs::create_directory(folder_ / "a/model.pt");  // nothing but a file is replaced
  const ProgramResult result = call({"train", "--resume", "a", "--epochs", "3"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error,
              AllOf(HasSubstr("trained and saved, but without model.pt (a/model.pt: cannot write"),
                    HasSubstr("autoencoder train --resume a")));
  EXPECT_TRUE(fs::exists(folder_ / "a/report.html"));
  fs::remove(folder_ / "a/model.pt");
  EXPECT_EQ(call({"train", "--resume", "a"}).status, 0);
  EXPECT_TRUE(fs::is_regular_file(folder_ / "a/model.pt"));
}

TEST_F(Train, AModelIsNotDescribedByOptionsThatItDoesNotHave) {
  EXPECT_THAT(train({}).out, HasSubstr("model dense: plain, fully connected: 784-128-32-128-784 on MNIST"));
  EXPECT_THAT(train({"--latent-dim", "64"}).out, HasSubstr("model dense: plain family, dense backbone\n"));
}

TEST_F(Train, TheNameOfARunIsFitForAFileName) {
  fs::rename(folder_ / "spots", folder_ / "a b");
  ASSERT_EQ(call({"train", "--data", "a b", "--epochs", "1", "--quiet"}).status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "runs/dense-a-b-1/model.pt"));
}

TEST_F(Train, WorksWithoutValidation) {
  ASSERT_EQ(train({"--out", "a", "--validation-fraction", "0"}).status, 0);
  const History history = parse_history(read_file(folder_ / "a/metrics.csv"), "");
  EXPECT_FALSE(history[0].validation);
}

// What the commands print that use a run, here one of a variational model.
class UsesOfARun : public ProgramTest {
 protected:
  UsesOfARun() {
    write_spots("spots", 200, 40);
    Log nobody;
    train_run(plan_training({{"data", (folder_ / "spots").string()},
                             {"model", "vae"},
                             {"hidden", {32}},
                             {"latent-dim", 2},
                             {"epochs", 2},
                             {"batch-size", 32},
                             {"out", (folder_ / "vae").string()}}),
              {.log = nobody});
  }
};

TEST_F(UsesOfARun, EvaluatePrintsATableOrJson) {
  EXPECT_THAT(out_of({"evaluate", "vae"}), AllOf(StartsWith("vae on the test split of spots, 40 images\n"),
                                                 HasSubstr("mean squared error")));
  EvaluateRequest request;
  request.run = (folder_ / "vae").string();
  request.device.device = "cpu";
  EXPECT_EQ(json_of({"evaluate", "vae", "--device", "cpu"}), evaluate_run(request).to_json());
}

TEST_F(UsesOfARun, ReconstructSaysWhatItDrew) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  EXPECT_THAT(out_of({"reconstruct", "vae", "--indices", "3,1,3", "--show-code", "--layout", "pairs", "--out",
                      "r.png"}),
              StartsWith("r.png: 3 images, mean squared error"));
}

TEST_F(UsesOfARun, SampleSaysWhatItDrewAndFromWhere) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const std::vector<std::string> words = {"sample", "vae", "--count", "9"};
  EXPECT_EQ(out_of(words), "vae/sample.png: 9 images, codes from the prior\n");
  EXPECT_EQ(json_of(words),
            Json({{"out", "vae/sample.png"}, {"count", 9}, {"origin", "codes from the prior"}}));
}

TEST_F(UsesOfARun, ExportSaysWhatTheFileCanDo) {
  EXPECT_THAT(
      out_of({"export", "vae", "--part", "whole"}),
      StartsWith("vae/model.pt: TorchScript with forward, encode, decode, sample, largest difference"));
}

TEST_F(UsesOfARun, RunsPrintsATableOrJson) {
  EXPECT_THAT(out_of({"runs", "."}), AllOf(HasSubstr("\n./vae "), HasSubstr(" spots ")));
  const Json rows = json_of({"runs", "."});
  ASSERT_EQ(rows.size(), 1);
  EXPECT_EQ(rows[0].at("run"), "./vae");
  EXPECT_EQ(rows[0].at("model"), "vae");
  EXPECT_GT(rows[0].at("best_loss").get<double>(), 0);
}

}  // namespace
}  // namespace autoencoder
