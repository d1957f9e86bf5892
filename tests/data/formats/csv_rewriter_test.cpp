#include "data/formats/csv_rewriter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "data/formats/table_reader.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::TemporaryFolder;

class CsvRewriter : public ::testing::Test {
 protected:
  TableSchema schema_of(const std::string& text, const TableReading& reading = {}) const {
    write_file(folder / "train.csv", text);
    return read_table(folder / "train.csv", reading).schema;
  }

  // Each hole becomes "<row>.<column of the schema>".
  std::string rewritten(const std::string& text, const TableSchema& schema) const {
    write_file(folder / "in.csv", text);
    const TableReading reading = {.schema = std::make_shared<const TableSchema>(schema)};
    rewrite_holes(folder / "in.csv", folder / "out.csv", reading,
                  [](int64_t row, int64_t column) { return fmt::format("{}.{}", row, column); });
    return read_file(folder / "out.csv");
  }

  TemporaryFolder folder;
};

TEST_F(CsvRewriter, OnlyHolesChange) {
  const TableSchema schema =
      schema_of("name,a,b,kind\nx,1,5,p\ny,2,6,q\n", {.label = "kind", .drop = {"name"}});
  EXPECT_EQ(
      rewritten(
          "# as it was\r\nkind;b; \"a\" ;name;more\r\np;;\"1,5\";;\r\n\"q;\"\"x\";NA; \"?\" ;\"n\"\"o\";\r\n",
          schema),
      "# as it was\r\nkind;b; \"a\" ;name;more\r\np;0.1;\"1,5\";;\r\n\"q;\"\"x\";1.1; 1.0 ;\"n\"\"o\";\r\n");
}

TEST_F(CsvRewriter, ATableWithoutHolesStaysAsItIs) {
  const TableSchema schema = schema_of("a,b\n1,5\n2,6\n");
  for (const char* text : {"a,b\n1,5\n2,6\n", "a,b\n1,5\n2,6", "a, b\r\n1,5\r\n\r\n"}) {
    EXPECT_EQ(rewritten(text, schema), text);
  }
}

TEST_F(CsvRewriter, TextsAreQuotedWhereTheyMustBe) {
  const TableSchema schema = schema_of("a,b\n1,5\n2,6\n");
  write_file(folder / "in.csv", "a,b\n1,\n");
  rewrite_holes(folder / "in.csv", folder / "out.csv",
                {.schema = std::make_shared<const TableSchema>(schema)},
                [](int64_t, int64_t) { return "x, \"y\""; });
  EXPECT_EQ(read_file(folder / "out.csv"), "a,b\n1,\"x, \"\"y\"\"\"\n");
}

TEST_F(CsvRewriter, NewRowsAreReadAsTheyWere) {
  const std::string text =
      "size,smokes,town,born,share\n1.25,no,Bern,2021-03-04,12%\n,yes,Genf,2020-01-01,30%\n3.50,yes,,2021-05-"
      "06,7%\n"
      "3.00,yes,Chur,2021-05-07,8%\n";
  write_file(folder / "in.csv", text);
  const TableContent table = read_table(folder / "in.csv");
  EXPECT_EQ(rows_as_csv(table.schema, table.values), text);
}

class FilledStyle : public CsvRewriter {
 protected:
  // The second row of "when;size;..." tables, with 36.6 and a time in its holes, as impute fills them.
  std::string filled(const std::string& text, const TableSchema& schema) const {
    write_file(folder / "in.csv", text);
    const TableReading reading = {.schema = std::make_shared<const TableSchema>(schema)};
    const TableSchema table = read_table(folder / "in.csv", reading).schema;
    const std::vector<float> entries(16, 0.5F);
    rewrite_holes(folder / "in.csv", folder / "out.csv", reading, [&](int64_t, int64_t column) {
      return cell_text(table.columns[static_cast<size_t>(column)], entries.data());
    });
    return read_file(folder / "out.csv");
  }
};

TEST_F(FilledStyle, NumbersLookLikeThoseOfTheTable) {
  const TableSchema points = schema_of("a,b\n1.5,3\n0.2,4\n");
  const TableSchema commas = schema_of("a;b\n1,5;3\n0,2;4\n");
  EXPECT_EQ(filled("a;b\n0,7;3\n;4\n", points), "a;b\n0,7;3\n0,5;4\n");
  EXPECT_EQ(filled("a,b\n0.7,3\n,4\n", commas), "a,b\n0.7,3\n0.5,4\n");
  EXPECT_EQ(filled("a,b\n,3\n", commas), "a,b\n0.5,3\n");
  EXPECT_EQ(filled("a;b\n;3\n", commas), "a;b\n0,5;3\n");
}

TEST_F(FilledStyle, TimesLookLikeThoseOfTheTable) {
  const TableSchema schema =
      schema_of("when,a\n2023-09-20 05:54:00.000000+02:00,3\n2023-09-22 05:00:00.000000+02:00,4\n");
  EXPECT_EQ(filled("when,a\n2023-09-20 05:54:00.000000+02:00,3\n,4\n", schema),
            "when,a\n2023-09-20 05:54:00.000000+02:00,3\n2023-09-20 14:00:00.000000+02:00,4\n");
  EXPECT_EQ(filled("when,a\n2023-09-20T05:54,3\n,4\n", schema),
            "when,a\n2023-09-20T05:54,3\n2023-09-20T12:00,4\n");
}

TEST_F(CsvRewriter, DecimalCommasStayOnes) {
  const std::string text = "a;b\n1,5;2\n2,25;3\n";
  write_file(folder / "in.csv", text);
  const TableContent table = read_table(folder / "in.csv");
  EXPECT_EQ(table.values[1][0].item<float>(), 2.25F);
  EXPECT_EQ(rows_as_csv(table.schema, table.values), "a;b\n1,50;2\n2,25;3\n");
}

}  // namespace
}  // namespace autoencoder
