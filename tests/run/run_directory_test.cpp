#include "run/run_directory.h"

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/size_limit.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::SizeLimit;
using testing::TemporaryFolder;

// Makes `path` the current folder while it lives.
class CurrentFolder {
 public:
  explicit CurrentFolder(const fs::path& path) : before_(fs::current_path()) { fs::current_path(path); }
  ~CurrentFolder() { fs::current_path(before_); }

 private:
  fs::path before_;
};

TEST(RunDirectory, ANewRunHoldsItsConfig) {
  const TemporaryFolder folder;
  const RunDirectory run = create_run(folder / "a", {{"model", "dense"}}, ExistingRun::kRefuse).directory;
  EXPECT_EQ(read_config(run.config()), Json({{"model", "dense"}}));
  EXPECT_TRUE(open_run(folder / "a").is_run());
  EXPECT_EQ(open_run(folder.path() / "a/").name(), "a");
}

TEST(RunDirectory, NumbersGoOnAboveThoseTaken) {
  const TemporaryFolder folder;
  const CurrentFolder here(folder.path());
  const auto next_path = [] { return create_next_run("dense-mnist", Json::object()).directory.path(); };
  EXPECT_EQ(next_path(), fs::path("runs/dense-mnist-1"));
  for (const char* taken :
       {"runs/dense-mnist-2", "runs/dense-mnist-10", "runs/dense-mnist-x", "runs/vae-mnist-90"}) {
    fs::create_directories(taken);
  }
  EXPECT_EQ(next_path(), fs::path("runs/dense-mnist-11"));
}

TEST(RunDirectory, AnExistingRunIsReplacedOnlyWhenAsked) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a";
  write_file(create_run(path, {{"epochs", 1}}, ExistingRun::kRefuse).directory.metrics(), "old");
  EXPECT_THAT(error_of([&] {
                create_run(path, {{"epochs", 2}}, ExistingRun::kRefuse);
              }),
              HasSubstr("go on with --resume " + path.string()));
  EXPECT_EQ(read_file(RunDirectory(path).metrics()), "old");

  const RunDirectory replaced = create_run(path, {{"epochs", 2}}, ExistingRun::kReplace).directory;
  EXPECT_FALSE(fs::exists(replaced.metrics()));
  EXPECT_EQ(read_config(replaced.config()).at("epochs"), 2);
  EXPECT_EQ(list_runs(folder.path()).size(), 1);
}

TEST(RunDirectory, WhatIsNoRunIsNeverReplaced) {
  const TemporaryFolder folder;
  write_file(folder / "thesis" / "chapter1", "precious");
  for (const auto existing : {ExistingRun::kRefuse, ExistingRun::kReplace}) {
    EXPECT_THAT(error_of([&] { create_run(folder / "thesis", {}, existing); }), HasSubstr("is no run"));
  }
  EXPECT_EQ(read_file(folder / "thesis" / "chapter1"), "precious");
}

TEST(RunDirectory, ReplacingARunRemovesNothingThatItDidNotWrite) {
  const TemporaryFolder folder;
  const fs::path path = folder / "a";
  write_file(path.string() + ".old", "the user's");
  write_file(folder / "a.old-1" / "thesis", "the user's, too");
  create_run(path, {{"epochs", 1}}, ExistingRun::kRefuse);
  write_file(path / "notes.txt", "by hand");
  write_file(path / "checkpoints" / "mine.npy", "by hand");
  write_file(path / "checkpoints" / "epoch-1.safetensors", "by the program");

  const ClaimedRun run = create_run(path.string() + "/", {{"epochs", 2}}, ExistingRun::kReplace);
  EXPECT_EQ(run.replaced, (folder / "a.old-2").string());
  EXPECT_EQ(read_file(path.string() + ".old"), "the user's");
  EXPECT_EQ(read_file(folder / "a.old-1" / "thesis"), "the user's, too");
  EXPECT_EQ(read_file(folder / "a.old-2" / "notes.txt"), "by hand");
  EXPECT_EQ(read_file(folder / "a.old-2" / "checkpoints" / "mine.npy"), "by hand");
  EXPECT_FALSE(fs::exists(folder / "a.old-2" / "checkpoints" / "epoch-1.safetensors"));
  EXPECT_FALSE(fs::exists(folder / "a.old-2" / "config.json"));
}

