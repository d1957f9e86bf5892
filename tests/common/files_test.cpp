#include "common/files.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/expect_error.h"
#include "tests/support/size_limit.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::SizeLimit;
using testing::TemporaryFolder;

size_t files_in(const std::filesystem::path& folder) {
  const auto files = std::filesystem::directory_iterator(folder);
  return static_cast<size_t>(std::distance(begin(files), end(files)));
}

TEST(Files, WhatIsWrittenIsRead) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\n\xff", 5);
  write_file(folder / "new" / "file", bytes);
  EXPECT_EQ(read_file(folder / "new" / "file"), bytes);
}

TEST(Files, AnEmptyFileIsEmpty) {
  const TemporaryFolder folder;
  write_file(folder / "file", "");
  EXPECT_EQ(read_file(folder / "file"), "");
}

TEST(Files, WritingReplacesAndLeavesNothingElse) {
  const TemporaryFolder folder;
  write_file(folder / "file", "old and longer");
  write_file(folder / "file", "new");
  EXPECT_EQ(read_file(folder / "file"), "new");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(Files, AFailedWriteNamesTheFileAndKeepsTheOldOne) {
  const TemporaryFolder folder;
  write_file(folder / "file", "old");
  std::string error;
  {
    const SizeLimit full_disk(10);
    error = error_of([&] { write_file(folder / "file", std::string(100, 'x')); });
  }
  EXPECT_THAT(error, HasSubstr((folder / "file").string() + ": cannot write: File too large"));
  EXPECT_EQ(read_file(folder / "file"), "old");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(Files, NothingButAFileIsReplaced) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "taken");
  EXPECT_THAT(error_of([&] { write_file(folder / "taken", "x"); }), HasSubstr("is no file"));
  EXPECT_THAT(error_of([] { write_file("/dev/null", "x"); }), HasSubstr("/dev/null: cannot write"));
  EXPECT_EQ(files_in(folder.path()), 1);
}

mode_t permissions_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

TEST(Files, AFileWrittenAnewStaysAsClosedAsItWas) {
  const TemporaryFolder folder;
  write_file(folder / "file", "old");
  ::chmod((folder / "file").c_str(), 0600);
  write_file(folder / "file", "new");
  EXPECT_EQ(permissions_of(folder / "file"), 0600U);
}

// In the manner of an attacker who may write to the folder, too: links under every name that can be guessed.
TEST(Files, TemporaryNamesCannotBeGuessed) {
  const TemporaryFolder folder;
  write_file(folder / "precious", "precious");
  for (const std::string& guess : {std::to_string(::getpid()), std::string("new")}) {
    std::filesystem::create_symlink(folder / "precious", folder / ("file." + guess + ".tmp"));
    std::filesystem::create_symlink(folder / "precious", folder / (".autoencoder-" + guess + ".tmp"));
  }
  write_file(folder / "file", "new");
  EXPECT_EQ(read_file(folder / "precious"), "precious");
}

std::filesystem::path temporary_in(const TemporaryFolder& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    if (is_temporary(entry.path())) {
      return entry.path();
    }
  }
  return {};
}

TEST(Files, WhatAKilledProcessLeftIsClearedAndWhatALivingOneWritesIsNot) {
  const TemporaryFolder folder;
  const pid_t process = ::fork();
  if (process == 0) {
    NewFile file(folder / "dead");
    file.append("half");
    ::_exit(0);
  }
  ::waitpid(process, nullptr, 0);
  EXPECT_FALSE(temporary_in(folder).empty());
  clear_dead_temporaries(folder.path());
  EXPECT_TRUE(temporary_in(folder).empty());

  NewFile living(folder / "file");
  living.append("whole");
  clear_dead_temporaries(folder.path());
  living.commit();
  EXPECT_EQ(read_file(folder / "file"), "whole");
}

TEST(Files, TheLongestNameOfASystemCanBeWritten) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file(folder / name, "x");
  EXPECT_EQ(read_file(folder / name), "x");
}

TEST(Files, PathsAreTidied) {
  EXPECT_EQ(tidied("runs/a/"), "runs/a");
  EXPECT_EQ(tidied("runs/./b/../a//"), "runs/a");
  EXPECT_EQ(tidied("/"), "/");
  EXPECT_EQ(tidied("a"), "a");
}

TEST(Files, AMissingFileIsNamed) {
  EXPECT_EQ(error_of([] { read_file("/nowhere/file"); }),
            "/nowhere/file: cannot read: No such file or directory");
}

}  // namespace
}  // namespace autoencoder
