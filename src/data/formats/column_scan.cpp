#include "data/formats/column_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {
namespace {

using Use = ColumnFinding::Use;

constexpr int64_t kFewestOfIds = 10;  // of fewer rows nobody can tell whether they are numbered
constexpr double kLargestFloat = std::numeric_limits<float>::max();
constexpr double kExactWhole = 9007199254740992;  // 2^53

// Whether what stands behind that mark may be three digits of thousands: "1.234".
bool may_be_thousands(std::string_view cell, char mark) {
  return cell.size() >= 5 && cell[cell.size() - 4] == mark && has_thousands(cell, {&mark, 1});
}

// 20210304
bool is_compact_date(double number) { return time_in(fmt::format("{:.0f}", number), "%Y%m%d").has_value(); }

// The word of 0 and the word of 1.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kYesNoWords = {
    {{"no", "yes"}, {"false", "true"}, {"f", "t"}, {"n", "y"}}};

}  // namespace

class ColumnScan::Naming {
 public:
  Naming(size_t column, std::string name, bool has_header)
      : column_(column), name_(std::move(name)), has_header_(has_header) {}

  std::string text() const {
    return fmt::format("column {}{}", column_ + 1, has_header_ ? " (" + shown_cell(name_) + ")" : "");
  }
  const std::string& name() const { return name_; }
  std::string option() const { return as_option(name_); }

  Error failure(const Place& place, const std::string& reason) const {
    return Error(fmt::format("line {}, {} is '{}', {}", place.line, text(), shown_cell(place.cell), reason));
  }

 private:
  size_t column_;
  std::string name_;
  bool has_header_;
};

void ColumnScan::Place::keep_first(int64_t at, std::string_view text) {
  if (line == 0) {
    line = at;
    cell = text;
  }
}

float ColumnScan::add(std::string_view cell, int64_t line) {
  ++rows_;
  float entry = std::numeric_limits<float>::quiet_NaN();
  if (!add_number(cell, line, entry) && !missing_->has_text(cell)) {
    add_text(cell, line);
  }
  return entry;
}

// Whether it is one, or one that stands for a missing cell.
bool ColumnScan::add_number(std::string_view cell, int64_t line, float& entry) {
  const auto plain = number_in(cell);
  if (plain && std::abs(*plain) <= kLargestFloat) {
    if (!missing_->has_number(*plain)) {
      if (!has_decimal_points_) {
        note_point(*plain, cell, line);
      }
      count_number(*plain, cell, line);
      entry = static_cast<float>(*plain);
    }
    return true;
  }
  if (plain) {
    if (!missing_->has_text(cell)) {
      infinite_.keep_first(line, cell);
    }
    return true;
  }
  const auto written = cell.empty() ? std::nullopt : written_number_in(cell, /*may_have_comma=*/true);
  if (!written || std::abs(written->value) > kLargestFloat || missing_->has_text(cell)) {
    return false;
  }
  percents_ += written->has_percent ? 1 : 0;
  if (written->has_comma) {
    note_comma(cell, line);
  }
  count_number(written->value, cell, line);
  entry = static_cast<float>(written->value);
  return true;
}

void ColumnScan::note_point(double number, std::string_view cell, int64_t line) {
  if (may_be_thousands(cell, '.')) {
    first_point_.keep_first(line, cell);
  } else {
    has_decimal_points_ = number != std::floor(number);
  }
}

void ColumnScan::note_comma(std::string_view cell, int64_t line) {
  ++commas_;
  if (may_be_thousands(cell, ',')) {
    first_comma_.keep_first(line, cell);
  } else {
    has_decimal_commas_ = true;
    first_decimal_comma_.keep_first(line, cell);
  }
}

