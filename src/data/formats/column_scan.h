// One pass through a column of a table: what kind of column it is.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "data/formats/csv_cells.h"
#include "data/formats/csv_times.h"
#include "data/formats/distinct_numbers.h"
#include "data/table_schema.h"

namespace autoencoder {

inline constexpr size_t kMostWords = 1000;  ///< of a category

/// What is wished of a column.
struct ColumnWish {
  std::optional<ColumnKind> kind = {};
  bool is_kept = false;         ///< whatever it holds
  bool is_unnamed = false;      ///< as the index that pandas writes
  bool is_named_id = false;     ///< by its name it tells rows apart: "customer_id"
  bool collects_words = false;  ///< of numbers, too: see kNeedsWords
};

/// How the numbers of a table are written, as far as its columns tell.
struct TableNumbers {
  bool has_semicolons = false;      ///< between its cells, so that commas stand before decimals
  bool has_decimal_commas = false;  ///< somewhere, beyond doubt: "1,5"
  bool has_decimal_points = false;  ///< likewise: "1.5"
};

/// What a column was found to be.
struct ColumnFinding {
  enum class Use {
    kFeature,
    kRunningNumber,  ///< in equal steps from row to row, or all of a range: it numbers the rows
    kId,             ///< another whole number in each row, and a name that says what it is for
    kNamesRows,      ///< hardly a word comes back
    kManyWords,      ///< more than kMostWords
    kConstant,
    kAllMissing,
    kAmbiguousDates,
    kNeedsWords,  ///< a category, some of whose words are numbers: it is to be gone through again with that
                  ///< wish
  };
  Use use = Use::kFeature;
  TableColumn column = {};
};

/// Is shown each cell, and keeps a few numbers and words of them.
class ColumnScan {
 public:
  ColumnScan(const MissingWords& missing, const ColumnWish& wish) : missing_(&missing), wish_(wish) {}

  /// The next cell, which stands in that line of the file. The number that it is, NaN where it is none.
  float add(std::string_view cell, int64_t line);

  /// Whether all cells so far are numbers or missing.
  bool is_of_numbers() const { return texts_ == 0; }

  /// Whether decimals stand behind a comma, or a point, in a cell that can be read in no other way.
  bool has_decimal_commas() const { return has_decimal_commas_; }
  bool has_decimal_points() const { return has_decimal_points_; }

  /// Of all cells. Throws Error, which begins with "line 3, column 2 (width) is ..." or "column 2 (width)
  /// ...", where it can be no column of data: text among numbers, numbers that are not finite or that float32
  /// does not tell apart, marks between thousands and signs of currency, cells that are not of the kind
  /// wished. `column`: from 0; `name`: as the user may give it; `table`: of all its columns.
  ColumnFinding find(size_t column, const std::string& name, bool has_header,
                     const TableNumbers& table) const;

 private:
  struct Place {
    int64_t line = 0;  // 0: nowhere
    std::string cell = {};
    void keep_first(int64_t at, std::string_view text);
  };
  class Naming;  // of the column in errors

  bool add_number(std::string_view cell, int64_t line, float& entry);
  void note_point(double number, std::string_view cell, int64_t line);
  void note_comma(std::string_view cell, int64_t line);
  void note_whole(int64_t number);
  void count_number(double number, std::string_view cell, int64_t line);
  void note_collision(double number, std::string_view cell, int64_t line);
  void add_text(std::string_view cell, int64_t line);
  void add_word(std::string_view cell);

  int64_t present() const { return numbers_ + texts_; }
  bool is_of_times() const;
  bool has_stray_words() const;
  bool has_refused_marks() const;
  bool is_one_whole_number_a_row() const;
  bool numbers_all_rows() const;
  bool goes_in_steps() const;
  bool is_id() const;
  bool names_rows() const;
  bool has_small_spread() const;
  bool is_zero_or_one() const;

  void check(const Naming& naming, const TableNumbers& table) const;
  void check_numbers(const Naming& naming) const;
  void check_texts(const Naming& naming) const;
  void check_decimals(const Naming& naming, const TableNumbers& table) const;
  void check_collisions(const Naming& naming) const;
  ColumnFinding::Use use_of(const TableColumn& column) const;
  ColumnKind kind_of() const;
  TableColumn described(const Naming& naming) const;
  void describe_time(TableColumn& column, const Naming& naming) const;
  void describe_words(TableColumn& column) const;
  void describe_yes_no(TableColumn& column, const Naming& naming) const;
  int64_t shown_decimals() const;

  const MissingWords* missing_;
  ColumnWish wish_;
  int64_t rows_ = 0;
  int64_t numbers_ = 0;
  int64_t texts_ = 0;
  int64_t percents_ = 0;
  int64_t commas_ = 0;
  int64_t marked_ = 0;  // texts that are numbers but for marks that are refused
  bool has_decimal_commas_ = false;
  bool has_decimal_points_ = false;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool are_whole_ = true;
  uint64_t whole_bits_ = 0;  // the sum of their mixed bits, whatever their order
  double last_ = 0;
  double step_ = 0;  // from the first number to the second
  bool is_steady_ = true;
  DistinctNumbers distinct_;
  int64_t decimals_ = 0;
  std::map<std::string, int64_t, std::less<>> words_;  // how often; at most one more than kMostWords
  TimeFinder times_;
  std::unordered_map<uint32_t, double> seen_;  // by its bits as float32
  Place first_text_, first_marked_, infinite_, collision_;
  Place first_comma_, first_decimal_comma_, first_point_;  // "1,234", "1,5", "1.234"
  std::string collides_with_;
};

}  // namespace autoencoder
