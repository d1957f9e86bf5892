#include "tasks/data_options.h"

#include <filesystem>

#include "common/files.h"
#include "data/source.h"
#include "pictures/pictures.h"
#include "tests/support/blobs.h"
#include "tests/support/expect_error.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;
using ::testing::StartsWith;
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
  EXPECT_THAT(
      error_of([&] { open_source(source_of((folder / "file").string())); }),
      HasSubstr("file: a file whose ending does not say what it holds; give a file of numbers (.csv, .tsv, "
                ".txt, .data, .csv.gz, .tsv.gz, "
                ".npy, .npz, .tes, .tra), a folder of IDX files (train-images-idx3-ubyte, plain or .gz), "));
}

TEST(DataOptions, NamesWhatThereIs) {
  const std::string message = error_of([&] { open_source(source_of("swissroll")); });
  EXPECT_EQ(
      message,
      "swissroll: no such data; give a file of numbers (.csv, .tsv, .txt, .data, .csv.gz, .tsv.gz, .npy, "
      ".npz, .tes, .tra), a folder "
      "of "
      "IDX files (train-images-idx3-ubyte, plain or .gz), a folder of optdigits.tra and optdigits.tes, a "
      "folder of series (files of numbers), a folder of pictures, pictures with commas between them, @FILE "
      "with the path of one a line, or one of mnist, "
      "fashion-mnist, digits, circle, spiral, swiss-roll, daily, ecg; did you mean 'swiss-roll'?");
}

TEST(DataOptions, OpensATableWithItsLabels) {
  const TemporaryFolder folder;
  write_file(folder / "iris.csv", "width,kind\n1,a\n2,b\n");
  SourceOptions options = source_of((folder / "iris.csv").string());
  options.reading["label-column"] = "kind";
  const DataSource source = open_source(options);
  EXPECT_EQ(source.name, "iris");
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 1}));
  EXPECT_EQ(source.train.label_names.size(), 2);
}

TEST(DataOptions, OpensDigitsByNameByFolderAndByFile) {
  const TemporaryFolder folder;
  std::string row;
  for (int i = 0; i < 64; ++i) {
    row += "16,";
  }
  write_file(folder / "digits" / "optdigits.tes", row + "7\n");
  for (const SourceOptions& options :
       {source_of("digits", folder.path().string()), source_of((folder / "digits").string()),
        source_of((folder / "digits" / "optdigits.tes").string())}) {
    EXPECT_EQ(open_source(options).train.shape(), (ImageShape{1, 8, 8})) << options.data;
  }
  EXPECT_EQ(located(source_of("digits", folder.path().string())).data_dir, (folder / "digits").string());
}

TEST(DataOptions, GeneratesPoints) {
  SourceOptions options = source_of("spiral");
  EXPECT_EQ(open_source(options).train.size(), 1000);
  options.reading["points"] = 30;
  options.reading["noise"] = 0.0;
  const torch::Tensor points = open_source(options).train.images.all();
  EXPECT_EQ(points.sizes(), torch::IntArrayRef({30, 1, 1, 2}));
  options.reading["data-seed"] = 1;
  EXPECT_FALSE(torch::equal(open_source(options).train.images.all(), points));
}

TEST(DataOptions, GeneratedDataLiesNowhere) {
  EXPECT_EQ(located(source_of("circle")).data, "circle");
  EXPECT_EQ(located(source_of("a.csv")).data, (std::filesystem::current_path() / "a.csv").string());
}

TEST(DataOptions, OptionsOfOtherDataAreRefused) {
  SourceOptions options = source_of("circle");
  options.reading["label-column"] = "kind";
  EXPECT_EQ(error_of([&] { open_source(options); }),
            "label-column is kind, but that is for .csv, .tsv, .txt, .data, .csv.gz, .tsv.gz, not for "
            "circle; leave it out");
  options = source_of("some.csv");
  options.reading["points"] = 10;
  EXPECT_EQ(
      error_of([&] { open_source(options); }),
      "points is 10, but that is for circle, spiral, swiss-roll, daily, ecg, not for some.csv; leave it out");
  for (const auto& [option, value] : {std::pair<std::string, Json>("transpose", true),
                                      {"idx", "kmnist"},
                                      {"array", "x"},
                                      {"image-size", "64"},
                                      {"fit", "crop"},
                                      {"image-channels", 1}}) {
    options = source_of("some.csv");
    options.reading[option] = value;
    EXPECT_THAT(error_of([&] { open_source(options); }),
                AllOf(StartsWith(option + " is "), HasSubstr("not for some.csv; leave it out")));
  }
}

TEST(DataOptions, AnOfferIsTakenWhereItIsReadAndNothingElseWasSaid) {
  SourceOptions options = source_of("a.png");
  options.reading["fit"] = "pad";
  for (const auto& [option, value] : {std::pair("image-size", "8x9"), {"fit", "crop"}, {"points", "3"}}) {
    options.offer(option, value);
  }
  EXPECT_EQ(options.changed(), (Json{{"image-size", "8x9"}, {"fit", "pad"}}));
}

TEST(DataOptions, EveryOptionIsKeptAndReadAgain) {
  SourceOptions options = source_of("set");
  options.reading = {{"image-size", "96x160"}, {"transpose", true}, {"points", 7}};
  SourceOptions again;
  read_options(again, to_json(options));
  EXPECT_EQ(again.changed(), options.changed());
  EXPECT_EQ(again.data, "set");
}

}  // namespace
}  // namespace autoencoder
