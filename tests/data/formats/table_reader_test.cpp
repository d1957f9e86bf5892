#include "data/formats/table_reader.h"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "tests/support/expect_error.h"
#include "tests/support/numbers_of.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::numbers_of;
using ::testing::StartsWith;
using testing::TemporaryFolder;

constexpr float kFlatHole = -999;  // in what flat() gives

class TableReader : public ::testing::Test {
 protected:
  TableContent read(const std::string& text, const TableReading& reading = {}) const {
    write_file(path, text);
    return read_table(path, reading);
  }
  std::string layout(const std::string& text, const TableReading& reading = {}) const {
    return read(text, reading).schema.layout().text();
  }
  // What follows the path.
  std::string error_of_text(const std::string& text, const TableReading& reading = {}) const {
    const std::string message = error_of([&] { read(text, reading); });
    EXPECT_THAT(message, StartsWith(path.string() + ": "));
    return message.substr(std::min(message.size(), path.string().size() + 2));
  }

  TemporaryFolder folder;
  std::filesystem::path path = folder / "table.csv";
};

std::vector<float> flat(const torch::Tensor& values) {
  return numbers_of<float>(values.nan_to_num(kFlatHole));
}

std::vector<std::string> names_of(const TableSchema& schema) {
  std::vector<std::string> names;
  for (const TableColumn& column : schema.columns) {
    names.push_back(column.name);
  }
  return names;
}

// So many lines with the row's number for {}.
std::string rows_of(int count, const std::string& line) {
  std::string text;
  for (int row = 0; row < count; ++row) {
    text += fmt::format(fmt::runtime(line), fmt::arg("i", row), fmt::arg("square", row * row)) + "\n";
  }
  return text;
}

TEST_F(TableReader, MissingCellsAreHoles) {
  const TableContent table = read("a,b,c\n1, NA,x\n?,5,y\n3,7,\n-,8,z\n");
  EXPECT_THAT(flat(table.values), ElementsAre(1, kFlatHole, 1, 0, 0, 0,                          //
                                              kFlatHole, 5, 0, 1, 0, 0,                          //
                                              3, 7, kFlatHole, kFlatHole, kFlatHole, kFlatHole,  //
                                              kFlatHole, 8, 0, 0, 1, 0));
  EXPECT_EQ(table.schema.columns[0].missing, 0.5);
  EXPECT_THAT(flat(read("a,b\n1,2\n-999,3\n5,huh\n", {.missing = {"-999", "huh"}}).values),
              ElementsAre(1, 2, kFlatHole, 3, 5, kFlatHole));
}

TEST_F(TableReader, KindsAreFoundFromTheCells) {
  EXPECT_EQ(layout("a,b,c,d,e\n1.5,yes,red,2021-03-04,0\n2,no,green,2021-03-05,1\n3,no,blue,2020-01-01,1\n"),
            "number,yes-no,category:4,time:5,yes-no");
  EXPECT_EQ(layout("when,x\n2021-03-04 12:30,1\n2021-03-05 12:31,3\n"), "time:7,number");
  EXPECT_EQ(layout("a,b\n5,1\n7,4\n", {.kinds = {{"a", ColumnKind::kCount}, {"1", ColumnKind::kCategory}}}),
            "count,category:3");
}

TEST_F(TableReader, TwoWordsAreYesAndNo) {
  const TableContent table =
      read("a,b,c,d\nYes,True,male,1.0\nno,False,female,0.0\nyes,False,,\n", {.columns = {"b", "c", "d"}});
  EXPECT_THAT(flat(table.values), ElementsAre(1, 1, 1, 0, 0, 0, 0, kFlatHole, kFlatHole));
  EXPECT_THAT(table.schema.columns[0].words, ElementsAre("False", "True"));
  EXPECT_THAT(table.schema.columns[1].words, ElementsAre("female", "male"));
  EXPECT_THAT(table.schema.columns[2].words, ElementsAre("0.0", "1.0"));
}

