#include "data/formats/row_writer.h"

#include <torch/types.h>

#include "common/files.h"
#include "data/formats/csv.h"
#include "data/formats/npy.h"
#include "data/formats/npy_source.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

const RowFormat kThreeRows = {.rows = 3, .columns = {"a", "b"}, .has_labels = true, .label_names = {}};

// Three rows in two batches.
void write_three_rows(const std::filesystem::path& path, const RowFormat& format) {
  const auto writer = make_row_writer(path, format);
  writer->append(torch::tensor({{1.5F, -2.0F}, {0.1F, 3e-20F}}), torch::tensor({0, 1}, torch::kInt64));
  writer->append(torch::tensor({{7.0F, 8.0F}}), torch::tensor({1}, torch::kInt64));
  writer->commit();
}

TEST(RowWriter, NpyRowsAndTheirLabelsAreDataAgain) {
  const TemporaryFolder folder;
  write_three_rows(folder / "codes.npy", kThreeRows);
  const DataSource source = read_npy_source(folder / "codes.npy");
  EXPECT_TRUE(torch::equal(source.train.images.all().flatten(1),
                           torch::tensor({{1.5F, -2.0F}, {0.1F, 3e-20F}, {7.0F, 8.0F}})));
  EXPECT_TRUE(torch::equal(source.train.labels, torch::tensor({0, 1, 1}, torch::kInt64)));
}

TEST(RowWriter, CsvRowsReadBackBitForBitWithNamedLabels) {
  const TemporaryFolder folder;
  RowFormat format = kThreeRows;
  format.label_names = {"cat", "a \"dog\", or so"};
  write_three_rows(folder / "codes.csv", format);
  EXPECT_EQ(read_file(folder / "codes.csv"),
            "a,b,label\n1.5,-2,cat\n0.1,3e-20,\"a \"\"dog\"\", or so\"\n7,8,\"a \"\"dog\"\", or so\"\n");
  const CsvTable table = read_csv(folder / "codes.csv", {.label = "label"});
  EXPECT_EQ(table.values[1][1].item<float>(), 3e-20F);
  EXPECT_EQ(table.label_names.size(), 2);
}

TEST(RowWriter, RowsComeBackWithoutTheirLabels) {
  const TemporaryFolder folder;
  for (const char* name : {"codes.npy", "codes.csv"}) {
    write_three_rows(folder / name, kThreeRows);
    EXPECT_EQ(read_rows(folder / name).sizes(), (std::vector<int64_t>{3, 2})) << name;
  }
}

TEST(RowWriter, NothingIsLeftOfWhatWasNotFinished) {
  const TemporaryFolder folder;
  {
    const auto writer = make_row_writer(folder / "codes.npy", kThreeRows);
    writer->append(torch::rand({2, 2}), torch::tensor({0, 1}, torch::kInt64));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(RowWriter, RefusesOtherEndings) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of([&] { make_row_writer(folder / "codes.txt", kThreeRows); }),
              HasSubstr("codes.txt: rows of numbers are written to a file that ends in .npy or .csv"));
}

TEST(RowWriter, PicturesAreNoRows) {
  const TemporaryFolder folder;
  write_npy(folder / "images.npy", torch::rand({3, 8, 8}));
  EXPECT_THAT(error_of([&] { read_rows(folder / "images.npy"); }), HasSubstr("rows of numbers are needed"));
}

}  // namespace
}  // namespace autoencoder
