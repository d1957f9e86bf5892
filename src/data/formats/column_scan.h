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
#include "data/table_schema.h"

namespace autoencoder {

inline constexpr size_t kMostWords = 1000;  ///< of a category

/// What is wished of a column.
struct ColumnWish {
  std::optional<ColumnKind> kind = {};
  bool is_kept = false;         ///< whatever it holds
  bool is_unnamed = false;      ///< as the index that pandas writes
  bool may_have_comma = false;  ///< for its decimals
  bool collects_words = false;  ///< of numbers, too: see kNeedsWords
};

/// What a column was found to be.
struct ColumnFinding {
  enum class Use {
    kFeature,
    kRunningNumber,  ///< one after the other: it numbers the rows
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

  /// Of all cells. Throws Error, which begins with "line 3, column 2 (width) is ..." or "column 2 (width)
  /// ...", where it can be no column of data: text among numbers, numbers that are not finite or that float32
  /// does not tell apart, commas between thousands, cells that are not of the kind wished. `column`: from 0;
  /// `name`: as the user may give it.
  ColumnFinding find(size_t column, const std::string& name, bool has_header) const;

 private:
  struct Place {
    int64_t line = 0;  // 0: nowhere
    std::string cell = {};
    void keep_first(int64_t at, std::string_view text);
  };
  class Naming;  // of the column in errors

  bool add_number(std::string_view cell, int64_t line, float& entry);
  void count_number(double number, std::string_view cell, int64_t line);
  void note_collision(double number, std::string_view cell, int64_t line);
  void add_text(std::string_view cell, int64_t line);
  void add_word(std::string_view cell);

  int64_t present() const { return numbers_ + texts_; }
  bool is_of_times() const;
  bool numbers_all_rows() const;
  bool names_rows() const;
  bool has_small_spread() const;
  bool is_zero_or_one() const;

  void check(const Naming& naming) const;
  void check_numbers(const Naming& naming) const;
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
  int64_t thousands_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
  bool are_whole_ = true;
  uint64_t whole_hashes_ = 0;  // their sum, whatever their order
  int64_t decimals_ = 0;
  std::map<std::string, int64_t, std::less<>> words_;  // how often; at most one more than kMostWords
  TimeFinder times_;
  std::unordered_map<uint32_t, double> seen_;  // by its bits as float32
  Place first_text_, first_thousands_, infinite_, collision_;
  std::string collides_with_;
};

}  // namespace autoencoder