TEST_F(TableReader, TimesAreDaysAndPlacesInCycles) {
  const TableContent table = read("when,x\n2021-01-04 06:00,1\n2021-01-05 00:00,3\n");
  const std::vector<float> values = flat(table.values[0]);
  EXPECT_FLOAT_EQ(values[0], 0.25F);
  EXPECT_NEAR(values[1], std::sin(2 * M_PI * 3.25 / 365), 1e-5);
  EXPECT_NEAR(values[2], std::cos(2 * M_PI * 3.25 / 365), 1e-5);
  EXPECT_NEAR(values[3], std::sin(2 * M_PI * 0.25 / 7), 1e-5);  // a Monday
  EXPECT_NEAR(values[4], std::cos(2 * M_PI * 0.25 / 7), 1e-5);
  EXPECT_NEAR(values[5], 1, 1e-5);
  EXPECT_NEAR(values[6], 0, 1e-5);
  EXPECT_EQ(cell_text(table.schema.columns[0], values.data()), "2021-01-04 06:00");
}

TEST_F(TableReader, NumbersWithSignsAndCommas) {
  EXPECT_THAT(flat(read("a;b\n1,5;12%\n2;7.5%\n").values), ElementsAre(1.5, 12, 2, 7.5));
  EXPECT_EQ(
      error_of_text("a,b\n\"1,234\",1\n999,2\n"),
      "line 2, column 1 (a) is '1,234', with commas between its thousands; remove these, decimals follow a "
      "point");
}

TEST_F(TableReader, MarksBetweenThousandsAreRefused) {
  EXPECT_EQ(error_of_text("a,b\n\"3,760.00\",1\n\"1,200.50\",2\n"),
            "line 2, column 1 (a) is '3,760.00', with commas between its thousands; remove these, decimals "
            "follow a point");
  EXPECT_THAT(error_of_text("a,b\n1'200,1\n3'400,2\n"), HasSubstr("with apostrophes between its thousands"));
  EXPECT_THAT(error_of_text("a,b\n$9.71,1\n$5.06,2\n"),
              HasSubstr("'$9.71', with a sign of currency; remove it"));
  // Though each is another word.
  EXPECT_THAT(error_of_text("a,b\n" + rows_of(20, "\"1{i},760.00\",{square}")),
              HasSubstr("is '10,760.00', with"));
  // As words they may stay.
  EXPECT_EQ(layout("a,b\n$9.71,1\n$5.06,2\n$5.06,4\n", {.kinds = {{"a", ColumnKind::kCategory}}}),
            "category:3,number");
}

TEST_F(TableReader, PointsBetweenThousandsAreToldByTheCommasOfOtherDecimals) {
  EXPECT_EQ(
      error_of_text("pop;b\n912;0,717\n1.252;-0,829\n"),
      "line 3, column 1 (pop) is '1.252', with points between its thousands, as decimals follow commas in "
      "this table; remove these, or write all decimals alike");
  EXPECT_EQ(error_of_text("pop;b\n912;0,717\n1.499.348;-0,829\n"),
            "line 3, column 1 (pop) is '1.499.348', with points between its thousands; remove these");
  EXPECT_THAT(error_of_text("pop;b\n912;0,717\n1.252;-0,829\n", {.drop = {"b"}}),
              HasSubstr("is '1.252', with"));
  EXPECT_THAT(flat(read("a;b\n1.252;3\n0.5;4\n").values), ElementsAre(1.252F, 3, 0.5, 4));
  EXPECT_THAT(flat(read("a;b\n1,252;3\n2,505;4\n").values), ElementsAre(1.252F, 3, 2.505F, 4));
}

TEST_F(TableReader, DecimalCommasWhateverSeparates) {
  for (const char* text : {"a\tb\n1,5\t-0,226\n2,25\t0,061\n", "a|b\n1,5|-0,226\n2,25|0,061\n",
                           "a,b\n\"1,5\",\"-0,226\"\n\"2,25\",\"0,061\"\n"}) {
    const TableContent table = read(text);
    EXPECT_THAT(flat(table.values), ElementsAre(1.5, -0.226F, 2.25, 0.061F));
    EXPECT_TRUE(table.schema.columns[0].has_comma);
  }
  EXPECT_THAT(flat(read("a\tb\tkind\n1,5\t1,234\tp\n2,25\t7\tq\n", {.columns = {"a", "b"}}).values),
              ElementsAre(1.5, 1.234F, 2.25, 7));
  EXPECT_THAT(
      error_of_text("a,b\n\"1,5\",2.5\n\"2,25\",3\n"),
      HasSubstr("column 1 (a) is '1,5', with a comma, but other decimals of the table follow a point"));
}

