// Training through the program itself, and the commands that use what it leaves.

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "data/npy.h"
#include "pictures/pictures.h"
#include "run/checkpoint_index.h"
#include "run/history.h"
#include "run/run_directory.h"
#include "run/saved_model.h"
#include "tests/support/blobs.h"
#include "tests/support/idx_files.h"
#include "tests/support/models.h"
#include "tests/support/program.h"
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
using testing::run_program;
using testing::spots;
using testing::TemporaryFolder;
using testing::write_idx;

class Train : public ::testing::Test {
 protected:
  Train() {
    fs::create_directory(folder_ / "spots");
    write_idx(folder_ / "spots", "train", spots(200, 1));
    write_idx(folder_ / "spots", "t10k", spots(40, 2));
  }

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
  const History history = parse_csv(read_file(directory.metrics()), "metrics.csv");
  ASSERT_EQ(history.size(), 2);
  EXPECT_EQ(history[0].train.terms[1].first, "kl");
  EXPECT_TRUE(history[0].validation);
  EXPECT_THAT(read_file(directory.log()), HasSubstr("epoch   2/2"));
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

TEST_F(Train, TheConfigOfARunDoesItAgain) {
  ASSERT_EQ(train({"--quiet", "--model", "conv", "--channels", "4"}).status, 0);
  ASSERT_EQ(call({"train", "--quiet", "--config", "runs/conv-spots-1/config.json"}).status, 0);
  expect_equal_weights(*last_model("conv-spots-1"), *last_model("conv-spots-2"));
}

TEST_F(Train, AnExistingRunIsOverwrittenOnlyWithForceAndOnlyWhenAllElseIsRight) {
  ASSERT_EQ(train({"--quiet", "--out", "a"}).status, 0);
  const std::string before = read_file(folder_ / "a/metrics.csv");
  EXPECT_THAT(train({"--out", "a"}).error, HasSubstr("this run is there already"));
  EXPECT_EQ(train({"--out", "a", "--force", "--model", "conv", "--channels", "0"}).status, 2);
  EXPECT_EQ(train({"--out", "a", "--force", "--data", "elsewhere"}).status, 1);
  EXPECT_EQ(read_file(folder_ / "a/metrics.csv"), before);
  ASSERT_EQ(train({"--quiet", "--out", "a", "--force", "--epochs", "1"}).status, 0);
  EXPECT_EQ(parse_csv(read_file(folder_ / "a/metrics.csv"), "").size(), 1);
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
  const History resumed_history = parse_csv(read_file(folder_ / "stopped/metrics.csv"), "");
  const History whole_history = parse_csv(read_file(folder_ / "whole/metrics.csv"), "");
  ASSERT_EQ(resumed_history.size(), 60);
  for (size_t epoch = 0; epoch < 60; ++epoch) {
    EXPECT_EQ(resumed_history[epoch].train.total, whole_history[epoch].train.total) << epoch;
    EXPECT_EQ(resumed_history[epoch].validation->total, whole_history[epoch].validation->total) << epoch;
  }
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
  EXPECT_EQ(parse_csv(read_file(folder_ / "a/metrics.csv"), "").size(), 4);
  ASSERT_EQ(call({"train", "--resume", "a"}).status, 0);
  EXPECT_EQ(parse_csv(read_file(folder_ / "a/metrics.csv"), "").size(), 4);
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

// Rows of `columns` numbers from 0 to `largest`.
void write_table(const fs::path& path, int64_t rows, int64_t columns, int64_t largest) {
  std::ofstream table(path);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      table << (column > 0 ? "," : "") << (row * 7 + column) % (largest + 1);
    }
    table << '\n';
  }
}

