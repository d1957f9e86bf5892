#include "data/formats/csv.h"

#include <fmt/format.h>
#include <torch/types.h>
#include <zlib.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/numbers_of.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::numbers_of;
using ::testing::StartsWith;
using testing::TemporaryFolder;

class Csv : public ::testing::Test {
 protected:
  CsvTable read(const std::string& text, const std::string& label_column = "") {
    write_file(path, text);
    return read_csv(path, {.label = label_column});
  }

  // What follows the path.
  std::string error_of_text(const std::string& text, const std::string& label_column = "") {
    write_file(path, text);
    const std::string message = error_of([&] { read_csv(path, {.label = label_column}); });
    EXPECT_THAT(message, StartsWith(path.string() + ": "));
    return message.substr(std::min(message.size(), path.string().size() + 2));
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "table.csv";
};

TEST_F(Csv, RowsOfNumbersAreAMatrix) {
  const CsvTable table = read("1,2.5,-3\n4e2,+.5,6\n");
  EXPECT_EQ(table.values.sizes(), torch::IntArrayRef({2, 3}));
  EXPECT_EQ(table.values.scalar_type(), torch::kFloat32);
  EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(1, 2.5, -3, 400, 0.5, 6));
  EXPECT_FALSE(table.labels.defined());
  EXPECT_THAT(table.column_names, IsEmpty());
}

TEST_F(Csv, EverySeparatorReadsAlike) {
  for (const char* text :
       {"a,b,c\n1,2,3\n4,5,6\n", "a;b;c\n1;2;3\n4;5;6", "a\tb\tc\r\n1\t2\t3\r\n4\t5\t6\r\n",
        "a b c\n1 2 3\n4 5 6\n", "  a   b  c \n 1 2\t3\n4 \t  5 6   \n\n\n",
        "a, b , c\n 1 , 2, 3 \n4,5,6\n \n", "\"a\",\"b\",\"c\"\n\"1\",\"2\",\"3\"\n4,5,6\n",
        "\xEF\xBB\xBF\x61,b,c\n1,2,3\n4,5,6\n", "\"a\" \"b\"  c\n1 \"2\" 3\n4 5 6\n", "a|b|c\n1|2|3\n4|5|6\n",
        "a,b,c\r1,2,3\r4,5,6\r", "sep=;\na;b;c\n1;2;3\n4;5;6\n",
        "# of 2021, \"raw\n\na,b,c\n1,2,3\n# half\n4,5,6\n"}) {
    const CsvTable table = read(text);
    ASSERT_EQ(table.values.sizes(), torch::IntArrayRef({2, 3})) << text;
    EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(1, 2, 3, 4, 5, 6)) << text;
    EXPECT_THAT(table.column_names, ElementsAre("a", "b", "c")) << text;
  }
}

TEST_F(Csv, Utf16IsDecoded) {
  const std::u16string text = u"\uFEFFwidth;größe 😀\r\n1;2\r\n";
  for (const bool is_little : {true, false}) {
    std::string bytes;
    for (const char16_t unit : text) {
      const char low = static_cast<char>(unit & 0xFF);
      const char high = static_cast<char>(unit >> 8);
      bytes += is_little ? std::string{low, high} : std::string{high, low};
    }
    const CsvTable table = read(bytes);
    EXPECT_THAT(table.column_names, ElementsAre("width", "größe 😀"));
    EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(1, 2));
  }
}

TEST_F(Csv, GzipIsUnpacked) {
  std::string text = "a,b\n";
  for (int row = 0; row < 1000; ++row) {
    text += fmt::format("{},{}\n", row, row % 7);
  }
  gzFile file = ::gzopen(path.c_str(), "wb");
  ::gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  ::gzclose(file);
  EXPECT_EQ(read_csv(path).values[999][0].item<float>(), 999);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THAT(error_of([&] { read_csv(path); }), HasSubstr("truncated gzip data"));
}