TEST_F(TableReader, CommasAreReadInTheSecondPassToo) {
  EXPECT_THAT(flat(read("a\tb\n1,5\tyes\n2,25\tno\n").values), ElementsAre(1.5, 1, 2.25, 0));
}

TEST_F(TableReader, UnlistedMarksAmongNumbersAreTold) {
  EXPECT_EQ(
      error_of_text("a,b\n" + rows_of(9, "0.{i}1,{square}") + "unknown,3\nrefused,4\nunknown,7\n"),
      "line 11, column 1 (a) is 'unknown', but 9 other cells of the column are numbers; correct it, count "
      "such cells as missing with --missing 'refused,unknown', or take all as words with --column-type "
      "a=category");
  EXPECT_THAT(error_of_text("age,b\n" + rows_of(9, "3{square},{square}") + "unknown,3\nunknown,4\n"),
              HasSubstr("count it as missing with --missing 'unknown'"));
  // Few numbers, or many words, are codes.
  EXPECT_EQ(layout("deck,b\n" + rows_of(9, "{i},{square}") + rows_of(9, "{i},{square}") + "crew,3\ncrew,4\n"),
            "category:11,number");
  EXPECT_EQ(layout("code,b\n" + rows_of(20, "1{square},{square}") + rows_of(20, "1{square},{square}") +
                   rows_of(6, "A{i},{square}")),
            "category:27,number");
  EXPECT_EQ(flat(read("a,b\n5,1\n\\N,2\n7,5\n").values)[2], kFlatHole);
}

TEST_F(TableReader, TextWhereNumbersAreWishedIsTold) {
  EXPECT_EQ(error_of_text("a,my b\n1,x\n5,y\n", {.kinds = {{"my b", ColumnKind::kNumber}}}),
            "line 2, column 2 (my b) is 'x', and no cell of the column is a number; leave --column-type away "
            "for 'my b', or give it another kind");
  EXPECT_THAT(error_of_text("a,b\n1,x\n5,3\n"), HasSubstr("but 1 other cell of the column is a number"));
}

TEST_F(TableReader, TextAmongNumbersIsToldUnlessThereIsMuchOfIt) {
  EXPECT_EQ(
      error_of_text("a,width\n1,2\n3,wide\n5,4\n"),
      "line 3, column 2 (width) is 'wide', but 2 other cells of the column are numbers; correct it, count "
      "it as missing with --missing 'wide', or take all as words with --column-type width=category");
  EXPECT_EQ(layout("a,cabin\n1,2\n3,B\n7,A\n8,2\n", {.columns = {"cabin"}}), "category:4");
  EXPECT_EQ(error_of_text("a,b\n1,inf\n2,3\n"),
            "line 2, column 2 (b) is 'inf', which is no finite number of 32 bits; replace it, or count it as "
            "missing with --missing inf");
}

TEST_F(TableReader, NumbersThatFloatsDoNotTellApartAreRefused) {
  EXPECT_THAT(
      error_of_text("stamp,x\n1600000000000000000,1\n1600000000000001000,5\n1600000001000000000,3\n"),
      AllOf(StartsWith("line 3, column 1 (stamp) is '1600000000000001000', which numbers of 32 bits do not"),
            HasSubstr("--column-type stamp=time"), HasSubstr("--drop stamp")));
  EXPECT_EQ(layout("stamp,x\n1600000000,1\n1600000001,5\n1600009000,3\n",
                   {.kinds = {{"stamp", ColumnKind::kTime}}}),
            "time:7,number");
  // Fractions that lie close together, but for the last of many digits.
  EXPECT_EQ(layout("a\n300.00000001\n300.00000002\n301\n305\n"), "number");
  EXPECT_EQ(layout("a\n0.10000000001\n0.10000000002\n0.9\n"), "number");
}

