#include "data/formats/csv_cells.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(CsvCells, WordsForNothingInAnyCase) {
  const MissingWords usual;
  for (const char* cell : {"", "NA", "na", "NaN", "null", "NULL", "None", "N/A", "?", "-", "\\N"}) {
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

TEST(CsvCells, OtherMarksBetweenThousands) {
  for (const char* cell : {"1.234", "1.234.567,8", "-1.234"}) {
    EXPECT_TRUE(has_thousands(cell, ".")) << cell;
  }
  for (const char* cell : {"0.345", "1.23", "12.3456", "1,234.5"}) {
    EXPECT_FALSE(has_thousands(cell, ".")) << cell;
  }
  EXPECT_FALSE(has_thousands("0,345"));
}

TEST(CsvCells, MarksThatAreRefusedAreNamed) {
  EXPECT_EQ(refused_marks("1,234.5"),
            "with commas between its thousands; remove these, decimals follow a point");
  EXPECT_EQ(refused_marks("1.234,5"), "with points between its thousands; remove these");
  EXPECT_EQ(refused_marks("-1'234"),
            "with apostrophes between its thousands; remove these, decimals follow a point");
  EXPECT_EQ(refused_marks("1 234"),
            "with spaces between its thousands; remove these, decimals follow a point");
  for (const char* cell : {"1\xC2\xA0"
                           "234,5",
                           "12\xE2\x80\xAF"
                           "345",
                           "1\xA0"
                           "234"}) {
    EXPECT_EQ(refused_marks(cell),
              "with no-break spaces between its thousands; remove these, decimals follow a point");
  }
  for (const char* cell : {"$12.50", "-$3", "5 €", "£ 7"}) {
    EXPECT_EQ(refused_marks(cell), "with a sign of currency; remove it") << cell;
  }
  EXPECT_EQ(
      refused_marks("$1,234"),
      "with a sign of currency and commas between its thousands; remove these, decimals follow a point");
  for (const char* cell : {"", "A1,234", "12.5", "1,5", "2021-03-04", "$", "$x", "089 123 456", "1 23"}) {
    EXPECT_EQ(refused_marks(cell), "") << cell;
  }
}

TEST(CsvCells, WhatStandsBeforeDecimals) {
  EXPECT_EQ(decimal_mark_in("1,5"), ',');
  EXPECT_EQ(decimal_mark_in("0,345"), ',');
  EXPECT_EQ(decimal_mark_in("1.5%"), '.');
  for (const char* cell : {"", "12", "1,234", "1.234", "x.5"}) {
    EXPECT_EQ(decimal_mark_in(cell), '\0') << cell;
  }
}

TEST(CsvCells, NamesAreQuotedForAShellAndForLists) {
  EXPECT_EQ(as_option("width_2"), "width_2");
  EXPECT_EQ(as_option("größe"), "größe");
  EXPECT_EQ(as_option("column 0"), "'column 0'");
  EXPECT_EQ(as_option("X, 1"), R"('"X, 1"')");
  EXPECT_EQ(as_option("it's"), R"('it'\''s')");
  EXPECT_EQ(as_option(R"(a "b", c)"), R"('"a ""b"", c"')");
}

TEST(CsvCells, BytesThatAreNoUtf8AreLatin1) {
  EXPECT_EQ(as_utf8("Z\xFCrich"), "Zürich");
  EXPECT_EQ(as_utf8("Zürich"), "Zürich");
  EXPECT_EQ(shown_cell("a\x1b[2Jb"), "a [2Jb");
  EXPECT_EQ(shown_cell(std::string(100, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace autoencoder