TEST_F(Train, DataThatTheOutputActivationCannotReachIsRefusedBeforeTheFirstStep) {
  write_table(folder_ / "wide.csv", 40, 5, 255);
  const std::string error = call({"train", "--data", "wide.csv", "--epochs", "1"}).error;
  EXPECT_THAT(error, AllOf(HasSubstr("goes from 0 to 2"), HasSubstr("puts out 0 to 1"),
                           HasSubstr("--scale minmax, or --output-activation none")));
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
  EXPECT_THAT(call({"train", "--data", "wide.csv", "--scale", "standard"}).error,
              HasSubstr("the data, scaled,"));
  EXPECT_EQ(call({"train", "--data", "wide.csv", "--epochs", "1", "--scale", "minmax"}).status, 0);
  EXPECT_EQ(call({"train", "--data", "wide.csv", "--epochs", "1", "--scale", "standard",
                  "--output-activation", "none", "--loss", "mse"})
                .status,
            0);
}

TEST_F(Train, AnExampleTooWideToDrawCostsItsPictureAlone) {
  write_table(folder_ / "wide.csv", 12, 40'000, 1);
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
  const History history = parse_csv(read_file(folder_ / "a/metrics.csv"), "");
  EXPECT_FALSE(history[0].validation);
  EXPECT_THAT(call({"evaluate", "a", "--split", "validation"}).error,
              HasSubstr("validation split of spots is empty"));
}

class UsesOfARun : public Train {
 protected:
  void SetUp() override {
    ASSERT_EQ(train({"--quiet", "--out", "plain"}).status, 0);
    ASSERT_EQ(
        train({"--quiet", "--out", "vae", "--model", "vae", "--hidden", "32", "--latent-dim", "2"}).status,
        0);
  }
};

TEST_F(UsesOfARun, EvaluatePrintsATableOrJson) {
  const ProgramResult table = call({"evaluate", "plain"});
  EXPECT_EQ(table.status, 0) << table.error;
  EXPECT_THAT(table.out, AllOf(HasSubstr("plain on the test split of spots, 40 images"),
                               HasSubstr("mean squared error")));
  const Json plain = Json::parse(call({"evaluate", "plain", "--json"}).out);
  EXPECT_EQ(plain.at("images"), 40);
  EXPECT_TRUE(plain.contains("mse") && plain.contains("mae") && plain.contains("psnr") &&
              plain.contains("ssim") && plain.contains("bce"));
  EXPECT_FALSE(plain.contains("elbo"));
  const Json vae = Json::parse(call({"evaluate", "vae", "--json"}).out);
  EXPECT_NEAR(vae.at("elbo").get<double>(),
              -(vae.at("reconstruction").get<double>() + vae.at("kl").get<double>()), 1e-6);
}

TEST_F(UsesOfARun, EvaluateMeasuresTheModelOnTheSplit) {
  const auto model = load_best_model(RunDirectory(folder_ / "plain"), torch::kCPU).model;
  const torch::Tensor images = to_unit_range(spots(40, 2).images);
  const double expected = (model->forward(images) - images).square().mean().item<double>();
  EXPECT_NEAR(Json::parse(call({"evaluate", "plain", "--json"}).out).at("mse").get<double>(), expected, 1e-6);
  EXPECT_EQ(Json::parse(call({"evaluate", "plain", "--split", "all", "--json"}).out).at("images"), 240);
  EXPECT_EQ(Json::parse(call({"evaluate", "plain", "--split", "validation", "--json"}).out).at("images"), 40);
}

TEST_F(UsesOfARun, OtherDataMustHaveTheModelsShape) {
  fs::create_directory(folder_ / "wide");
  write_idx(folder_ / "wide", "train", {torch::zeros({5, 1, 9, 16}, torch::kUInt8), torch::zeros({5}), {}});
  EXPECT_THAT(call({"evaluate", "plain", "--data", "wide"}).error,
              HasSubstr("wide has images of 9x16, but the model of plain takes 12x12"));
}

TEST_F(UsesOfARun, ReconstructDrawsAnyChoiceOfImages) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  const ProgramResult result = call(
      {"reconstruct", "plain", "--indices", "3,1,3", "--show-code", "--layout", "pairs", "--out", "r.png"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_THAT(result.out, HasSubstr("r.png: 3 images, mean squared error"));
  EXPECT_TRUE(fs::exists(folder_ / "r.png"));
  EXPECT_THAT(call({"reconstruct", "plain", "--indices", "40"}).error,
              HasSubstr("indices has 40; the split has 40, 0 to 39"));
  EXPECT_THAT(call({"reconstruct", "plain", "--count", "41"}).error,
              HasSubstr("count is 41; the split has 40 images"));
}

TEST_F(UsesOfARun, SampleDrawsFromThePriorOrSaysThatItFits) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  EXPECT_THAT(call({"sample", "vae", "--count", "9"}).out,
              HasSubstr("vae/sample.png: 9 images, codes from the prior"));
  EXPECT_THAT(call({"sample", "plain", "--out", "s.png"}).out,
              HasSubstr("no prior: codes from a normal fitted to the training codes"));
  EXPECT_TRUE(fs::exists(folder_ / "s.png"));
}

TEST_F(UsesOfARun, SampleFitsWhatItIsAskedTo) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  EXPECT_THAT(call({"sample", "vae", "--prior", "gmm:3", "--temperature", "0.5"}).out,
              HasSubstr("codes from 3 normals fitted to the training codes"));
  EXPECT_THAT(call({"sample", "plain", "--class", "2", "--count", "5", "--save-codes", "c.npy"}).out,
              HasSubstr("codes from a normal fitted to training codes of 2"));
  EXPECT_EQ(read_npy(folder_ / "c.npy").size(0), 5);
}