TEST_F(Csv, QuotedCellsMayHaveLineBreaks) {
  const CsvTable table = read("\"a\nin cm\",\"b\"\n1,2\n3,4\n");
  EXPECT_THAT(table.column_names, ElementsAre("a\nin cm", "b"));
  EXPECT_THAT(read("x,y\n1,\"one,\n\"\"two\"\"\"\n2,b\n", "y").label_names,
              ElementsAre("b", "one,\n\"two\""));
  EXPECT_THAT(error_of_text("\"a\nin cm\",\"b\"\n1,2\n3,x\n"), StartsWith("line 4, column 2"));
}

TEST_F(Csv, OneColumnNeedsNoSeparator) {
  EXPECT_EQ(read("1\n2\n3\n").values.sizes(), torch::IntArrayRef({3, 1}));
}

TEST_F(Csv, ATargetIsAColumnOfNumbersByItself) {
  write_file(path, "a,price,kind,b\n1,2.5,x,3\n4,-5,y,6\n");
  const CsvTable table = read_csv(path, {.label = "kind", .target = "price"});
  EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(1, 3, 4, 6));
  EXPECT_THAT(numbers_of<float>(table.responses), ElementsAre(2.5, -5));
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(0, 1));
  EXPECT_THAT(table.column_names, ElementsAre("a", "b"));
}

TEST_F(Csv, OneColumnIsNotBothLabelAndTarget) {
  write_file(path, "a,b\n1,2\n");
  EXPECT_THAT(error_of([&] { read_csv(path, {.label = "b", .target = "1"}); }),
              HasSubstr("column 1 is named both as label and as target"));
}

TEST_F(Csv, QuotesHideSeparatorsAndDoubledOnesAreQuotes) {
  const CsvTable table = read("\"length; in \"\"cm\"\"\",\"x,y\"\n1,2\n");
  EXPECT_THAT(table.column_names, ElementsAre("length; in \"cm\"", "x,y"));
}

TEST_F(Csv, NumbersAreNearestFloats) {
  const CsvTable table = read("0.1,16777217,1e-300,3.4028234e38,-0\n");
  EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(0.1F, 16777216.0F, 0.0F, 3.4028234e38F, 0.0F));
}

TEST_F(Csv, WhatIsWrittenIsRead) {
  torch::manual_seed(1);
  const torch::Tensor values = torch::randn({100, 7}) * torch::randn({100, 7}).mul(20).exp();
  std::string text;
  for (int64_t row = 0; row < values.size(0); ++row) {
    for (int64_t column = 0; column < values.size(1); ++column) {
      text += fmt::format("{}{:.9g}", column == 0 ? "" : ";", values[row][column].item<float>());
    }
    text += "\r\n";
  }
  EXPECT_TRUE(torch::equal(read(text).values, values));
}

TEST_F(Csv, LabelsByNameAndByPosition) {
  for (const char* column : {"species", "1", "-2"}) {
    const CsvTable table = read("width,species,length\n1,rose,2\n3,iris,4\n5,rose,6\n", column);
    EXPECT_THAT(numbers_of<float>(table.values), ElementsAre(1, 2, 3, 4, 5, 6)) << column;
    EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(1, 0, 1)) << column;
    EXPECT_THAT(table.label_names, ElementsAre("iris", "rose")) << column;
    EXPECT_THAT(table.column_names, ElementsAre("width", "length")) << column;
  }
}

// As UCI's iris.data: the text of its first row is a label, and no header.
TEST_F(Csv, TextInTheLabelColumnMakesNoHeader) {
  const CsvTable table = read("5.1,3.5,setosa\n7.0,3.2,versicolor\n", "-1");
  EXPECT_EQ(table.values.size(0), 2);
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(0, 1));
}

TEST_F(Csv, WholeNumbersStayLabelsAsTheyAre) {
  const CsvTable table = read("7,0.5\n-3,0.5\n7.0,0.5\n9007199254740993,0.5\n", "0");
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(7, -3, 7, 9007199254740993));
  EXPECT_THAT(table.label_names, IsEmpty());
}