void ColumnScan::note_whole(int64_t number) {
  whole_bits_ += mixed_bits(static_cast<uint64_t>(number));
  const auto now = static_cast<double>(number);
  if (numbers_ == 2) {
    step_ = now - last_;
  }
  is_steady_ = is_steady_ && (numbers_ == 1 || now - last_ == step_);
  last_ = now;
  if (wish_.is_named_id) {
    distinct_.add(number);
  }
}

void ColumnScan::count_number(double number, std::string_view cell, int64_t line) {
  ++numbers_;
  min_ = std::min(min_, number);
  max_ = std::max(max_, number);
  if (are_whole_) {
    are_whole_ = number == std::floor(number) && std::abs(number) <= kExactWhole;
    if (are_whole_) {
      note_whole(static_cast<int64_t>(number));
    }
  }
  if (static_cast<int64_t>(cell.size()) > decimals_ + 1) {
    decimals_ = std::max(decimals_, decimals_in(cell));
  }
  if (static_cast<double>(static_cast<float>(number)) != number) {
    note_collision(number, cell, line);
  }
  if (wish_.collects_words || wish_.kind == ColumnKind::kCategory) {
    add_word(cell);
  }
  if (wish_.kind == ColumnKind::kTime && !times_.has_failed()) {
    times_.add(cell);  // 20210304
  }
}

bool ColumnScan::has_small_spread() const {
  constexpr double kSmall = 0.1;
  return max_ - min_ <= kSmall * std::max(std::abs(min_), std::abs(max_));
}

// Once a column's numbers lie far apart it does not matter that neighbours become one: nothing more is kept.
void ColumnScan::note_collision(double number, std::string_view cell, int64_t line) {
  constexpr size_t kMostSeen = 4096;
  if (!has_small_spread()) {
    if (!seen_.empty()) {
      seen_.clear();
    }
    return;
  }
  const auto bits = std::bit_cast<uint32_t>(static_cast<float>(number));
  const auto found = seen_.find(bits);
  if (found == seen_.end()) {
    if (seen_.size() == kMostSeen) {
      seen_.clear();
    }
    seen_.emplace(bits, number);
  } else if (found->second != number && collision_.line == 0) {
    collision_.keep_first(line, cell);
    collides_with_ = fmt::format("{}", found->second);
  }
}

void ColumnScan::add_text(std::string_view cell, int64_t line) {
  ++texts_;
  first_text_.keep_first(line, cell);
  constexpr int64_t kEnough = 1000;  // without marks, that no more of them are looked for
  if ((marked_ > 0 || texts_ < kEnough) && !refused_marks(cell).empty()) {
    ++marked_;
    first_marked_.keep_first(line, cell);
  }
  if (!times_.has_failed()) {
    times_.add(cell);
  }
  add_word(cell);
}

void ColumnScan::add_word(std::string_view cell) {
  if (const auto known = words_.find(cell); known != words_.end()) {
    ++known->second;
  } else if (words_.size() <= kMostWords) {
    ++words_[as_utf8(cell)];
  }
}

bool ColumnScan::is_of_times() const {
  const bool may_be = numbers_ == 0 || (wish_.kind == ColumnKind::kTime && is_of_numbers());
  return may_be && times_.has_times() && !times_.has_failed();
}

// Whether words among numbers are mistakes and unlisted marks for missing cells rather than words of a
// category: rare ones, or some beside what was measured or counted.
bool ColumnScan::has_stray_words() const {
  constexpr size_t kFewWords = 5;
  constexpr double kFewNumbers = 10;
  if (texts_ == 1 || texts_ * 20 <= present()) {
    return true;
  }
  const bool may_be_codes = are_whole_ && (max_ - min_ < kFewNumbers || words_.size() > kFewWords);
  return 2 * numbers_ > present() && !may_be_codes;
}

bool ColumnScan::has_refused_marks() const { return marked_ > 0 && 2 * (marked_ + numbers_) > present(); }

bool ColumnScan::is_one_whole_number_a_row() const {
  return is_of_numbers() && are_whole_ && numbers_ == rows_;
}

