#include "data/formats/csv_times.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "data/formats/csv_cells.h"

namespace autoencoder {
namespace {

using Order = WrittenTime::Order;

// Takes a whole number of at least and at most so many digits off the text.
std::optional<int> take_number(std::string_view& text, size_t fewest, size_t most) {
  size_t digits = 0;
  while (digits < std::min(text.size(), most) && text[digits] >= '0' && text[digits] <= '9') {
    ++digits;
  }
  if (digits < fewest) {
    return std::nullopt;
  }
  const auto number = number_from<int>(text.substr(0, digits));
  text.remove_prefix(digits);
  return number;
}

bool take_letter(std::string_view& text, char letter) {
  const bool is_there = text.starts_with(letter);
  text.remove_prefix(is_there ? 1 : 0);
  return is_there;
}

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

// "Jan", "JANUARY": 1.
std::optional<int> take_month(std::string_view& text, WrittenTime& written) {
  const auto is_letter = [](char letter) { return (letter | 0x20) >= 'a' && (letter | 0x20) <= 'z'; };
  const auto length = static_cast<size_t>(std::ranges::find_if_not(text, is_letter) - text.begin());
  constexpr size_t kShort = 3;
  if (length < kShort) {
    return std::nullopt;
  }
  const std::string name = lower_case(text.substr(0, length));
  for (size_t month = 0; month < kMonths.size(); ++month) {
    if (name == kMonths[month] || name == kMonths[month].substr(0, kShort)) {
      written.has_long_name = length > kShort;
      text.remove_prefix(length);
      return static_cast<int>(month) + 1;
    }
  }
  return std::nullopt;
}

// Of two digits or four.
std::optional<int> take_year(std::string_view& text, WrittenTime& written) {
  constexpr int kLastOfThisCentury = 68;
  const size_t before = text.size();
  const auto year = take_number(text, 2, 4);
  const size_t digits = before - text.size();
  if (!year || digits == 3) {
    return std::nullopt;
  }
  written.has_short_year = digits == 2;
  return digits == 4 ? *year : *year + (*year > kLastOfThisCentury ? 1900 : 2000);
}

bool take_mark(std::string_view& text, WrittenTime& written, std::string_view allowed) {
  if (text.empty() || allowed.find(text[0]) == std::string_view::npos) {
    return false;
  }
  written.mark = text[0];
  text.remove_prefix(1);
  return true;
}

// "2021-03-04"
bool take_year_first(std::string_view& text, WrittenTime& written) {
  written.order = Order::kYearFirst;
  const auto year = take_number(text, 4, 4);
  const bool goes_on = year && take_mark(text, written, "-/.");
  const auto month = goes_on ? take_number(text, 1, 2) : std::nullopt;
  const auto day = month && take_letter(text, written.mark) ? take_number(text, 1, 2) : std::nullopt;
  written.numbers = {year.value_or(0), month.value_or(0), day.value_or(0)};
  return day.has_value();
}

// "20210304"
bool take_compact(std::string_view& text, WrittenTime& written) {
  written.order = Order::kYearFirst;
  const auto date = take_number(text, 8, 8);
  written.numbers = {date.value_or(0) / 10000, date.value_or(0) / 100 % 100, date.value_or(0) % 100};
  constexpr int kFirstYear = 1000;
  return date && written.numbers[0] >= kFirstYear;
}

// "04/03/2021", "4-Mar-21"
bool take_day_first(std::string_view& text, WrittenTime& written) {
  const auto first = take_number(text, 1, 2);
  if (!first || !take_mark(text, written, "-/. ")) {
    return false;
  }
  const auto named = take_month(text, written);
  const auto second = named ? named : take_number(text, 1, 2);
  const auto year = second && take_letter(text, written.mark) ? take_year(text, written) : std::nullopt;
  // 21-03-04 may have its year in front, 04 03 21 be anything
  const bool is_told = named || (written.mark != ' ' && !(written.mark == '-' && written.has_short_year));
  written.order = named ? Order::kNamedMonth : Order::kNumbers;
  written.numbers = {first.value_or(0), second.value_or(0), year.value_or(0)};
  if (named) {
    std::swap(written.numbers[0], written.numbers[2]);
  }
  return year && is_told;
}

// "March 4, 2021"
bool take_month_first(std::string_view& text, WrittenTime& written) {
  written.order = Order::kMonthFirst;
  const auto month = take_month(text, written);
  const auto day = month && take_letter(text, ' ') ? take_number(text, 1, 2) : std::nullopt;
  if (!day || !take_mark(text, written, ", ")) {
    return false;
  }
  take_letter(text, ' ');
  const auto year = take_number(text, 4, 4);
  written.numbers = {year.value_or(0), *month, *day};
  return year.has_value();
}

bool take_date(std::string_view& text, WrittenTime& written) {
  switch (digits_at_start(text)) {
    case 0:
      return take_month_first(text, written);
    case 4:
      return take_year_first(text, written);
    case 8:
      return take_compact(text, written);
    default:
      return take_day_first(text, written);
  }
}

// "Z", "+01:00", "-0530": what is to be taken off the time, in seconds.
bool take_zone(std::string_view& text, WrittenTime& written) {
  written.zone = text;
  if (text.empty() || take_letter(text, 'Z')) {
    return true;
  }
  const double sign = take_letter(text, '-') ? 1 : take_letter(text, '+') ? -1 : 0;
  const auto hours = take_number(text, 2, 2);
  take_letter(text, ':');
  const auto minutes = take_number(text, 2, 2);
  written.seconds += sign * (hours.value_or(0) * 3600 + minutes.value_or(0) * 60);
  return sign != 0 && hours && minutes;
}

bool take_seconds(std::string_view& text, WrittenTime& written) {
  const auto seconds = take_number(text, 2, 2);
  written.has_seconds = true;
  written.seconds += seconds.value_or(0);
  if (take_letter(text, '.')) {
    written.fraction_digits = digits_at_start(text);
    const std::string fraction = "0." + std::string(text.substr(0, written.fraction_digits));
    text.remove_prefix(written.fraction_digits);
    written.seconds += number_from<double>(fraction).value_or(0);
  }
  return seconds && *seconds < 61;
}

// "PM", "am": moves the hour, which must be one of 1 to 12.
bool take_half_day(std::string_view& text, WrittenTime& written, int hours) {
  std::string_view rest = text;
  take_letter(rest, ' ');
  const std::string word = lower_case(rest.substr(0, 2));
  if (word != "am" && word != "pm") {
    return true;
  }
  text = rest.substr(2);
  written.is_half_day = true;
  written.seconds += ((word == "pm" ? 12 : 0) - (hours == 12 ? 12 : 0)) * 3600;
  return hours >= 1 && hours <= 12;
}

bool take_time(std::string_view& text, WrittenTime& written) {
  if (text.empty()) {
    return true;
  }
  written.join = text[0];
  if (!take_letter(text, 'T') && !take_letter(text, ' ')) {
    return false;
  }
  const auto hours = take_number(text, 1, 2);
  const auto minutes = hours && take_letter(text, ':') ? take_number(text, 2, 2) : std::nullopt;
  if (!minutes || *hours > 23 || *minutes > 59) {
    return false;
  }
  written.seconds += *hours * 3600 + *minutes * 60;
  return (!take_letter(text, ':') || take_seconds(text, written)) && take_half_day(text, written, *hours) &&
         take_zone(text, written);
}

std::optional<WrittenTime> written_in(std::string_view cell) {
  WrittenTime written;
  const bool is_time = take_date(cell, written) && take_time(cell, written) && cell.empty();
  return is_time ? std::optional(written) : std::nullopt;
}

std::optional<double> seconds_at(int year, int month, int day, double seconds_of_day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * kSecondsOfDay + seconds_of_day;
}

std::optional<double> seconds_of(const WrittenTime& written, bool is_month_first) {
  const auto [first, second, third] = written.numbers;
  if (written.order != Order::kNumbers) {
    return seconds_at(first, second, third, written.seconds);
  }
  return is_month_first ? seconds_at(third, first, second, written.seconds)
                        : seconds_at(third, second, first, written.seconds);
}

Order order_of(const std::string& format) {
  const bool has_name = format.find("%b") != std::string::npos || format.find("%B") != std::string::npos;
  if (has_name) {
    return format.starts_with("%d") ? Order::kNamedMonth : Order::kMonthFirst;
  }
  return format.starts_with("%Y") ? Order::kYearFirst : Order::kNumbers;
}

// "+02:00" at the format's end, in seconds.
double zone_of(std::string_view format) {
  constexpr size_t kLength = 6;
  WrittenTime written;
  std::string_view zone = format.substr(format.size() - std::min(format.size(), kLength));
  const bool is_zone = (zone.starts_with('+') || zone.starts_with('-')) && take_zone(zone, written);
  return is_zone && zone.empty() ? -written.seconds : 0;
}

// The format with the digits that "%6f" asks for in its place, and the seconds without what they tell.
std::string with_fraction(std::string format, double& seconds) {
  const size_t end = format.find('f');
  if (end == std::string::npos || end < 2 || format[end - 2] != '%') {
    seconds = std::round(seconds);
    return format;
  }
  const double micros = std::round(seconds * 1e6);
  seconds = std::floor(micros / 1e6);
  std::string digits = fmt::format("{:06.0f}", micros - seconds * 1e6);
  digits.resize(static_cast<size_t>(format[end - 1] - '0'), '0');
  return format.replace(end - 2, 3, digits);
}

struct EpochUnit {
  const char* format;
  double of_second;
};
constexpr std::array<EpochUnit, 4> kEpochUnits = {{{"@s", 1}, {"@ms", 1e3}, {"@us", 1e6}, {"@ns", 1e9}}};

// How many of a stamp's units a second has; 0 where the format is that of dates.
double epoch_unit(const std::string& format) {
  const auto* found = std::ranges::find(kEpochUnits, format, &EpochUnit::format);
  return found == kEpochUnits.end() ? 0 : found->of_second;
}

}  // namespace

bool has_hours(const std::string& format) {
  return format.find("%H") != std::string::npos || format.find("%I") != std::string::npos ||
         epoch_unit(format) > 0;
}

std::optional<double> time_in(std::string_view cell, const std::string& format) {
  if (const double unit = epoch_unit(format); unit > 0) {
    const auto stamp = number_from<double>(cell);
    return stamp ? std::optional(*stamp / unit) : std::nullopt;
  }
  const auto written = written_in(cell);
  const bool is_alike = written && written->order == order_of(format);
  return is_alike ? seconds_of(*written, format.starts_with("%m")) : std::nullopt;
}

std::string time_text(double seconds, const std::string& format) {
  if (const double unit = epoch_unit(format); unit > 0) {
    return fmt::format("{:.0f}", std::round(seconds * unit));
  }
  seconds += zone_of(format);
  const std::string strftime_format = with_fraction(format, seconds);
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  gmtime_r(&whole, &parts);
  std::array<char, 64> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), strftime_format.c_str(), &parts)};
}

