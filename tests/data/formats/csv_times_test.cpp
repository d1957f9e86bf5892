#include "data/formats/csv_times.h"

#include <vector>

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

// "" where they are no times of one kind, "?" where nothing tells the day from the month.
std::string format_of(const std::vector<std::string>& cells) {
  TimeFinder finder;
  for (const std::string& cell : cells) {
    finder.add(cell);
  }
  return finder.has_failed() ? "" : finder.is_ambiguous() ? "?" : finder.format();
}

TEST(CsvTimes, FormatsAreFound) {
  EXPECT_EQ(format_of({"2021-03-04", "2020-12-31"}), "%Y-%m-%d");
  EXPECT_EQ(format_of({"2021/03/04"}), "%Y/%m/%d");
  EXPECT_EQ(format_of({"04.03.2021"}), "%d.%m.%Y");
  EXPECT_EQ(format_of({"2021-03-04 12:30"}), "%Y-%m-%d %H:%M");
  EXPECT_EQ(format_of({"2021-03-04T12:30:05.25Z"}), "%Y-%m-%dT%H:%M:%SZ");
  EXPECT_EQ(format_of({"03/04/2021", "25/04/2021"}), "%d/%m/%Y");
  EXPECT_EQ(format_of({"03/04/2021", "04/25/2021"}), "%m/%d/%Y");
  EXPECT_EQ(format_of({"03/04/2021", "05/06/2021"}), "?");
  EXPECT_EQ(format_of({"01/31/2021 03:45:00 PM", "02/01/2021 12:00:10 AM"}), "%m/%d/%Y %I:%M:%S %p");
  EXPECT_EQ(format_of({"1/2/21", "1/31/21"}), "%m/%d/%y");
  EXPECT_EQ(format_of({"31.01.21"}), "%d.%m.%y");
  EXPECT_EQ(format_of({"31-Jan-21", "01-MAY-22"}), "%d-%b-%y");
  EXPECT_EQ(format_of({"31-Jan-2021 12:30"}), "%d-%b-%Y %H:%M");
  EXPECT_EQ(format_of({"May 31 2021", "January 1 2022"}), "%B %d %Y");
  EXPECT_EQ(format_of({"Jan 31, 2021"}), "%b %d, %Y");
  EXPECT_EQ(format_of({"20210131", "20211231"}), "%Y%m%d");
  EXPECT_EQ(format_of({"21/01/31"}), "?");  // a year or a day
  for (const auto& cells : std::vector<std::vector<std::string>>{{"2021-02-30"},
                                                                 {"2021-03-04 25:00"},
                                                                 {"25/04/2021", "04/25/2021"},
                                                                 {"12:30"},
                                                                 {"2021"},
                                                                 {"2021-03-04", "04.03.2021"},
                                                                 {"2021-03-04x"},
                                                                 {"1-2-3"},
                                                                 {"21-01-31"},
                                                                 {"01/31/2021 13:45 PM"},
                                                                 {"01/31/2021 1:45 PM", "01/31/2021 1:45"},
                                                                 {"1/31/21", "1/31/2021"},
                                                                 {"31-Foo-2021"},
                                                                 {"20211331"},
                                                                 {"May 2021"}}) {
    EXPECT_EQ(format_of(cells), "") << cells[0];
  }
}

TEST(CsvTimes, SecondsSince1970) {
  EXPECT_EQ(time_in("1970-01-02", "%Y-%m-%d"), 86'400);
  EXPECT_EQ(time_in("2000-01-01 00:00:01.5", "%Y-%m-%d %H:%M:%S"), 946'684'801.5);
  EXPECT_EQ(time_in("1970-01-01T01:00+01:00", "%Y-%m-%dT%H:%MZ"), 0);
  EXPECT_EQ(time_in("02/01/1970", "%d/%m/%Y"), 86'400);
  EXPECT_EQ(time_in("01/02/1970", "%m/%d/%Y"), 86'400);
  EXPECT_EQ(time_in("1500", "@ms"), 1.5);
  EXPECT_EQ(time_in("1/2/70 12:00 AM", "%m/%d/%y %I:%M %p"), 86'400);
  EXPECT_EQ(time_in("2-jan-1970 1:30 pm", "%d-%b-%Y %I:%M %p"), 86'400 + 13.5 * 3600);
  EXPECT_EQ(time_in("January 2, 1970", "%B %d, %Y"), 86'400);
  EXPECT_EQ(time_in("19700102", "%Y%m%d"), 86'400);
  EXPECT_FALSE(time_in("1970-01-02", "%d-%b-%Y"));
  EXPECT_FALSE(time_in("soon", "%Y-%m-%d"));
  EXPECT_FALSE(time_in("soon", "@s"));
}

TEST(CsvTimes, WhatIsWrittenIsRead) {
  for (const char* format : {"%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%YT%H:%M:%SZ",
                             "%m/%d/%y %I:%M:%S %p", "%d-%b-%y %H:%M:%S", "%B %d, %Y %H:%M:%S",
                             "%Y%m%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%6f-02:30", "@s", "@us"}) {
    EXPECT_EQ(time_in(time_text(1'600'000'123, format), format), 1'600'000'123) << format;
  }
}

TEST(CsvTimes, FractionsAndZonesStayAsTheyAre) {
  TimeFinder finder;
  finder.add("2023-09-20 05:54:00.000000+02:00");
  EXPECT_EQ(finder.format(), "%Y-%m-%d %H:%M:%SZ");
  EXPECT_EQ(finder.exact_format(), "%Y-%m-%d %H:%M:%S.000000+02:00");
  EXPECT_EQ(time_text(1.25, finder.exact_format()), "1970-01-01 02:00:01.000000+02:00");
  finder.add("2023-09-20 05:54:00.125000+02:00");
  EXPECT_EQ(finder.exact_format(), "%Y-%m-%d %H:%M:%S.%6f+02:00");
  EXPECT_EQ(time_text(1.25, finder.exact_format()), "1970-01-01 02:00:01.250000+02:00");
  EXPECT_EQ(time_text(-0.5, finder.exact_format()), "1970-01-01 01:59:59.500000+02:00");
  finder.add("2023-12-20 05:54:00.000000+01:00");
  EXPECT_EQ(finder.exact_format(), "%Y-%m-%d %H:%M:%S.%6fZ");
}

TEST(CsvTimes, UnitsOfStampsAreToldByTheirSize) {
  EXPECT_EQ(epoch_format(1.5e9, 1.7e9), "@s");
  EXPECT_EQ(epoch_format(1.5e12, 1.7e12), "@ms");
  EXPECT_EQ(epoch_format(1.5e18, 1.7e18), "@ns");
  EXPECT_FALSE(epoch_format(5, 1.7e9));
}

}  // namespace
}  // namespace autoencoder
