#include "data/formats/csv_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::TemporaryFolder;

TEST(CsvSource, TablesBecomeVectors) {
  const TemporaryFolder folder;
  write_file(folder / "iris.csv", "1,2,rose\n3,4,iris\n");
  const DataSource source = read_csv_source(folder / "iris.csv", {.label = "-1"});
  EXPECT_EQ(source.name, "iris");
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 2}));
  EXPECT_TRUE(
      torch::equal(source.train.images.all().view({2, 2}), torch::tensor({{1.0F, 2.0F}, {3.0F, 4.0F}})));
  EXPECT_TRUE(torch::equal(source.train.labels, torch::tensor({1, 0}, torch::kInt64)));
  EXPECT_THAT(source.train.label_names, ElementsAre("iris", "rose"));
  EXPECT_TRUE(source.test.empty());
}

}  // namespace
}  // namespace autoencoder
