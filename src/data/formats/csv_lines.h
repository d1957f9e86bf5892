// A table's lines, cut into cells; and the numbers in these.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace autoencoder {

/// The lines of a table (see read_csv), one at a time.
class CsvLines {
 public:
  static constexpr char kBlanks = ' ';  ///< as a separator: any number of spaces and tabs

  /// Throws Error where the file cannot be read.
  explicit CsvLines(const std::filesystem::path& path);

  /// Goes to the next line that is not empty; false where there is none. Throws Error on empty lines between
  /// others, and on quotes that are not closed or are followed by more.
  bool next();

  /// Of the present line, without quotes and the blanks around; views that `next` ends.
  const std::vector<std::string_view>& cells() const { return cells_; }
  int64_t number() const { return number_; }  ///< of the present line, from 1
  char separator() const { return separator_; }
  std::string path() const { return path_.string(); }

 private:
  bool read_line();
  void cut();
  std::string_view take_cell(size_t& at);
  std::string_view take_quoted(size_t& at);
  void skip_padding(size_t& at) const;
  bool is_separator(char letter) const;
  bool is_padding(char letter) const;
  Error quote_failure(const char* reason) const;

  std::filesystem::path path_;
  std::ifstream file_;
  std::string line_;
  int64_t number_ = 0;
  char separator_ = kBlanks;
  std::vector<std::string_view> cells_;
};

/// All of a cell as a number; infinite where it is one that double does not hold, nothing where it is none.
std::optional<double> number_in(std::string_view cell);

/// As number_in, of "3" as of "3.0".
std::optional<int64_t> whole_number_in(std::string_view cell);

}  // namespace autoencoder