TEST_F(TableReader, WhatNumbersTheRowsIsLeftOut) {
  const TableContent table = read("id,x\n" + rows_of(20, "{i},{square}"));
  EXPECT_THAT(names_of(table.schema), ElementsAre("x"));
  EXPECT_THAT(table.notes, ElementsAre("left out: id, which numbers the rows; --keep id keeps it"));
  EXPECT_THAT(names_of(read("id,x\n" + rows_of(20, "{i},{square}"), {.keep = {"id"}}).schema),
              ElementsAre("id", "x"));
  EXPECT_EQ(layout("id,x\n" + rows_of(5, "{i},{square}")), "number*2");  // too few to tell
  EXPECT_EQ(layout("weight,x\n" + rows_of(20, "{square},{square}5")), "number*2");
  const TableContent indexed = read(",x\n0,5\n1,7\n");
  EXPECT_THAT(names_of(indexed.schema), ElementsAre("x"));
  EXPECT_THAT(indexed.notes,
              ElementsAre("left out: column 0, which numbers the rows; --keep 'column 0' keeps it"));
}

TEST_F(TableReader, StepsNumberTheRows) {
  EXPECT_THAT(read("t,x\n" + rows_of(20, "{i}0,{square}")).notes,
              ElementsAre("left out: t, which numbers the rows; --keep t keeps it"));
  EXPECT_EQ(layout("t,x\n" + rows_of(5, "{i}0,{square}")), "number*2");  // too few to tell
  EXPECT_EQ(layout("t,x\n" + rows_of(19, "{i}0,{square}") + "181,2\n"), "number*2");
  EXPECT_THAT(names_of(read("t,x\n" + rows_of(20, "{i}0,{square}"), {.keep = {"t"}}).schema),
              ElementsAre("t", "x"));
}

TEST_F(TableReader, IdsAreToldByTheirNames) {
  for (const char* name :
       {"id", "customer_id", "PassengerId", "orderID", "Nr", "No.", "Key", "\"order id\""}) {
    EXPECT_THAT(read(fmt::format("{},x\n", name) + rows_of(20, "1{square}7,{square}")).notes,
                ElementsAre(HasSubstr("which has another whole number in each row, as an id has; --keep")))
        << name;
  }
  for (const char* name : {"weight", "paid", "GRID", "number of rooms", "nobody"}) {
    EXPECT_EQ(layout(fmt::format("{},x\n", name) + rows_of(20, "1{square}7,{square}")), "number*2") << name;
  }
  EXPECT_EQ(layout("id,x\n" + rows_of(20, "1{square}7,{square}") + "107,3\n"), "number*2");  // it comes back
  EXPECT_EQ(layout("id,x\n" + rows_of(20, "{square}.5,{square}")), "number*2");
  EXPECT_EQ(layout("id,x\n" + rows_of(20, "1{square}7,{square}"), {.keep = {"id"}}), "number*2");
}

TEST_F(TableReader, NumbersStayInTheirRowsWhateverIsLeftOut) {
  const TableContent table =
      read("id,x,same,kind,y\n" + rows_of(20, "{i},{square},3,p{i},-{square}5"), {.label = "kind"});
  EXPECT_EQ(table.values.sizes(), torch::IntArrayRef({20, 2}));
  EXPECT_THAT(flat(table.values[7]), ElementsAre(49, -495));
  EXPECT_EQ(table.label_names[static_cast<size_t>(numbers_of<int64_t>(table.labels)[7])], "p7");
}

TEST_F(TableReader, ARunningNumberIsOneInAnyOrder) {
  std::string text = "id,x\n";
  for (int row = 0; row < 20; ++row) {
    text += fmt::format("{},{}\n", 100 + row * 7 % 20, row * row);
  }
  EXPECT_THAT(names_of(read(text).schema), ElementsAre("x"));
}

TEST_F(TableReader, WordsThatNameRowsAreLeftOut) {
  EXPECT_THAT(read("who,x\n" + rows_of(20, "n{i},{square}")).notes,
              ElementsAre(HasSubstr("left out: who, which has hardly a word twice")));
  EXPECT_EQ(layout("who,x\n" + rows_of(5, "n{i},{square}")), "category:6,number");
  EXPECT_THAT(read("who,x\n" + rows_of(2000, "n{i},{square}")).notes,
              ElementsAre("left out: who, which has more than 1,000 different words"));
  EXPECT_THAT(
      error_of_text("who,x\n" + rows_of(2000, "n{i},{square}"), {.kinds = {{"who", ColumnKind::kCategory}}}),
      HasSubstr("column 1 (who) has more than 1,000 different words, too many for a category"));
}

