#include "data/formats/csv_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/source.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
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

TEST(CsvSource, OffersWhatSuitsItsColumns) {
  const TemporaryFolder folder;
  write_file(folder / "t.csv", "a,b,c\n1,2,yes\n3,4.5,no\n");
  const DataSource source = read_csv_source(folder / "t.csv");
  EXPECT_EQ(source.suited, (Json{{"scale", "auto"},
                                 {"output-activation", "none"},
                                 {"loss", "columns"},
                                 {"layout", "number*2,yes-no"}}));
  EXPECT_EQ(source.train.schema->columns[1].name, "b");
}

class CsvOptions : public ::testing::Test {
 protected:
  void SetUp() override { write_file(folder / "t.csv", "a,b,c,d\n1,2,5,p\n3,4,7,q\n8,-9,4,r\n"); }

  DataSource open(const Json& reading) const {
    SourceOptions options;
    options.data = (folder / "t.csv").string();
    options.reading = reading;
    return open_source(options);
  }
  std::string layout(const Json& reading) const { return open(reading).train.schema->layout().text(); }

  TemporaryFolder folder;
};

TEST_F(CsvOptions, ChooseColumns) {
  EXPECT_EQ(layout({{"columns", "a,c"}}), "number*2");
  EXPECT_EQ(layout({{"drop", "d, a"}}), "number*2");
  EXPECT_EQ(layout({{"column-type", "a=count,d=category"}}), "count,number*2,category:4");
  EXPECT_TRUE(open({{"missing", "-9"}}).train.images.all().isnan().any().item<bool>());
}

TEST_F(CsvOptions, UnknownColumnsAndKindsAreRefused) {
  write_file(folder / "t.csv", "width,height\n1,2\n5,4\n");
  for (const char* option : {"columns", "drop", "keep"}) {
    EXPECT_THAT(
        error_of([&] {
          open({{option, "heigth"}});
        }),
        HasSubstr(fmt::format("no column 'heigth' for --{}; its header has width, height; did you mean "
                              "'height'?",
                              option)));
  }
  EXPECT_THAT(
      error_of([&] {
        open({{"column-type", "width=counts"}});
      }),
      HasSubstr("--column-type has 'width=counts'; give NAME=KIND, where the kind is one of number, yes-no, "
                "category, count, time; did you mean 'count'?"));
  EXPECT_THAT(error_of([&] { open({{"column-type", "width"}}); }), HasSubstr("has 'width'; give NAME=KIND"));
}

TEST_F(CsvOptions, ASchemaIsFoundFromAnyFolder) {
  write_schema(folder / "schema.json", *open({{"drop", "d"}}).train.schema);
  EXPECT_EQ(open({{"schema", (folder / "schema.json").string()}}).train.shape(), (ImageShape{1, 1, 3}));
  SourceOptions options;
  options.data = "t.csv";
  options.reading = {{"schema", "schema.json"}};
  EXPECT_EQ(located(options).reading.at("schema"),
            (std::filesystem::current_path() / "schema.json").string());
  EXPECT_EQ(located(options).data, (std::filesystem::current_path() / "t.csv").string());
}

}  // namespace
}  // namespace autoencoder
