#include "data/formats/csv_times.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "common/text.h"

namespace autoencoder {
namespace {

// A date's three numbers in the order in which they stand, and the time behind them.
struct Written {
  std::array<int, 3> numbers = {};
  char mark = '\0';
  bool is_year_first = false;
  char join = '\0';  // '\0' where there is no time
  bool has_seconds = false;
  bool has_zone = false;
  double seconds = 0;  // of the day, in UTC
};

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

bool take_date(std::string_view& text, Written& written) {
  const size_t before = text.size();
  const auto first = take_number(text, 1, 4);
  const size_t digits = before - text.size();
  if (!first || (digits != 4 && digits > 2) || text.empty() ||
      std::string_view("-/.").find(text[0]) == std::string_view::npos) {
    return false;
  }
  written.is_year_first = digits == 4;
  written.mark = text[0];
  text.remove_prefix(1);
  const auto second = take_number(text, 1, 2);
  const bool goes_on = second && take_letter(text, written.mark);
  const size_t last = written.is_year_first ? 2 : 4;
  const auto third = goes_on ? take_number(text, written.is_year_first ? 1 : 4, last) : std::nullopt;
  if (third) {
    written.numbers = {*first, *second, *third};
  }
  return third.has_value();
}

// "Z", "+01:00", "-0530": what is to be taken off the time, in seconds.
bool take_zone(std::string_view& text, Written& written) {
  if (text.empty()) {
    return true;
  }
  written.has_zone = true;
  if (take_letter(text, 'Z')) {
    return true;
  }
  const double sign = take_letter(text, '-') ? 1 : take_letter(text, '+') ? -1 : 0;
  const auto hours = take_number(text, 2, 2);
  take_letter(text, ':');
  const auto minutes = take_number(text, 2, 2);
  written.seconds += sign * (hours.value_or(0) * 3600 + minutes.value_or(0) * 60);
  return sign != 0 && hours && minutes;
}

bool take_seconds(std::string_view& text, Written& written) {
  const auto seconds = take_number(text, 2, 2);
  written.has_seconds = true;
  written.seconds += seconds.value_or(0);
  if (take_letter(text, '.')) {
    const std::string_view rest = text;
    while (take_number(text, 1, 9)) {
    }
    const std::string fraction = "0." + std::string(rest.substr(0, rest.size() - text.size()));
    written.seconds += number_from<double>(fraction).value_or(0);
  }
  return seconds && *seconds < 61;
}

bool take_time(std::string_view& text, Written& written) {
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
  return (!take_letter(text, ':') || take_seconds(text, written)) && take_zone(text, written);
}

std::optional<Written> written_in(std::string_view cell) {
  Written written;
  const bool is_time = take_date(cell, written) && take_time(cell, written) && cell.empty();
  return is_time ? std::optional(written) : std::nullopt;
}

std::optional<double> seconds_of(const Written& written, bool is_month_first) {
  const auto [first, second, third] = written.numbers;
  const int year = written.is_year_first ? first : third;
  const int month = written.is_year_first || !is_month_first ? second : first;
  const int day = written.is_year_first ? third : is_month_first ? second : first;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * kSecondsOfDay + written.seconds;
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
  return format.find("%H") != std::string::npos || epoch_unit(format) > 0;
}

std::optional<double> time_in(std::string_view cell, const std::string& format) {
  if (const double unit = epoch_unit(format); unit > 0) {
    const auto stamp = number_from<double>(cell);
    return stamp ? std::optional(*stamp / unit) : std::nullopt;
  }
  const auto written = written_in(cell);
  const bool is_alike = written && written->is_year_first == format.starts_with("%Y");
  return is_alike ? seconds_of(*written, format.starts_with("%m")) : std::nullopt;
}

std::string time_text(double seconds, const std::string& format) {
  if (const double unit = epoch_unit(format); unit > 0) {
    return fmt::format("{:.0f}", std::round(seconds * unit));
  }
  const auto whole = static_cast<std::time_t>(std::llround(seconds));
  std::tm parts = {};
  gmtime_r(&whole, &parts);
  std::array<char, 64> text = {};
  return {text.data(), std::strftime(text.data(), text.size(), format.c_str(), &parts)};
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
  const auto written = written_in(cell);
  if (!written || (mark_ != '\0' && (written->mark != mark_ || written->is_year_first != is_year_first_))) {
    return false;
  }
  mark_ = written->mark;
  is_year_first_ = written->is_year_first;
  if (written->join != '\0') {
    has_hours_ = true;
    join_ = written->join;
    has_seconds_ = has_seconds_ || written->has_seconds;
    has_zone_ = has_zone_ || written->has_zone;
  }
  const auto usual = seconds_of(*written, /*is_month_first=*/false);
  const auto other =
      is_year_first_ || mark_ == '.' ? std::nullopt : seconds_of(*written, /*is_month_first=*/true);
  can_be_day_first_ = can_be_day_first_ && usual;
  can_be_month_first_ = can_be_month_first_ && other;
  usual_.add(usual.value_or(0));
  month_first_.add(other.value_or(0));
  return can_be_day_first_ || can_be_month_first_;
}

std::string TimeFinder::format() const {
  const std::string date = is_year_first_      ? "%Y{0}%m{0}%d"
                           : can_be_day_first_ ? "%d{0}%m{0}%Y"
                                               : "%m{0}%d{0}%Y";
  std::string text = fmt::format(fmt::runtime(date), mark_);
  if (has_hours_) {
    text += fmt::format("{}%H:%M{}{}", join_, has_seconds_ ? ":%S" : "", has_zone_ ? "Z" : "");
  }
  return text;
}

double TimeFinder::earliest() const { return (can_be_day_first_ ? usual_ : month_first_).first; }

bool TimeFinder::is_constant() const {
  const Range& range = can_be_day_first_ ? usual_ : month_first_;
  return range.first >= range.last;
}

}  // namespace autoencoder
