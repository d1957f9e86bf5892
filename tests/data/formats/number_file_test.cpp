#include "data/formats/number_file.h"

#include <torch/torch.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::TemporaryFolder;

TEST(NumberFile, TheEndingTellsTheKind) {
  EXPECT_EQ(number_file_kind("a/b.csv"), NumberFile::kTable);
  EXPECT_EQ(number_file_kind("b.TSV"), NumberFile::kTable);
  EXPECT_EQ(number_file_kind("b.txt"), NumberFile::kTable);
  EXPECT_EQ(number_file_kind("b.npy"), NumberFile::kNpy);
  EXPECT_EQ(number_file_kind("b.tes"), NumberFile::kOptdigits);
  EXPECT_EQ(number_file_kind("b.tra"), NumberFile::kOptdigits);
  for (const char* other : {"csv", "a.csv/b", "b.npz", "b.csv.gz", ""}) {
    EXPECT_EQ(number_file_kind(other), NumberFile::kNone) << other;
  }
  EXPECT_EQ(number_file_endings(), ".csv, .tsv, .txt, .npy, .tes, .tra");
}

TEST(NumberFile, TablesBecomeVectors) {
  const TemporaryFolder folder;
  write_file(folder / "iris.csv", "1,2,rose\n3,4,iris\n");
  const DataSource source = read_number_file(folder / "iris.csv", {.label = "-1"});
  EXPECT_EQ(source.name, "iris");
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 2}));
  EXPECT_TRUE(
      torch::equal(source.train.images.all().view({2, 2}), torch::tensor({{1.0F, 2.0F}, {3.0F, 4.0F}})));
  EXPECT_TRUE(torch::equal(source.train.labels, torch::tensor({1, 0}, torch::kInt64)));
  EXPECT_THAT(source.train.label_names, ElementsAre("iris", "rose"));
  EXPECT_TRUE(source.test.empty());
}

TEST(NumberFile, EachKindHasItsReader) {
  const TemporaryFolder folder;
  write_npy(folder / "x.npy", torch::zeros({4, 5}));
  EXPECT_EQ(read_number_file(folder / "x.npy", {}).train.shape(), (ImageShape{1, 1, 5}));
  std::string row;
  for (int i = 0; i < 64; ++i) {
    row += "0,";
  }
  write_file(folder / "x.tes", row + "7\n");
  EXPECT_EQ(read_number_file(folder / "x.tes", {}).train.shape(), (ImageShape{1, 8, 8}));
}

}  // namespace
}  // namespace autoencoder