// Stamps of time go in steps, too, and are told of as such.
bool ColumnScan::goes_in_steps() const {
  return is_one_whole_number_a_row() && is_steady_ && rows_ >= kFewestOfIds && !epoch_format(min_, max_);
}

bool ColumnScan::is_id() const {
  return wish_.is_named_id && is_one_whole_number_a_row() && rows_ >= kFewestOfIds && distinct_.all_differ();
}

// All whole numbers from the smallest to the largest, each once.
bool ColumnScan::numbers_all_rows() const {
  if (!is_one_whole_number_a_row() || max_ - min_ + 1 != static_cast<double>(rows_)) {
    return false;
  }
  uint64_t expected = 0;
  for (int64_t row = 0; row < rows_; ++row) {
    expected += mixed_bits(static_cast<uint64_t>(static_cast<int64_t>(min_) + row));
  }
  return expected == whole_bits_;
}

// As many different words as cells, or nearly so where there are enough to tell.
bool ColumnScan::names_rows() const {
  constexpr int64_t kEnough = 100;
  const auto different = static_cast<double>(words_.size());
  const auto cells = static_cast<double>(texts_ + numbers_);
  return words_.size() <= kMostWords && present() >= kFewestOfIds &&
         different > (present() >= kEnough ? 0.5 : 0.9) * cells;
}

bool ColumnScan::is_zero_or_one() const {
  return is_of_numbers() && min_ == 0 && max_ == 1 && are_whole_ && percents_ == 0;
}

ColumnFinding ColumnScan::find(size_t column, const std::string& name, bool has_header,
                               const TableNumbers& table) const {
  const Naming naming(column, name, has_header);
  ColumnFinding finding;
  finding.column.name = name;
  if (infinite_.line > 0) {
    throw naming.failure(infinite_, fmt::format("which is no finite number of 32 bits; replace it, or count "
                                                "it as missing with --missing {}",
                                                as_option(infinite_.cell)));
  }
  if (present() == 0) {
    finding.use = Use::kAllMissing;
    return finding;
  }
  finding.column.kind = kind_of();
  finding.use = use_of(finding.column);
  if (finding.use == Use::kFeature) {
    check(naming, table);
    finding.column = described(naming);
  }
  return finding;
}

ColumnFinding::Use ColumnScan::use_of(const TableColumn& column) const {
  const bool is_category = column.kind == ColumnKind::kCategory;
  const bool may_leave_out = !wish_.is_kept && !wish_.kind;
  const bool is_constant = is_of_numbers() ? min_ == max_ : numbers_ == 0 && words_.size() == 1;
  if (may_leave_out && is_constant) {
    return Use::kConstant;
  }
  const bool may_be_id = rows_ >= kFewestOfIds || (wish_.is_unnamed && (min_ == 0 || min_ == 1));
  if (may_leave_out && ((may_be_id && numbers_all_rows()) || goes_in_steps())) {
    return Use::kRunningNumber;
  }
  if (may_leave_out && is_id()) {
    return Use::kId;
  }
  if (!wish_.kind && has_refused_marks()) {
    return Use::kFeature;  // of which check tells
  }
  const bool is_mixed = is_category && numbers_ > 0 && texts_ > 0;
  if (is_mixed && !wish_.kind && !wish_.collects_words) {
    return has_stray_words() ? Use::kFeature : Use::kNeedsWords;
  }
  if (may_leave_out && is_category && is_of_times()) {
    return Use::kAmbiguousDates;
  }
  if (may_leave_out && is_category && names_rows()) {
    return Use::kNamesRows;
  }
  return may_leave_out && is_category && words_.size() > kMostWords ? Use::kManyWords : Use::kFeature;
}

