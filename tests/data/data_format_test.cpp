#include "data/data_format.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::Contains;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// A format as a file of its own would hold it, with an option.
struct ToyOptions : Options {
  int64_t toys = 3;

  void visit(OptionVisitor& visitor) override {
    visitor.option("toys", toys, "number of toys", between(1, 9));
  }
};

DataSource open_toys(const SourceOptions& source) {
  const int64_t count = source.own<ToyOptions>().toys;
  return {"toys", {.images = torch::zeros({count, 1, 1, 2}), .labels = {}, .label_names = {}}, {}};
}

const DataFormatRegistration toy_format({.place = DataPlace::kGenerated,
                                         .name = "toy",
                                         .words = {"toys"},
                                         .make_options = new_options<ToyOptions>,
                                         .open = open_toys,
                                         .locate = [](const SourceOptions& source) { return source; }});

SourceOptions source_of(const std::string& data) {
  SourceOptions source;
  source.data = data;
  return source;
}

std::string name_of_format(const std::string& data) {
  const auto format = format_of(data);
  return format ? format->name : "none";
}

TEST(DataFormat, OneIsMadeKnownByItsRegistrationAlone) {
  SourceOptions source = source_of("toys");
  EXPECT_EQ(open_source(source).train.size(), 3);
  source.reading["toys"] = 5;
  EXPECT_EQ(open_source(source).train.size(), 5);
  EXPECT_EQ(located(source).data, "toys");
  EXPECT_THAT(data_names(), Contains("toys"));
  EXPECT_THAT(error_of([] { open_source(source_of("toy")); }), HasSubstr("did you mean 'toys'?"));
  const std::vector<OptionSpec> specs = specs_of<SourceOptions>();
  EXPECT_TRUE(std::ranges::any_of(specs, [](const OptionSpec& spec) { return spec.name == "toys"; }));
}

TEST(DataFormat, ItsOptionsAreRefusedElsewhere) {
  SourceOptions source = source_of("circle");
  source.reading["toys"] = 5;
  EXPECT_EQ(error_of([&] { open_source(source); }),
            "toys is 5, but that is for toys, not for circle; leave it out");
  source.reading["toys"] = 3;  // as by default
  EXPECT_EQ(open_source(source).name, "circle");
  source = source_of("toys");
  source.reading["toys"] = 10;
  EXPECT_EQ(error_of([&] { open_source(source); }), "toys is 10; it must be at least 1 and at most 9");
}

TEST(DataFormat, TheEndingOfAFileTellsIt) {
  EXPECT_EQ(name_of_format("a/b.csv"), "csv");
  EXPECT_EQ(name_of_format("b.TSV"), "csv");
  EXPECT_EQ(name_of_format("b.csv.GZ"), "csv");
  EXPECT_EQ(name_of_format("b.txt"), "csv");
  EXPECT_EQ(name_of_format("b.npy"), "npy");
  EXPECT_EQ(name_of_format("b.npz"), "npz");
  EXPECT_EQ(name_of_format("b.tes"), "optdigits");
  EXPECT_EQ(name_of_format("b.tra"), "optdigits");
  for (const char* other : {"csv", "a.csv/b", "b.npy.gz", ".csv", "@b.csv", ""}) {
    EXPECT_EQ(name_of_format(other), "none") << other;
  }
  EXPECT_EQ(number_file_endings(), ".csv, .tsv, .txt, .data, .csv.gz, .tsv.gz, .npy, .npz, .tes, .tra");
}

TEST(DataFormat, EachKindOfFileHasItsReader) {
  const TemporaryFolder folder;
  write_npy(folder / "x.npy", torch::zeros({4, 5}));
  EXPECT_EQ(open_source(source_of(folder / "x.npy")).train.shape(), (ImageShape{1, 1, 5}));
  std::string row;
  for (int i = 0; i < 64; ++i) {
    row += "0,";
  }
  write_file(folder / "x.tes", row + "7\n");
  EXPECT_EQ(open_source(source_of(folder / "x.tes")).train.shape(), (ImageShape{1, 8, 8}));
}

TEST(DataFormat, AFolderIsNoFileWhateverItIsCalled) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "set.csv");
  EXPECT_EQ(name_of_format(folder / "set.csv"), "none");
  EXPECT_THAT(
      error_of([&] { open_source(source_of(folder / "set.csv")); }),
      HasSubstr("set.csv: a folder with nothing in it that can be learned from; give a file of numbers"));
}

TEST(DataFormat, AMissingFileOfAKnownKindIsNoData) {
  EXPECT_THAT(error_of([] { open_source(source_of("nowhere.csv")); }),
              HasSubstr("nowhere.csv: no such data; "));
}

}  // namespace
}  // namespace autoencoder
