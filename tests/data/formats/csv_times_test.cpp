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
  for (const auto& cells : std::vector<std::vector<std::string>>{{"2021-02-30"},
                                                                 {"2021-03-04 25:00"},
                                                                 {"25/04/2021", "04/25/2021"},
                                                                 {"12:30"},
                                                                 {"2021"},
                                                                 {"2021-03-04", "04.03.2021"},
                                                                 {"2021-03-04x"},
                                                                 {"1-2-3"}}) {
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
  EXPECT_FALSE(time_in("soon", "%Y-%m-%d"));
  EXPECT_FALSE(time_in("soon", "@s"));
}

TEST(CsvTimes, WhatIsWrittenIsRead) {
  for (const char* format : {"%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%m/%d/%YT%H:%M:%SZ", "@s", "@us"}) {
    EXPECT_EQ(time_in(time_text(1'600'000'123, format), format), 1'600'000'123) << format;
  }
}

TEST(CsvTimes, UnitsOfStampsAreToldByTheirSize) {
  EXPECT_EQ(epoch_format(1.5e9, 1.7e9), "@s");
  EXPECT_EQ(epoch_format(1.5e12, 1.7e12), "@ms");
  EXPECT_EQ(epoch_format(1.5e18, 1.7e18), "@ns");
  EXPECT_FALSE(epoch_format(5, 1.7e9));
}

}  // namespace
}  // namespace autoencoder