TEST_F(TableReader, WhatNeverVariesOrIsEmptyIsLeftOut) {
  const TableContent table = read("a,same,x,void\n1,7,4,\n5,7,5,NA\n9,7,8,\n");
  EXPECT_THAT(names_of(table.schema), ElementsAre("a", "x"));
  EXPECT_THAT(table.notes,
              ElementsAre("left out: same, which has the same in every row; --keep same keeps it",
                          "left out: void, which is empty"));
  EXPECT_THAT(read("a,b c,x\n7,2,4\n7,2,5\n").notes,
              ElementsAre("left out: a, b c, which have the same in every row; --keep a keeps the first"));
  EXPECT_THAT(names_of(read("a,same\n1,7\n5,7\n", {.keep = {"same"}}).schema), ElementsAre("a", "same"));
  EXPECT_THAT(error_of_text("a\n7\n7\n"), HasSubstr("no column is left to learn from"));
}

TEST_F(TableReader, DatesThatMayBeReadTwoWaysAreToldOf) {
  const std::string text = "when,x\n03/04/2021,1\n05/06/2021,3\n01/06/2021,3\n";
  EXPECT_THAT(read(text).notes,
              ElementsAre(HasSubstr("left out: when, which has dates of which nothing tells")));
  EXPECT_THAT(error_of_text(text, {.kinds = {{"when", ColumnKind::kTime}}}),
              HasSubstr("nothing in the column tells whether its day or its month comes first"));
}

TEST_F(TableReader, DatesWithoutMarksAreToldOf) {
  const std::string text = "when,x\n20210303,1\n20210305,3\n20210304,4\n";
  EXPECT_THAT(error_of_text(text), HasSubstr("read it as a time with --column-type when=time"));
  EXPECT_EQ(read(text, {.kinds = {{"when", ColumnKind::kTime}}}).schema.columns[0].time_format, "%Y%m%d");
}

TEST_F(TableReader, HeadersAreTold) {
  EXPECT_TRUE(read("a,b\n1,2\n3,4\n").schema.has_header);
  EXPECT_FALSE(read("1,2\n3,4\n").schema.has_header);
  // As UCI's adult.data: words and numbers from the first row on.
  const TableContent adult = read("39, State-gov, <=50K\n50, Private, >50K\n38, Local, <=50K\n");
  EXPECT_EQ(adult.values.size(0), 3);
  EXPECT_THAT(names_of(adult.schema), ElementsAre("column 0", "column 1", "column 2"));
  EXPECT_EQ(read("town,sex\nBern,m\nGenf,f\nBern,f\n").values.size(0), 3);
  EXPECT_EQ(read("Bern,m\nGenf,f\nBern,f\n").values.size(0), 3);
  EXPECT_EQ(error_of_text("a,b,a\n1,2,3\n"),
            "its header has 'a' twice, in columns 1 and 3; rename one of them");
  EXPECT_EQ(error_of_text("a,b\n"), "a header, but no rows below it; add some");
}

TEST_F(TableReader, ColumnsThatAreCountedAreAHeader) {
  const TableContent indexed = read(",0,1\n0,5,7\n1,7,3\n2,4,4\n");
  EXPECT_THAT(names_of(indexed.schema), ElementsAre("0", "1"));
  EXPECT_EQ(indexed.values.size(0), 3);
  EXPECT_THAT(indexed.notes, ElementsAre(HasSubstr("left out: column 0, which numbers the rows")));
  const TableContent counted = read("0,1\n5,7.5\n7,3\n");
  EXPECT_THAT(names_of(counted.schema), ElementsAre("0", "1"));
  EXPECT_THAT(counted.notes, ElementsAre(HasSubstr("its first line counts the columns from 0")));
  EXPECT_TRUE(read("0,1,2,3,4,5,6,7\n" + rows_of(9, "{i},8,{square},1,{square},2,{i},4")).schema.has_header);
  const TableContent row = read("0,1\n5,7\n7,3\n");
  EXPECT_EQ(row.values.size(0), 3);
  EXPECT_THAT(row.notes, ElementsAre(HasSubstr("is taken for a row, as whole numbers stand below")));
  EXPECT_FALSE(read("0,1\n1.5,0\n0,1\n").schema.has_header);  // it comes back
  EXPECT_FALSE(read("1,2\n5,7\n7,3\n").schema.has_header);
}