ColumnKind ColumnScan::kind_of() const {
  if (wish_.kind) {
    return *wish_.kind;
  }
  if (is_of_numbers()) {
    return is_zero_or_one() ? ColumnKind::kYesNo : ColumnKind::kNumber;
  }
  if (is_of_times() && !times_.is_ambiguous()) {
    return ColumnKind::kTime;
  }
  const bool has_two_words = numbers_ == 0 && words_.size() == 2;
  return has_two_words && !is_of_times() ? ColumnKind::kYesNo : ColumnKind::kCategory;
}

void ColumnScan::check(const Naming& naming, const TableNumbers& table) const {
  const bool is_number = wish_.kind == ColumnKind::kNumber || wish_.kind == ColumnKind::kCount;
  const bool has_numbers = numbers_ > 0 || has_refused_marks();
  if (is_number || (!wish_.kind && !wish_.collects_words && has_numbers)) {
    check_numbers(naming);
    check_decimals(naming, table);
  }
  if (words_.size() > kMostWords && kind_of() == ColumnKind::kCategory) {
    throw Error(
        fmt::format("{} has more than {} different words, too many for a category; leave it out with "
                    "--drop {}",
                    naming.text(), with_thousands(kMostWords), naming.option()));
  }
  if (wish_.kind == ColumnKind::kCount && (min_ < 0 || !are_whole_)) {
    throw Error(fmt::format("{} goes from {:g} to {:g}{}; counts are whole numbers from 0", naming.text(),
                            min_, max_, are_whole_ ? "" : ", with fractions"));
  }
}

void ColumnScan::check_numbers(const Naming& naming) const {
  if (has_refused_marks()) {
    throw naming.failure(first_marked_, refused_marks(first_marked_.cell));
  }
  if (texts_ > 0) {
    check_texts(naming);
  }
  check_collisions(naming);
}

void ColumnScan::check_texts(const Naming& naming) const {
  constexpr size_t kMostNamed = 5;
  if (numbers_ == 0) {
    throw naming.failure(first_text_,
                         fmt::format("and no cell of the column is a number; leave --column-type "
                                     "away for {}, or give it another kind",
                                     naming.option()));
  }
  const bool are_few = !wish_.collects_words && words_.size() <= kMostNamed;
  const std::string words = are_few ? join(keys_of(words_), ",") : first_text_.cell;
  throw naming.failure(
      first_text_,
      fmt::format("but {} of the column {}; correct it, count {} as missing with --missing '{}', or take all "
                  "as words with --column-type {}=category",
                  counted(numbers_, "other cell"), numbers_ == 1 ? "is a number" : "are numbers",
                  words_.size() == 1 || !are_few ? "it" : "such cells", shown_cell(words), naming.option()));
}

// Marks that other cells show to stand between thousands, or that none shows to stand before decimals.
void ColumnScan::check_decimals(const Naming& naming, const TableNumbers& table) const {
  const bool has_points = has_decimal_points_ || table.has_decimal_points;
  const bool has_commas = has_decimal_commas_ || table.has_decimal_commas;
  if (first_comma_.line > 0 && !has_commas && (!table.has_semicolons || has_points)) {
    throw naming.failure(first_comma_, refused_marks(first_comma_.cell));
  }
  if (commas_ > 0 && has_points && !table.has_semicolons) {
    const Place& comma = first_decimal_comma_.line > 0 ? first_decimal_comma_ : first_comma_;
    throw naming.failure(
        comma, fmt::format("with a comma, but other decimals of the table follow a point; write all of them "
                           "alike, or take these as words with --column-type {}=category",
                           naming.option()));
  }
  if (first_point_.line > 0 && has_commas && !has_decimal_points_) {
    throw naming.failure(first_point_,
                         "with points between its thousands, as decimals follow commas in this table; remove "
                         "these, or write all decimals alike");
  }
}