TEST_F(Csv, NumbersAmongNamesAreNames) {
  const CsvTable table = read("x,y\n1,10\n1,9\n1,many\n", "y");
  EXPECT_THAT(table.label_names, ElementsAre("10", "9", "many"));
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(0, 1, 2));
}

TEST_F(Csv, Files) {
  EXPECT_EQ(error_of([&] { read_csv(folder / "nowhere.csv"); }),
            (folder / "nowhere.csv").string() + ": cannot read: No such file or directory");
  EXPECT_THAT(error_of([&] { read_csv(folder.path()); }), HasSubstr("cannot read: Is a directory"));
}

TEST_F(Csv, NoRows) {
  EXPECT_EQ(error_of_text(""), "empty; give a file with a row of numbers for each example");
  EXPECT_THAT(error_of_text("\n  \n\n"), StartsWith("empty; "));
  EXPECT_EQ(error_of_text("a,b\n\n"), "a header, but no rows below it; add some");
}

TEST_F(Csv, RaggedRows) {
  EXPECT_EQ(error_of_text("1,2,3\n4,5,6\n7,8\n"),
            "line 3 has 2 columns, but the first line has 3; give all lines the same");
  EXPECT_THAT(error_of_text("a,b\n1,2,\n"), StartsWith("line 2 has 3 columns"));
}

TEST_F(Csv, TextAmongNumbers) {
  EXPECT_EQ(error_of_text("a,width\n1,2\n3,wide\n"),
            "line 3, column 2 (width) is 'wide', no number; if these are labels, name the column with "
            "--label-column");
  EXPECT_EQ(error_of_text("1,2,0\n3,1.2.3,0\n", "-1"),
            "line 2, column 2 is '1.2.3', no number; remove the column, or put numbers into it");
  EXPECT_THAT(error_of_text("1;2\n1,5;2\n"),
              HasSubstr("line 2, column 1 is '1,5', no number; write decimals with a point"));
  for (const char* cell : {"0x10", "1 2", "++1", "1e", "-", "1_000"}) {
    EXPECT_THAT(error_of_text(fmt::format("1,2\n{},2\n", cell)), HasSubstr("no number")) << cell;
  }
}

TEST_F(Csv, NumbersThatAreNotFinite) {
  for (const char* cell : {"nan", "NaN", "inf", "-Infinity", "1e39", "-1e400"}) {
    EXPECT_EQ(error_of_text(fmt::format("1,2\n3,{}\n", cell)),
              fmt::format("line 2, column 2 is '{}', which is no finite number of 32 bits; replace it, or "
                          "remove its line",
                          cell));
  }
}

TEST_F(Csv, NumbersThatAreNotFiniteInTheFirstRowMakeNoHeader) {
  EXPECT_THAT(error_of_text("1,nan\n3,4\n"), StartsWith("line 1, column 2 is 'nan'"));
}

TEST_F(Csv, EmptyCells) {
  const std::string remedy = " is empty; fill it in, or remove its line";
  EXPECT_EQ(error_of_text("a,b,c\n1,,3\n"), "line 2, column 2 (b)" + remedy);
  EXPECT_EQ(error_of_text("1,2,3\n4,5,\n"), "line 2, column 3" + remedy);
  EXPECT_EQ(error_of_text("1\t2\t3\n\t5\t6\n"), "line 2, column 1" + remedy);
  EXPECT_EQ(error_of_text("1,,3\n4,5,6\n"), "line 1, column 2" + remedy);
  EXPECT_EQ(error_of_text("1,\"\"\n"), "line 1, column 2" + remedy);
  EXPECT_EQ(error_of_text("1,one\n2,\n", "1"), "line 2, column 2" + remedy);
}

TEST_F(Csv, EmptyLineBetweenOthers) {
  EXPECT_EQ(error_of_text("1,2\n\n\n3,4\n"), "line 2 is empty, but more lines follow it; remove it");
}