TEST_F(TableReader, ColumnsThatWereCountedAreFoundAgain) {
  TableReading reading;
  reading.schema = std::make_shared<const TableSchema>(read("0,1\n5,7.5\n7,3\n").schema);
  EXPECT_THAT(flat(read("0,1\n6,7\n8,9\n", reading).values), ElementsAre(6, 7, 8, 9));
  EXPECT_THAT(flat(read("0,5\n6,7\n", reading).values), ElementsAre(0, 5, 6, 7));
}

TEST_F(TableReader, AHeaderThatComesAgainIsTold) {
  EXPECT_EQ(error_of_text("group,kind\np,x\nq,y\ngroup,kind\np,y\n"),
            "line 4 repeats the header in line 1; delete it");
  EXPECT_EQ(error_of_text("# of May\na,b\n1,2\n5,7\na,b\n3,4\n"),
            "line 5 repeats the header in line 2; delete it");
}

TEST_F(TableReader, NamesOfRowsNeedNoName) {  // as R's write.table has them
  const TableContent table = read("\"a\" \"kind\"\n\"1\" 5 \"p\"\n\"2\" 7 \"q\"\n");
  EXPECT_THAT(names_of(table.schema), ElementsAre("a", "kind"));
  EXPECT_THAT(flat(table.values), ElementsAre(5, 0, 7, 1));
  EXPECT_THAT(error_of_text("a,b\n1,2,\n3,4,\n"),
              HasSubstr("line 2 has 3 columns, but the first line has 2"));
}

TEST_F(TableReader, SeparatorsAtLineEndsMakeNoColumn) {
  const TableContent table = read("a,b,\n1,2,\n3,5,\n");
  EXPECT_THAT(names_of(table.schema), ElementsAre("a", "b"));
  EXPECT_THAT(table.notes, IsEmpty());
}

TEST_F(TableReader, Latin1BecomesUtf8) {
  const TableContent table = read("town,\xFC\nZ\xFCrich,1\nBern,3\nGenf,4\nZ\xFCrich,7\n");
  EXPECT_THAT(table.schema.columns[0].words, ElementsAre("Bern", "Genf", "Zürich"));
  EXPECT_EQ(table.schema.columns[1].name, "ü");
  EXPECT_EQ(table.values[3][2].item<float>(), 1);
}

TEST_F(TableReader, LabelsAndTargets) {
  const TableContent table = read("a,kind,price\n1,p,2\n5,q,3.5\n", {.label = "kind", .target = "price"});
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(0, 1));
  EXPECT_THAT(flat(table.responses), ElementsAre(2, 3.5));
  EXPECT_EQ(table.schema.label, "kind");
  EXPECT_EQ(table.schema.target, "price");
  EXPECT_THAT(table.schema.label_names, ElementsAre("p", "q"));
  EXPECT_THAT(error_of_text("a,kind\n1,p\n5,\n", {.label = "kind"}),
              StartsWith("line 3, column 2 (kind) is empty; fill it in"));
}

class KnownSchema : public TableReader {
 protected:
  KnownSchema() {
    const TableContent table =
        read("a,town,smokes,kind,junk\n1,Bern,yes,p,1\n5,Genf,no,q,1\n3,Chur,no,p,1\n", {.label = "kind"});
    reading.schema = std::make_shared<const TableSchema>(table.schema);
  }
  TableReading reading;
};

TEST_F(KnownSchema, ColumnsAreFoundByName) {
  const TableContent table = read("kind,more,smokes,town,a\nq,7,no,Chur,2\nr,7,yes,Bern,2\n", reading);
  EXPECT_THAT(flat(table.values), ElementsAre(2, 0, 1, 0, 0, 0, 2, 1, 0, 0, 0, 1));
  EXPECT_THAT(numbers_of<int64_t>(table.labels), ElementsAre(1, 2));
  EXPECT_THAT(table.label_names, ElementsAre("p", "q", "r"));
  EXPECT_THAT(table.notes, ElementsAre("passed over: more, which the run has not learned from"));
}

