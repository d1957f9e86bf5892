#include "data/formats/csv_steps.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/source.h"
#include "tests/support/expect_error.h"
#include "tests/support/series.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::whole_numbers;

std::vector<std::string> names_of(const TableSchema& schema) {
  std::vector<std::string> names;
  for (const TableColumn& column : schema.columns) {
    names.push_back(column.name);
  }
  return names;
}

class CsvSteps : public ::testing::Test {
 protected:
  DataSource read(const std::string& text, const std::string& series_column = "",
                  const TableReading& reading = {}) const {
    write_file(folder / "pumps.csv", text);
    return read_csv_steps(folder / "pumps.csv", reading, series_column);
  }

  // How a run reads other tables that learned from this one.
  TableReading learned_from(const std::string& text, const std::string& series_column = "") const {
    return {.schema = read(text, series_column).train.schema};
  }

  TemporaryFolder folder;
};

TEST_F(CsvSteps, TimesComeBackAsTheyAreWritten) {
  const DataSource source =
      read("when,flow\n2023-01-01 00:00:00,1\n2023-12-27 00:11:39,2\n,3\n2023-12-27 00:11:40,4\n");
  const RowMarks& marks = *source.train.marks;
  EXPECT_EQ(marks.time_column, "when");
  EXPECT_EQ(marks.times.at(1), "2023-12-27 00:11:39");
  EXPECT_EQ(marks.times.at(2), "");
  EXPECT_EQ(marks.times.at(3), "2023-12-27 00:11:40");
  EXPECT_EQ((marks.seconds[3] - marks.seconds[1]).item<double>(), 1);
  EXPECT_TRUE(marks.seconds[2].isnan().item<bool>());
  EXPECT_FALSE(marks.series.defined());
}

