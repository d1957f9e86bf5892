// Dates and times in the cells of a table.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace autoencoder {

inline constexpr double kSecondsOfDay = 86'400;

/// A cell as `format` has it, in seconds since 1970 (UTC): dates as strftime writes them (2021-03-04,
/// 2021/03/04, 04.03.2021, 04/03/2021, 03/04/2021), and behind them, whether the format has them or not,
/// hours and minutes, seconds and their fractions, and a zone (Z or +01:00); or an epoch stamp
/// (epoch_format). Nothing where it is none, or no day of the calendar.
std::optional<double> time_in(std::string_view cell, const std::string& format);

/// What writes a time that time_in reads.
std::string time_text(double seconds, const std::string& format);

/// "@s", "@ms", "@us" or "@ns": of stamps that count since 1970, the unit in which `largest` lies in our
/// times. Nothing where it lies in none.
std::optional<std::string> epoch_format(double smallest, double largest);

bool has_hours(const std::string& format);

/// Goes through a column's cells and finds how its times are written.
class TimeFinder {
 public:
  /// Whether the cell is a date, with a time or without, written in the order of those before.
  bool add(std::string_view cell);

  bool has_failed() const { return has_failed_; }
  /// Whether nothing tells the day from the month: 03/04/2021.
  bool is_ambiguous() const { return !is_year_first_ && can_be_day_first_ && can_be_month_first_; }
  std::string format() const;  ///< of a column that has not failed, and is not ambiguous
  double earliest() const;     ///< seconds since 1970
  bool is_constant() const;

 private:
  bool add_date(std::string_view cell);

  bool has_failed_ = false;
  bool is_year_first_ = false;
  bool can_be_day_first_ = true;
  bool can_be_month_first_ = true;
  char mark_ = '\0';  // between the parts of dates
  char join_ = ' ';   // between date and hour
  bool has_hours_ = false;
  bool has_seconds_ = false;
  bool has_zone_ = false;
  struct Range {
    double first = std::numeric_limits<double>::infinity();
    double last = -std::numeric_limits<double>::infinity();
    void add(double seconds);
  };
  Range usual_;  // with the year or the day first
  Range month_first_;
};

}  // namespace autoencoder