std::optional<std::string> epoch_format(double smallest, double largest) {
  constexpr double kFirst = 1e8;  // seconds: 1973
  constexpr double kLast = 5e9;   // 2128
  for (const EpochUnit& unit : kEpochUnits) {
    if (smallest >= kFirst * unit.of_second && largest <= kLast * unit.of_second) {
      return unit.format;
    }
  }
  return std::nullopt;
}

void TimeFinder::Range::add(double seconds) {
  first = std::min(first, seconds);
  last = std::max(last, seconds);
}

bool TimeFinder::add(std::string_view cell) {
  has_failed_ = has_failed_ || !add_date(cell);
  return !has_failed_;
}

bool TimeFinder::add_date(std::string_view cell) {
  auto written = written_in(cell);
  if (!written || !add_order(*written) || (written->join != '\0' && !add_hours(*written))) {
    return false;
  }
  const bool has_two_orders = written->order == Order::kNumbers && written->mark != '.';
  const auto usual = seconds_of(*written, /*is_month_first=*/false);
  const auto other = has_two_orders ? seconds_of(*written, /*is_month_first=*/true) : std::nullopt;
  can_be_day_first_ = can_be_day_first_ && usual;
  can_be_month_first_ = can_be_month_first_ && other;
  const auto [first, second, third] = written->numbers;
  can_be_year_first_ = can_be_year_first_ && has_two_orders && written->has_short_year &&
                       seconds_at(first + 2000, second, third % 100, 0);
  usual_.add(usual.value_or(0));
  month_first_.add(other.value_or(0));
  return can_be_day_first_ || can_be_month_first_;
}

