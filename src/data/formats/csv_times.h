// Dates and times in the cells of a table.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace autoencoder {

inline constexpr double kSecondsOfDay = 86'400;

/// A cell as `format` has it, in seconds since 1970 (UTC): dates as strftime writes them (2021-03-04,
/// 2021/03/04, 20210304, 04.03.2021, 04/03/2021, 03/04/2021, 03/04/21, 04-Mar-2021, March 4, 2021), and
/// behind them, whether the format has them or not, hours and minutes, seconds and their fractions, AM or PM,
/// and a zone (Z or +01:00); or an epoch stamp (epoch_format). Years of two digits are those from 1969 to
/// 2068. Nothing where it is none, or no day of the calendar.
std::optional<double> time_in(std::string_view cell, const std::string& format);

/// What writes a time that time_in reads. Besides strftime's, a format may have "%6f", so many digits of the
/// seconds' fraction, and end in "+02:00": the time is then that of this zone.
std::string time_text(double seconds, const std::string& format);

/// "@s", "@ms", "@us" or "@ns": of stamps that count since 1970, the unit in which `largest` lies in our
/// times. Nothing where it lies in none.
std::optional<std::string> epoch_format(double smallest, double largest);

bool has_hours(const std::string& format);

/// A date, and the time behind it, as they are written.
struct WrittenTime {
  enum class Order {
    kYearFirst,
    kNumbers,     ///< day and month, or month and day, and the year
    kNamedMonth,  ///< 04-Mar-2021
    kMonthFirst,  ///< March 4, 2021
  };
  Order order = Order::kNumbers;
  std::array<int, 3> numbers = {};  ///< as they stand where the order is kNumbers, else year, month, day
  char mark = '\0';                 ///< between the parts; '\0': none
  bool has_short_year = false;
  bool has_long_name = false;  ///< of the month: "March"
  char join = '\0';            ///< between date and hour; '\0' where there is no time
  bool is_half_day = false;    ///< with AM or PM
  bool has_seconds = false;
  size_t fraction_digits = 0;
  std::string zone = {};  ///< as it stands
  double seconds = 0;     ///< of the day, in UTC
};

/// Goes through a column's cells and finds how its times are written.
class TimeFinder {
 public:
  /// Whether the cell is a date, with a time or without, written in the order of those before.
  bool add(std::string_view cell);

  bool has_failed() const { return has_failed_; }
  bool has_times() const { return has_times_; }  ///< any
  /// Whether nothing tells the day from the month, 03/04/2021, or from the year: 03/04/21.
  bool is_ambiguous() const;
  std::string format() const;  ///< of a column that has times, has not failed, and is not ambiguous
  /// As format, but with fractions of seconds, and the zone that all cells have.
  std::string exact_format() const;
  double earliest() const;  ///< seconds since 1970
  bool is_constant() const;

 private:
  bool add_date(std::string_view cell);
  bool add_order(const WrittenTime& written);
  bool add_hours(const WrittenTime& written);
  std::string date_format() const;
  std::string format_with(const std::string& fraction, const std::string& zone) const;

  bool has_failed_ = false;
  bool has_times_ = false;
  WrittenTime first_;  // whose order, mark and kind of year all have
  bool can_be_day_first_ = true;
  bool can_be_month_first_ = true;
  bool can_be_year_first_ = true;  // of two digits
  bool has_long_names_ = false;    // of months
  char join_ = ' ';                // between date and hour
  bool has_hours_ = false;
  bool has_half_days_ = false;
  bool has_seconds_ = false;
  bool has_zone_ = false;
  size_t fraction_digits_ = 0;
  bool has_fractions_ = false;  // other than 0
  std::string zone_;            // of the first time that has hours, "" where others have another
  struct Range {
    double first = std::numeric_limits<double>::infinity();
    double last = -std::numeric_limits<double>::infinity();
    void add(double seconds);
  };
  Range usual_;  // with the year or the day first
  Range month_first_;
};

}  // namespace autoencoder