void ColumnScan::check_collisions(const Naming& naming) const {
  constexpr double kFewestSteps = 256;  // between smallest and largest, for fractions
  const double step = std::ldexp(std::max(std::abs(min_), std::abs(max_)), -23);
  if (collision_.line == 0 || !has_small_spread() || (!are_whole_ && max_ - min_ > kFewestSteps * step)) {
    return;
  }
  const bool may_be_time = epoch_format(min_, max_) || (is_compact_date(min_) && is_compact_date(max_));
  throw naming.failure(
      collision_,
      fmt::format("which numbers of 32 bits do not tell from {}: what makes the rows of this column differ "
                  "would be lost; {}leave it out with --drop {}",
                  collides_with_,
                  may_be_time
                      ? fmt::format("read it as a time with --column-type {}=time, or ", naming.option())
                      : "",
                  naming.option()));
}

TableColumn ColumnScan::described(const Naming& naming) const {
  TableColumn column;
  column.name = naming.name();
  column.kind = kind_of();
  column.missing = 1 - static_cast<double>(present()) / static_cast<double>(rows_);
  switch (column.kind) {
    case ColumnKind::kTime:
      describe_time(column, naming);
      break;
    case ColumnKind::kCategory:
      describe_words(column);
      break;
    case ColumnKind::kYesNo:
      describe_yes_no(column, naming);
      break;
    default:
      column.decimals = shown_decimals();
      column.has_percent = percents_ > 0 && percents_ == numbers_;
      column.has_comma = commas_ > 0;
  }
  return column;
}

// float32 has seven digits.
int64_t ColumnScan::shown_decimals() const {
  const double largest = std::max(std::abs(min_), std::abs(max_));
  const int64_t before_point = largest > 0 ? static_cast<int64_t>(std::floor(std::log10(largest))) + 1 : 0;
  return std::clamp<int64_t>(7 - before_point, 0, decimals_);
}

void ColumnScan::describe_time(TableColumn& column, const Naming& naming) const {
  double earliest = 0;
  if (is_of_times() && !times_.is_ambiguous()) {
    column.time_format = times_.format();
    earliest = times_.earliest();
  } else if (const auto format = is_of_numbers() ? epoch_format(min_, max_) : std::nullopt) {
    column.time_format = *format;
    earliest = *time_in(fmt::format("{}", min_), *format);
  } else if (is_of_times()) {
    throw naming.failure(first_text_,
                         "and nothing in the column tells whether its day or its month comes first; write "
                         "dates as 2021-04-03");
  } else {
    throw Error(
        fmt::format("{} holds no times; they are written as 2021-04-03, 2021-04-03 12:30, 03.04.2021, "
                    "or as seconds since 1970",
                    naming.text()));
  }
  column.origin = std::floor(earliest / kSecondsOfDay) * kSecondsOfDay;
}

void ColumnScan::describe_words(TableColumn& column) const { column.words = keys_of(words_); }

void ColumnScan::describe_yes_no(TableColumn& column, const Naming& naming) const {
  if (is_of_numbers()) {
    if (min_ < 0 || max_ > 1 || !are_whole_) {
      throw Error(fmt::format("{} goes from {:g} to {:g}; yes-no columns have two words, or 0 and 1",
                              naming.text(), min_, max_));
    }
    column.words =
        decimals_ > 0 ? std::vector<std::string>{"0.0", "1.0"} : std::vector<std::string>{"0", "1"};
    return;
  }
  column.words = keys_of(words_);
  if (numbers_ > 0 || words_.size() > 2) {
    throw Error(fmt::format("{} has {} different words; yes-no columns have two", naming.text(),
                            words_.size() > kMostWords ? "many" : fmt::format("{}", words_.size())));
  }
  if (column.words.size() == 1) {
    column.words.push_back("not " + column.words[0]);
  }
  for (const auto& [no, yes] : kYesNoWords) {
    if (lower_case(column.words[0]) == yes && lower_case(column.words[1]) == no) {
      std::swap(column.words[0], column.words[1]);
    }
  }
}

}  // namespace autoencoder