TEST_F(Csv, Quotes) {
  EXPECT_EQ(error_of_text("a,b\n1,\"2\n3,4\n"),
            "line 2, column 2 opens a quote that nothing closes; close it");
  EXPECT_EQ(
      error_of_text("a,b\n\"1\"2,3\n"),
      "line 2, column 1 goes on after its closing quote; quote all of it, and write a quote within as \"\"");
}

TEST_F(Csv, UnknownLabelColumn) {
  const std::string text = "width,length,species\n1,2,rose\n";
  EXPECT_EQ(
      error_of_text(text, "speices"),
      "no column 'speices' for the labels; its header has width, length, species; did you mean 'species'?");
  EXPECT_EQ(error_of_text("a,b,c,d,e,f,g,h,i\n1,2,3,4,5,6,7,8,9\n", "class"),
            "no column 'class' for the labels; its header has a, b, c, d, e, f, g, h, ...");
  EXPECT_EQ(
      error_of_text("1,2\n", "species"),
      "no column 'species' for the labels: its first line is no header; give the column's position, 0 for "
      "the first or -1 for the last");
  const std::string range = "there are 3, counted from 0 to 2, or from -1 (the last) to -3";
  EXPECT_EQ(error_of_text(text, "3"), "no column 3 for the labels; " + range);
  EXPECT_EQ(error_of_text(text, "-4"), "no column -4 for the labels; " + range);
}

TEST_F(Csv, NothingButLabels) {
  EXPECT_THAT(error_of_text("1\n2\n", "0"),
              HasSubstr("no column is left besides those of labels and target"));
}

TEST_F(Csv, FractionsAreNoLabels) {
  EXPECT_EQ(error_of_text("x,price\n1,3\n2,3.5\n3,4\n", "price"),
            "line 3: its label is 3.5; labels are whole numbers or names");
  EXPECT_THAT(error_of_text("1,nan\n2,3\n", "1"), StartsWith("line 1: its label is nan"));
}

// Names of columns that are numbers, as pandas gives them, look like a row.
TEST_F(Csv, HeaderOfNumbersIsNotTakenForARow) {
  EXPECT_EQ(error_of_text("0,1,class\n0.5,0.5,3\n0.5,0.5,4\n", "-1"),
            "line 1: its label is 'class', but all others are numbers; if that line is a header, use "
            "--label-column class");
  EXPECT_EQ(read("0,1,class\n0.5,0.5,3\n0.5,0.5,4\n", "class").values.size(0), 2);
}

// Whatever a table says, it is read or refused in words.
TEST_F(Csv, TablesWithADamagedByte) {
  const std::string good = "a,\"b \"\"x\"\"\",label\r\n1.5,-2e3,\"one\"\r\n3,4,two\r\n";
  for (size_t position = 0; position < good.size(); ++position) {
    for (const char byte : {'\0', '\xff', '"', ',', ';', '\t', '\n', ' ', '9', 'x'}) {
      std::string text = good;
      text[position] = byte;
      try {
        const CsvTable table = read(text, "-1");
        EXPECT_EQ(table.labels.size(0), table.values.size(0)) << text;
        EXPECT_TRUE(table.values.isfinite().all().item<bool>()) << text;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), StartsWith(path.string() + ": ")) << text;
      }
    }
  }
}

// Line by line, and no second copy: 200,000 rows.
TEST_F(Csv, ManyRows) {
  std::string text;
  constexpr int64_t kRows = 200'000;
  for (int64_t row = 0; row < kRows; ++row) {
    text += fmt::format("{},{},{}\n", row, 0.5, row % 3);
  }
  const CsvTable table = read(text, "2");
  EXPECT_TRUE(torch::equal(table.values.select(1, 0), torch::arange(kRows, torch::kFloat32)));
  EXPECT_TRUE(torch::equal(table.labels, torch::arange(kRows).remainder(3)));
}

}  // namespace
}  // namespace autoencoder