TEST_F(KnownSchema, LabelsMayBeMissing) {
  EXPECT_FALSE(read("a,town,smokes\n1,Bern,yes\n", reading).labels.defined());
  EXPECT_FALSE(read("a,town,smokes,kind\n1,Bern,yes,\n", reading).labels.defined());
  EXPECT_THAT(numbers_of<int64_t>(
                  read("a,town,smokes,x\n1,Bern,yes,9\n", {.label = "x", .schema = reading.schema}).labels),
              ElementsAre(2));
}

TEST_F(KnownSchema, AColumnThatIsMissingIsNamed) {
  EXPECT_THAT(error_of_text("a,twon,smokes\n1,Bern,yes\n", reading),
              AllOf(HasSubstr("no column 'town' for what the run has learned from"), HasSubstr("'twon'")));
}

TEST_F(KnownSchema, UnseenWordsAreToldOf) {
  const TableContent table = read("a,town,smokes\n1,Basel,yes\n2,Basel,maybe\n", reading);
  EXPECT_THAT(flat(table.values), ElementsAre(1, 0, 0, 0, 1, 1, 2, 0, 0, 0, 1, kFlatHole));
  EXPECT_THAT(
      table.notes,
      ElementsAre("town: 2 cells with words that training has not seen (Basel), read as one word more",
                  "smokes: 1 cell with words that training has not seen (maybe), read as missing"));
}

TEST_F(KnownSchema, KindsAreThoseOfTheRun) {
  EXPECT_EQ(error_of_text("town,a,smokes\nBern,x,yes\n", reading),
            "line 2, column 2 (a) is 'x', no number; correct it, or leave it empty");
}

TEST_F(KnownSchema, NumbersOfAnotherStyleAreReadOrRefused) {
  EXPECT_THAT(flat(read("a\ttown\tsmokes\n1,5\tBern\tyes\n", reading).values),
              ElementsAre(1.5, 1, 0, 0, 0, 1));
  EXPECT_EQ(error_of_text("a;town;smokes\n1,5;Bern;yes\n1.252;Bern;yes\n", reading),
            "line 3, column 1 (a) is '1.252', with points between its thousands; remove these");
  EXPECT_THAT(error_of_text("a,town,smokes\n\"1,252\",Bern,yes\n", reading),
              HasSubstr("is '1,252', with commas between its thousands"));
}

TEST_F(KnownSchema, WithoutAHeaderPositionsCount) {
  EXPECT_THAT(flat(read("2,Chur,no,q,1\n3,Bern,yes,p,1\n", reading).values),
              ElementsAre(2, 0, 1, 0, 0, 0, 3, 1, 0, 0, 0, 1));
  EXPECT_THAT(flat(read("2,Chur,no\n3,Bern,yes\n", reading).values),
              ElementsAre(2, 0, 1, 0, 0, 0, 3, 1, 0, 0, 0, 1));
  EXPECT_THAT(error_of_text("2,Chur,no,q\n3,Bern,yes,q\n", reading),
              StartsWith("4 columns without a header, but"));
}

TEST_F(KnownSchema, SurvivesItsFile) {
  write_schema(folder / "schema.json", *reading.schema);
  EXPECT_EQ(read_schema(folder / "schema.json").to_json(), reading.schema->to_json());
}

// Whatever a table says, it is read or refused in words.
TEST_F(TableReader, TablesWithADamagedByte) {
  const std::string good = "a,\"b \"\"x\"\"\",label\r\n1.5,-2e3,\"one\"\r\n3,4,two\r\n";
  for (size_t position = 0; position < good.size(); ++position) {
    for (const char byte : {'\0', '\xff', '"', ',', ';', '\t', '\n', '\r', ' ', '9', 'x', '#'}) {
      std::string text = good;
      text[position] = byte;
      try {
        const TableContent table = read(text);
        EXPECT_EQ(table.values.size(1), table.schema.layout().width()) << text;
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), StartsWith(path.string() + ": ")) << text;
      }
    }
  }
}

}  // namespace
}  // namespace autoencoder