TEST_F(UsesOfARun, SampleRefusesPriorsAndClassesThatAreNone) {
  EXPECT_THAT(call({"sample", "plain", "--prior", "model"}).error, HasSubstr("this model has no prior"));
  EXPECT_THAT(call({"sample", "plain", "--prior", "gmm:0"}).error, HasSubstr("prior is 'gmm:0'"));
  EXPECT_THAT(call({"sample", "plain", "--class", "9"}).error,
              HasSubstr("class names the label 9, which is not there; there are 0, 1, 2, 3"));
  EXPECT_THAT(call({"sample", "plain", "--prior", "gmm:5000"}).error, HasSubstr("are too few to fit 5000"));
}

TEST_F(UsesOfARun, ExportWritesTheModelOrHalfOfIt) {
  EXPECT_THAT(call({"export", "vae", "--out", "whole.pt"}).out, HasSubstr("forward, encode, decode, sample"));
  EXPECT_THAT(call({"export", "plain", "--part", "encoder"}).out, HasSubstr("plain/encoder.pt"));
  EXPECT_EQ(call({"export", "plain", "--part", "decoder", "--out", "d.pt"}).status, 0);
  for (const char* name : {"whole.pt", "plain/encoder.pt", "d.pt"}) {
    EXPECT_TRUE(fs::exists(folder_ / name)) << name;
  }
}

TEST_F(UsesOfARun, RunsListsThem) {
  const ProgramResult result = call({"runs", "."});
  EXPECT_THAT(result.out, AllOf(HasSubstr("plain"), HasSubstr("vae"), HasSubstr("spots")));
  const Json rows = Json::parse(call({"runs", ".", "--json"}).out);
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].at("model"), "dense");
  EXPECT_GT(rows[1].at("best_loss").get<double>(), 0);
  EXPECT_THAT(call({"runs", "nowhere"}).error, HasSubstr("nowhere: no such folder"));
}

TEST_F(UsesOfARun, DamagedCheckpointsAreNamed) {
  const fs::path best = best_checkpoint(RunDirectory(folder_ / "plain"));
  std::ofstream(best, std::ios::trunc) << "half";
  EXPECT_THAT(call({"evaluate", "plain"}).error,
              HasSubstr("plain/checkpoints/" + best.filename().string() + ": damaged"));
}

}  // namespace
}  // namespace autoencoder
