#include "common/files.h"

#include <csignal>
#include <sys/resource.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
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

// Lets no file grow beyond `bytes` while it lives: what a full disk looks like to a program.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

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

TEST(Files, AMissingFileIsNamed) {
  EXPECT_EQ(error_of([] { read_file("/nowhere/file"); }),
            "/nowhere/file: cannot read: No such file or directory");
}

}  // namespace
}  // namespace autoencoder
