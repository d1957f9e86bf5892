// What a run survives: kills, full disks, moved data, company, and versions of this program.

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <torch/types.h>

#include "common/files.h"
#include "run/checkpoint_index.h"
#include "run/run_directory.h"
#include "tests/support/program_test.h"
#include "tests/support/size_limit.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ProgramCall;
using testing::ProgramResult;
using testing::SizeLimit;

class Resume : public testing::ProgramTest {
 protected:
  Resume() { write_spots("spots", 200, 40); }

  static std::vector<std::string> train_words(const std::string& out, const std::string& epochs) {
    return {"train", "--data", "spots", "--batch-size", "32", "--quiet", "--epochs", epochs, "--out", out};
  }
  void train(const std::string& out, const std::string& epochs) { out_of(train_words(out, epochs)); }
  void resume(const std::string& run, const std::string& epochs) {
    out_of({"train", "--resume", run, "--epochs", epochs, "--quiet"});
  }

  RunDirectory run_in(const std::string& name) const { return RunDirectory(folder_ / name); }

  // Trained to the same last weights, and with the same best ones.
  void expect_equal(const std::string& a, const std::string& b) const {
    for (const auto& checkpoint_of : {last_checkpoint, best_checkpoint}) {
      const NamedTensors expected = weights_of(*load_model(checkpoint_of(run_in(b)), torch::kCPU).model);
      for (const auto& [name, weight] :
           weights_of(*load_model(checkpoint_of(run_in(a)), torch::kCPU).model)) {
        EXPECT_TRUE(torch::equal(weight, expected.at(name))) << name;
      }
    }
  }