TEST_F(CsvSteps, TheColumnOfSeriesIsNoneThatTheModelSees) {
  const DataSource source = read("pump,flow\nwest,1\neast,2\nwest,3\neast,4\n", "pump");
  EXPECT_THAT(names_of(*source.train.schema), ElementsAre("flow"));
  EXPECT_THAT(source.train.marks->series_names, ElementsAre("east", "west"));
  EXPECT_THAT(whole_numbers(source.train.marks->series), ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(error_of([&] { read("pump,flow\nwest,1\n,2\n", "pump"); }),
              HasSubstr("pumps.csv: line 3, column 1 (pump) is empty; say which series the row belongs to"));
}

TEST_F(CsvSteps, NumbersOfSeriesAreSortedAsNumbers) {
  const DataSource source = read("pump,flow\n10,1\n9,2\n9.0,3\n10,4\n1234567,5\n", "pump");
  EXPECT_THAT(source.train.marks->series_names, ElementsAre("9", "10", "1234567"));
  EXPECT_THAT(whole_numbers(source.train.marks->series), ElementsAre(1, 0, 0, 1, 2));
  EXPECT_THAT(read("pump,flow\n10,1\n9,2\nnan,3\n", "pump").train.marks->series_names,
              ElementsAre("10", "9", "nan"));
}

TEST_F(CsvSteps, WhatTheHeaderDoesNotNameMakesNoMarks) {
  const DataSource source = read("a,b\n1,7\n2,9\n4,8\n", "0");
  EXPECT_FALSE(source.train.marks->series.defined());
  EXPECT_THAT(names_of(*source.train.schema), ElementsAre("a", "b"));
}

TEST_F(CsvSteps, TablesOfARunAreReadByNames) {
  const TableReading run = learned_from("when,a,b\n2023-01-01,1,50\n2023-01-02,3,60\n2023-01-03,2,90\n");
  const DataSource source = read("b,new,a,when\n70,0,5,2023-01-04\n80,0,6,2023-01-05\n", "", run);
  EXPECT_THAT(names_of(*source.train.schema), ElementsAre("when", "a", "b"));
  EXPECT_EQ(source.train.images.all()[0].flatten()[-1].item<float>(), 70);
  EXPECT_EQ(source.train.marks->times.at(1), "2023-01-05");
  EXPECT_THAT(source.notes, ElementsAre("passed over: new, which the run has not learned from"));
  EXPECT_THAT(error_of([&] { read("a,when\n5,2023-01-04\n", "", run); }), HasSubstr("no column 'b'"));
}

TEST_F(CsvSteps, TablesOfARunMayLackTimes) {
  const TableReading run = learned_from("when,a\n2023-01-01,1\n2023-01-02,3\n2023-01-03,2\n");
  const DataSource source = read("a\n5\n6\n", "", run);
  EXPECT_THAT(names_of(*source.train.schema), ElementsAre("a"));
  EXPECT_EQ(source.train.marks->time_column, "");
}

TEST_F(CsvSteps, TablesOfARunMayBeOfOneSeriesOrOfOthers) {
  const TableReading run = learned_from("pump,flow\np1,1\np1,3\np2,2\np2,4\n", "pump");
  const DataSource others = read("flow,pump\n5,q\n6,q\n", "pump", run);
  EXPECT_THAT(others.train.marks->series_names, ElementsAre("q"));
  EXPECT_THAT(others.notes, IsEmpty());
  const DataSource one = read("flow\n5\n6\n", "pump", run);
  EXPECT_THAT(one.train.marks->series_names, ElementsAre("pumps"));
  EXPECT_THAT(one.notes, ElementsAre("no column pump, so that all rows are steps of one series"));
  EXPECT_FALSE(read("flow\n5\n6\n", "pmup", run).train.marks->series.defined());
  EXPECT_THAT(read("flow,place\n5,x\n6,y\n", "place", run).notes, IsEmpty());
}

TEST_F(CsvSteps, TablesWithoutAHeaderHaveTheirColumnsInPlace) {
  const std::string text = "7,2023-01-01,1\n5,2023-01-02,4\n3,2023-01-03,9\n";
  const TableReading run = learned_from(text);
  EXPECT_EQ(read(text, "", run).train.marks->times.at(2), "2023-01-03");
}

TEST_F(CsvSteps, WhatMayNotBeMeantIsTold) {
  EXPECT_THAT(
      read("hour,flow\n01:00,1\n02:00,2\n03:00,4\n01:00,1\n02:00,2\n03:00,4\n").notes,
      ElementsAre("hour: 3 words (01:00 ...), each of which is a column of the series; --drop hour leaves it "
                  "out"));
  EXPECT_THAT(read("time,flow\n1700000000,1\n1700003600,2\n1700010800,4\n").notes,
              ElementsAre("time: rises as time stamps do, but is learned from as a number; --column-type "
                          "time=time takes it for the time"));
  EXPECT_THAT(read("volume,flow\n1700003600,1\n1700000000,2\n1700010800,4\n").notes, IsEmpty());
  const TableReading run = learned_from("hour,flow\n01,1\nx,2\nb,4\n");
  EXPECT_THAT(read("hour,flow\n01,1\nx,2\nb,4\n", "", run).notes, IsEmpty());
}

TEST_F(CsvSteps, AreWhatTheOptionsOfSeriesRead) {
  write_file(folder / "pumps.csv",
             "pump,flow,when\nb,1,2023-01-01\na,2,2023-01-01\nb,3,2023-01-02\n"
             "a,5,2023-01-02\n");
  SourceOptions options;
  options.data = (folder / "pumps.csv").string();
  options.reading = {{"window", 2}, {"series-column", "pump"}};
  const Windows windows = open_source(options).train.windows;
  EXPECT_EQ(windows.of->series[1].name, "b");
  EXPECT_THAT(whole_numbers(windows.of->series[1].steps), ElementsAre(1, 3));
  EXPECT_EQ(windows.of->time_text(1, 1), "2023-01-02");
  EXPECT_THAT(names_of(*windows.of->schema), ElementsAre("flow", "when"));
}

}  // namespace
}  // namespace autoencoder