bool TimeFinder::add_order(const WrittenTime& written) {
  if (!has_times_) {
    has_times_ = true;
    first_ = written;
  }
  has_long_names_ = has_long_names_ || written.has_long_name;
  return written.mark == first_.mark && written.order == first_.order &&
         written.has_short_year == first_.has_short_year;
}

bool TimeFinder::add_hours(const WrittenTime& written) {
  if (!has_hours_) {
    has_half_days_ = written.is_half_day;
    zone_ = written.zone;
  }
  has_hours_ = true;
  join_ = written.join;
  has_seconds_ = has_seconds_ || written.has_seconds;
  has_zone_ = has_zone_ || !written.zone.empty();
  fraction_digits_ = std::max(fraction_digits_, written.fraction_digits);
  has_fractions_ = has_fractions_ || written.seconds != std::floor(written.seconds);
  if (zone_ != written.zone) {
    zone_.clear();
  }
  return has_half_days_ == written.is_half_day;
}

bool TimeFinder::is_ambiguous() const {
  return can_be_day_first_ && (can_be_month_first_ || can_be_year_first_);
}

std::string TimeFinder::date_format() const {
  const std::string month = has_long_names_ ? "%B" : "%b";
  const std::string year = first_.has_short_year ? "%y" : "%Y";
  const std::string mark = first_.mark == '\0' ? "" : std::string(1, first_.mark);
  switch (first_.order) {
    case Order::kYearFirst:
      return join({"%Y", "%m", "%d"}, mark);
    case Order::kNamedMonth:
      return join({"%d", month, year}, mark);
    case Order::kMonthFirst:
      return month + " %d" + (mark == "," ? ", " : " ") + year;
    default:
      return can_be_day_first_ ? join({"%d", "%m", year}, mark) : join({"%m", "%d", year}, mark);
  }
}

