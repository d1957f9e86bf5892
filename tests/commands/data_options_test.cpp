#include "commands/data_options.h"

#include <filesystem>

#include "pictures/pictures.h"
#include "tests/support/blobs.h"
#include "tests/support/expect_error.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;
using testing::TemporaryFolder;
using testing::write_idx;

SourceOptions source_of(const std::string& data, const std::string& data_dir = "") {
  SourceOptions options;
  options.data = data;
  options.data_dir = data_dir;
  return options;
}

TEST(DataOptions, OpensAFolderOfIdxFiles) {
  const TemporaryFolder folder;
  write_idx(folder.path(), "train", spots(10));
  const DataSource source = open_source(source_of(folder.path().string()));
  EXPECT_EQ(source.train.size(), 10);
  EXPECT_TRUE(source.test.empty());
}

TEST(DataOptions, FindsNamedDataInItsFolderAndInTheOneAbove) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "mnist");
  write_idx(folder / "mnist", "train", spots(10));
  for (const auto& data_dir : {folder.path(), folder / "mnist"}) {
    const DataSource source = open_source(source_of("mnist", data_dir.string()));
    EXPECT_EQ(source.name, "mnist");
    EXPECT_EQ(source.train.size(), 10);
  }
}

TEST(DataOptions, LocatedOptionsFindTheDataFromAnyFolder) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "mnist");
  write_idx(folder / "mnist", "train", spots(10));
  EXPECT_EQ(located(source_of("mnist", folder.path().string())).data_dir, (folder / "mnist").string());
  EXPECT_EQ(located(source_of("some/../pictures")).data,
            (std::filesystem::current_path() / "pictures").string());
}

TEST(DataOptions, SaysWhatIsWrong) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { open_source(source_of("mnist", folder.path().string())); }),
              HasSubstr(folder.path().string()));
  EXPECT_THAT(error_of([&] { open_source(source_of(folder.path().string())); }),
              HasSubstr(folder.path().string()));
  write_file(folder / "file", "x");
  EXPECT_THAT(error_of([&] { open_source(source_of((folder / "file").string())); }),
              HasSubstr("not a folder"));
}

}  // namespace
}  // namespace autoencoder