  void expect_no_temporaries(const std::string& name) const {
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
      EXPECT_FALSE(is_temporary(entry.path())) << entry.path();
    }
  }

  // Waits until a training under way has saved what shows that it has begun.
  void wait_for(const fs::path& file) const {
    while (!fs::exists(file)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
};

TEST_F(Resume, AfterAKillAtAnyMomentTheRunEqualsOneThatWasNotKilled) {
  const std::string epochs = "300";  // longer than checkpoints are apart, on most machines
  train("whole", epochs);
  const RunDirectory run = run_in("killed");
  const auto exists = [](const fs::path& file) { return [file] { return fs::exists(file); }; };
  const std::vector<std::function<bool()>> moments = {exists(run.path() / "config.json"),
                                                      exists(run.checkpoints() / "index.json"),
                                                      exists(run.metrics()), [&run] {
                                                        const auto index = read_checkpoint_index(run);
                                                        return index && index->last != "epoch-0.safetensors";
                                                      }};
  for (const auto& has_come : moments) {
    fs::remove_all(run.path());
    ProgramCall killed(folder_.path(), train_words("killed", epochs));
    while (!has_come() && !killed.has_ended()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    killed.send(SIGKILL);
    killed.wait();
    resume("killed", epochs);
    expect_equal("killed", "whole");
    expect_no_temporaries("killed");
  }
}

TEST_F(Resume, ACheckpointThatTheIndexDoesNotNameYetIsNoPartOfTheRun) {
  train("whole", "3");
  train("killed", "2");
  const fs::path checkpoints = run_in("killed").checkpoints();
  fs::copy_file(checkpoints / "epoch-2.safetensors", checkpoints / "epoch-3.safetensors");
  EXPECT_EQ(best_checkpoint(run_in("killed")).filename(), "epoch-2.safetensors");
  resume("killed", "3");
  expect_equal("killed", "whole");
}

TEST_F(Resume, ARunThatHasNothingButItsConfigStartsFromTheBeginning) {
  train("whole", "2");
  train("killed", "2");
  fs::remove_all(folder_ / "killed" / "checkpoints");
  fs::remove(run_in("killed").split());
  resume("killed", "2");
  expect_equal("killed", "whole");
}

TEST_F(Resume, TheRecordTellsOfEachCall) {
  train("a", "1");
  resume("a", "2");
  const Json environment = parse_json(read_file(run_in("a").environment()), "environment");
  EXPECT_THAT(environment.at("training").get<std::string>(), HasSubstr("of memory"));
  EXPECT_THAT(environment.at("training before").get<std::string>(), HasSubstr("of memory"));
}

TEST_F(Resume, WhereNoCheckpointIsWholeItSaysWhatCanBeDone) {
  train("a", "1");
  for (const auto& entry : fs::directory_iterator(run_in("a").checkpoints())) {
    if (entry.path().extension() == ".safetensors") {
      std::fstream(entry.path(), std::ios::in | std::ios::out | std::ios::binary)
          .seekp(2'000)
          .put('x')
          .put('y');
    }
  }
  EXPECT_THAT(error_of({"train", "--resume", "a", "--epochs", "2"}),
              HasSubstr("no other checkpoint of the run is whole: train it anew, with --force --out a"));
}

TEST_F(Resume, AFullDiskEndsInALineAndLeavesTheRunAsItWas) {
#ifdef AUTOENCODER_THREAD_SANITIZED
  GTEST_SKIP() << "ThreadSanitizer begins with a file of its own, which a full disk cuts short";
#endif
  train("whole", "3");
  train("full", "2");
  const Json before = json_of({"evaluate", "full"});
  ProgramResult result;
  {
    const SizeLimit full_disk(60'000);
    std::signal(SIGXFSZ, SIG_DFL);
    result = run({"train", "--resume", "full", "--epochs", "3"});
  }
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.error, HasSubstr("epoch-3.safetensors: cannot write: File too large"));
  expect_no_temporaries("full");
  EXPECT_EQ(json_of({"evaluate", "full"}), before);
  resume("full", "3");
  expect_equal("full", "whole");
}

TEST_F(Resume, OneProcessAtATime) {
  ProgramCall first(folder_.path(), train_words("a", "5000"));
  wait_for(run_in("a").checkpoints() / "index.json");
  EXPECT_THAT(error_of({"train", "--resume", "a"}), HasSubstr("another process is training this run"));
  std::vector<std::string> forced = train_words("a", "1");
  forced.emplace_back("--force");
  EXPECT_THAT(error_of(forced), HasSubstr("another process is training this run"));
  first.send(SIGTERM);
  EXPECT_EQ(first.wait().status, 128 + SIGTERM);
}

TEST_F(Resume, TrainingsThatBeginTogetherTakeFoldersOfTheirOwn) {
  const std::vector<std::string> words = {"train", "--data", "spots", "--epochs", "1", "--quiet"};
  for (const char* folder : {"first", "second"}) {  // their output goes to files of fixed names
    fs::create_directory(folder_ / folder);
    fs::create_directory_symlink(folder_ / "spots", folder_ / folder / "spots");
    fs::create_directory(folder_ / "runs");
    fs::create_directory_symlink(folder_ / "runs", folder_ / folder / "runs");
  }
  ProgramCall first(folder_ / "first", words);
  ProgramCall second(folder_ / "second", words);
  EXPECT_EQ(first.wait().status, 0);
  EXPECT_EQ(second.wait().status, 0);
  EXPECT_TRUE(fs::exists(folder_ / "runs/dense-spots-1/model.pt"));
  EXPECT_TRUE(fs::exists(folder_ / "runs/dense-spots-2/model.pt"));
}

TEST_F(Resume, TheEndOfTheTerminalSaves) {
  ProgramCall stopped(folder_.path(), train_words("a", "5000"));
  wait_for(run_in("a").checkpoints() / "index.json");
  stopped.send(SIGHUP);
  EXPECT_EQ(stopped.wait().status, 128 + SIGHUP);
  const CheckpointIndex index = *read_checkpoint_index(run_in("a"));
  EXPECT_THAT(index.last, HasSubstr("epoch-"));
  EXPECT_NE(index.last, "epoch-0.safetensors");
}

TEST_F(Resume, DataThatMovedIsGivenAnewAndDataThatChangedIsRefused) {
  std::ofstream table(folder_ / "table.csv");
  for (int row = 0; row < 40; ++row) {
    table << row % 7 << ',' << row % 3 << ',' << row << '\n';
  }
  table.close();
  const std::vector<std::string> words = {"--scale", "minmax", "--batch-size", "8", "--quiet"};
  const auto train_table = [&](const std::string& out, const std::string& epochs) {
    std::vector<std::string> all = {"train", "--data", "table.csv", "--epochs", epochs, "--out", out};
    all.insert(all.end(), words.begin(), words.end());
    out_of(all);
  };
  train_table("whole", "3");
  train_table("moved", "2");
  fs::rename(folder_ / "table.csv", folder_ / "elsewhere.csv");
  EXPECT_THAT(error_of({"train", "--resume", "moved", "--epochs", "3"}),
              HasSubstr("table.csv: no such data"));
  out_of({"train", "--resume", "moved", "--epochs", "3", "--data", "elsewhere.csv", "--quiet"});
  expect_equal("moved", "whole");

  const std::string text = read_file(folder_ / "elsewhere.csv");
  const size_t half = text.find("6,2,20\n");
  std::ofstream(folder_ / "elsewhere.csv") << text.substr(half) << text.substr(0, half);
  EXPECT_THAT(error_of({"train", "--resume", "moved", "--epochs", "4"}), HasSubstr("or in another order"));
  EXPECT_THAT(error_of({"evaluate", "moved"}), HasSubstr("or in another order"));
}

TEST_F(Resume, ARunOfBeforeAnOptionExistedIsReadWithItsDefault) {
  train("whole", "3");
  train("older", "2");
  Json config = read_config(run_in("older").config());
  for (const char* younger : {"corruption", "binarize", "output-activation", "batch-norm", "patience"}) {
    config.erase(younger);
  }
  std::ofstream(run_in("older").config()) << config;
  EXPECT_EQ(json_of({"evaluate", "older"}).at("images"), 40);
  std::vector<std::string> started = train_words("started", "1");
  started.insert(started.end(), {"--init-from", "older"});
  out_of(started);
  resume("older", "3");
  expect_equal("older", "whole");
}

TEST_F(Resume, PathsAndLabelsNeedNotBeUtf8) {
  const std::string name = "caf\xe9";
  write_spots(name, 60, 10);
  out_of({"train", "--data", name, "--epochs", "1", "--quiet", "--out", name + "-run"});
  out_of({"train", "--resume", name + "-run", "--epochs", "2", "--quiet"});
  EXPECT_EQ(json_of({"evaluate", name + "-run"}).at("images"), 10);
  EXPECT_TRUE(json_of({"runs", "."}).is_array());
}

class Output : public Resume {
 protected:
  int status_of(const std::string& command) const {
    const std::string line = "cd '" + folder_.path().string() + "' && " AUTOENCODER_PROGRAM " " + command;
    return WEXITSTATUS(std::system(line.c_str()));
  }
};

TEST_F(Output, WhatCannotBePrintedWasNotDone) {
  train("a", "1");
  for (const char* command : {"evaluate a --json", "evaluate a", "--help", "models", "runs ."}) {
    EXPECT_EQ(status_of(std::string(command) + " >/dev/full 2>error"), 1) << command;
    EXPECT_THAT(read_file(folder_ / "error"), HasSubstr("No space left on device")) << command;
    EXPECT_EQ(status_of(std::string(command) + " >/dev/null 2>error"), 0) << command;
  }
}

TEST_F(Output, WhatTheSystemRefusesIsALine) {
  write_file(folder_ / "file", "");
  EXPECT_EQ(status_of("train --data spots --epochs 1 --quiet --out file/run 2>error"), 1);
  EXPECT_THAT(read_file(folder_ / "error"), HasSubstr("file/run: "));
  EXPECT_THAT(read_file(folder_ / "error"), Not(HasSubstr("filesystem error")));
}

}  // namespace
}  // namespace autoencoder