std::string TimeFinder::format_with(const std::string& fraction, const std::string& zone) const {
  if (!has_hours_) {
    return date_format();
  }
  const std::string seconds = has_seconds_ ? ":%S" + fraction : "";
  return fmt::format("{}{}%{}:%M{}{}{}", date_format(), join_, has_half_days_ ? "I" : "H", seconds,
                     has_half_days_ ? " %p" : "", zone);
}

std::string TimeFinder::format() const { return format_with("", has_zone_ ? "Z" : ""); }

std::string TimeFinder::exact_format() const {
  constexpr size_t kMostDigits = 9;
  constexpr size_t kZoneLength = 6;  // "+02:00", which time_text knows
  const size_t digits = std::min(fraction_digits_, kMostDigits);
  const std::string fraction = digits == 0      ? ""
                               : has_fractions_ ? fmt::format(".%{}f", digits)
                                                : "." + std::string(digits, '0');
  const std::string zone = zone_.size() == kZoneLength ? zone_ : has_zone_ ? "Z" : "";
  return format_with(fraction, zone);
}

double TimeFinder::earliest() const { return (can_be_day_first_ ? usual_ : month_first_).first; }

bool TimeFinder::is_constant() const {
  const Range& range = can_be_day_first_ ? usual_ : month_first_;
  return range.first >= range.last;
}

}  // namespace autoencoder