TEST(RunDirectory, AReplacedRunOfTheProgramAloneIsGone) {
  const TemporaryFolder folder;
  const RunDirectory run = create_run(folder / "a", {}, ExistingRun::kRefuse).directory;
  write_file(run.log(), "lines");
  write_file(run.schema(), "of a table");
  write_file(folder / "a" / "columns.csv", "of a table");
  EXPECT_EQ(create_run(folder / "a", {}, ExistingRun::kReplace).replaced, "");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(RunDirectory, ARunThatCannotBeginLeavesTheOldOneInItsPlace) {
  const TemporaryFolder folder;
  write_file(create_run(folder / "a", {{"epochs", 1}}, ExistingRun::kRefuse).directory.log(), "lines");
  const SizeLimit full_disk(10);
  EXPECT_THAT(error_of([&] {
                create_run(folder / "a", {{"epochs", 2}}, ExistingRun::kReplace);
              }),
              HasSubstr("File too large"));
  EXPECT_EQ(read_file(folder / "a" / "log.txt"), "lines");
  EXPECT_EQ(read_config(folder / "a" / "config.json").at("epochs"), 1);
}

TEST(RunDirectory, OneProcessAtATimeHasARun) {
  const TemporaryFolder folder;
  const ClaimedRun first = create_run(folder / "a", {}, ExistingRun::kRefuse);
  EXPECT_THAT(error_of([&] { claim_run(folder / "a"); }), HasSubstr("another process is training this run"));
  EXPECT_THAT(error_of([&] { create_run(folder / "a", {}, ExistingRun::kReplace); }),
              HasSubstr("another process is training this run"));
}

TEST(RunDirectory, AFolderWithNothingButATemporaryFileOfADeadProcessIsFree) {
  const TemporaryFolder folder;
  write_file(folder / "a" / ".autoencoder-0123456789abcdef.tmp", "half");
  create_run(folder / "a", {}, ExistingRun::kRefuse);
  EXPECT_FALSE(fs::exists(folder / "a" / ".autoencoder-0123456789abcdef.tmp"));
}

TEST(RunDirectory, RunsWhoseFilesCanHoldCodeAreRefusedByName) {
  const TemporaryFolder folder;
  create_run(folder / "a", {}, ExistingRun::kRefuse);
  write_file(folder / "a" / "checkpoints" / "last.pt", "a program");
  EXPECT_THAT(error_of([&] { open_run(folder / "a"); }),
              HasSubstr("autoencoder convert " + (folder / "a").string()));
  EXPECT_EQ(find_run(folder / "a").name(), "a");
}

TEST(RunDirectory, AConfigKeepsPathsThatAreNoUtf8) {
  const TemporaryFolder folder;
  const Json config = {{"data", "/data/\xe9t\xe9"}};
  create_run(folder / "a", config, ExistingRun::kRefuse);
  EXPECT_EQ(read_config(folder / "a" / "config.json"), config);
}

TEST(RunDirectory, AConfigOfALaterVersionIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "config.json", R"({"format": 1000000})");
  EXPECT_THAT(error_of([&] { read_config(folder / "config.json"); }),
              HasSubstr("written by a later version"));
  write_file(folder / "config.json", R"({"format": "new"})");
  EXPECT_THAT(error_of([&] { read_config(folder / "config.json"); }), HasSubstr("must be a whole number"));
  write_file(folder / "config.json", R"({"epochs": 3})");
  EXPECT_EQ(read_config(folder / "config.json").at("epochs"), 3);
}

TEST(RunDirectory, OpeningWhatIsNoRunNamesTheRunsBeside) {
  const TemporaryFolder folder;
  create_run(folder / "dense-1", Json::object(), ExistingRun::kRefuse);
  EXPECT_THAT(error_of([&] { open_run(folder / "dense-2"); }),
              HasSubstr("no such run; there are " + (folder / "dense-1").string()));
  fs::create_directory(folder / "empty");
  EXPECT_THAT(error_of([&] { open_run(folder / "empty"); }),
              HasSubstr("not a run, for it holds no config.json"));
}

TEST(RunDirectory, AMistypedNameAmongManyRunsIsSuggested) {
  const TemporaryFolder folder;
  for (int i = 1; i <= 9; ++i) {
    create_run(folder / fmt::format("dense-{}", i), Json::object(), ExistingRun::kRefuse);
  }
  create_run(folder / "night", Json::object(), ExistingRun::kRefuse);
  const std::string error = error_of([&] { open_run(folder / "nihgt"); });
  EXPECT_THAT(error, HasSubstr("dense-8 and 2 more; did you mean '" + (folder / "night").string() + "'?"));
}

TEST(RunDirectory, AConfigMustBeAnObject) {
  const TemporaryFolder folder;
  write_file(folder / "list.json", "[1, 2]");
  write_file(folder / "broken.json", "{\"epochs\": ");
  for (const char* name : {"list.json", "broken.json"}) {
    EXPECT_THAT(error_of([&] { read_config(folder / name); }),
                HasSubstr(std::string(name) + ": not a JSON object"));
  }
  EXPECT_THAT(error_of([&] { read_config(folder / "none.json"); }), HasSubstr("none.json: no such file"));
}

}  // namespace
}  // namespace autoencoder
