#include "data/formats/csv_cells.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(CsvCells, WordsForNothingInAnyCase) {
  const MissingWords usual;
  for (const char* cell : {"", "NA", "na", "NaN", "null", "NULL", "None", "N/A", "?", "-"}) {
    EXPECT_TRUE(usual.has(cell)) << cell;
  }
  for (const char* cell : {"0", "nap", "--", "unknown", "-999"}) {
    EXPECT_FALSE(usual.has(cell)) << cell;
  }
  const MissingWords more({"Unknown", "-999"});
  for (const char* cell : {"unknown", "-999", "-999.0", "NA"}) {
    EXPECT_TRUE(more.has(cell)) << cell;
  }
  EXPECT_FALSE(more.has("-998"));
}

TEST(CsvCells, NumbersAsPeopleWriteThem) {
  EXPECT_EQ(written_number_in("12.5%", false)->value, 12.5);
  EXPECT_EQ(written_number_in("7 %", false)->value, 7);
  EXPECT_TRUE(written_number_in("12%", false)->has_percent);
  EXPECT_EQ(written_number_in("-1,25", true)->value, -1.25);
  EXPECT_FALSE(written_number_in("1,25", false));
  EXPECT_FALSE(written_number_in("1.234,5", true));
  EXPECT_FALSE(written_number_in("%", false));
}

TEST(CsvCells, DecimalsThatWereWritten) {
  EXPECT_EQ(decimals_in("12"), 0);
  EXPECT_EQ(decimals_in("1.50"), 2);
  EXPECT_EQ(decimals_in("1,5"), 1);
  EXPECT_EQ(decimals_in("1.5e-3"), 4);
  EXPECT_EQ(decimals_in("1.5e+3"), 0);
}

TEST(CsvCells, CommasBetweenThousands) {
  for (const char* cell : {"1,234", "-12,345,678", "999,999.5"}) {
    EXPECT_TRUE(has_thousands(cell)) << cell;
  }
  for (const char* cell : {"1234", "1,23", "1234,567", ",123", "1,234,5", "a,bcd"}) {
    EXPECT_FALSE(has_thousands(cell)) << cell;
  }
}

TEST(CsvCells, BytesThatAreNoUtf8AreLatin1) {
  EXPECT_EQ(as_utf8("Z\xFCrich"), "Zürich");
  EXPECT_EQ(as_utf8("Zürich"), "Zürich");
  EXPECT_EQ(shown_cell("a\x1b[2Jb"), "a [2Jb");
  EXPECT_EQ(shown_cell(std::string(100, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace autoencoder
