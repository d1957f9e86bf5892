// A table's rows, cut into cells; and the numbers in these. Our own, because of 212 MB of random numbers in
// 22 columns libcsv needs 0.9 s of a processor to cut cells alone and 3.1 s with strtod, pandas.read_csv 1.2
// to 1.4 s, and this with std::from_chars, kinds of columns and all, 0.9 to 1.0 s.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "data/formats/csv_text.h"

namespace autoencoder {

/// The rows of a table (see read_csv), one at a time. Lines end in LF, CRLF, or CR alone; one that starts
/// with # is a comment at the top of the table, and below where it has not as many cells as the first row.
class CsvLines {
 public:
  static constexpr char kBlanks = ' ';  ///< as a separator: any number of spaces and tabs

  /// Throws Error where the file cannot be read.
  explicit CsvLines(const std::filesystem::path& path);

  /// Goes to the next row, past comments and empty lines at the top and the end; false where there is none.
  /// Throws Error on empty lines between others, and on quotes that are not closed or are followed by more.
  bool next();

  /// Of the present row, without quotes and the blanks around; views that `next` ends. One that has no
  /// doubled quotes is a part of line().
  const std::vector<std::string_view>& cells() const { return cells_; }
  void check_width(size_t columns) const;  ///< throws Error where the present row has another number of cells
  std::string_view line() const { return {buffer_.data() + start_, next_ - start_}; }  ///< with what ends it
  const std::string& passed_over() const { return passed_over_; }  ///< lines between the row before and this
  int64_t number() const { return number_; }  ///< of the present row's first line, from 1
  char separator() const { return separator_; }
  std::string path() const { return path_.string(); }

 private:
  bool take_line();
  bool extend_line();
  void trim();
  size_t find_line_end(size_t from);
  bool fill();
  void find_line_ending();
  bool take_separator();
  bool is_empty() const;
  bool is_comment();
  void cut();
  void cut_plain();
  bool cut_carefully();
  std::string_view take_cell(size_t& at);
  std::optional<std::string_view> take_quoted(size_t& at);
  std::string_view unquoted(std::string_view quoted);
  void skip_padding(size_t& at) const;
  bool is_separator(char letter) const;
  bool is_padding(char letter) const;
  std::string_view row() const { return {buffer_.data() + start_, end_ - start_}; }
  Error quote_failure(const char* reason) const;

  std::filesystem::path path_;
  CsvText text_;
  std::vector<char> buffer_;
  size_t filled_ = 0;  // bytes of the buffer that hold text
  size_t start_ = 0;   // of the present row, in the buffer
  size_t end_ = 0;     // of it, without blanks and line end
  size_t next_ = 0;    // where the line after it starts
  char line_ending_ = '\n';
  int64_t number_ = 0;
  int64_t lines_ = 0;  // taken so far
  char separator_ = '\0';
  size_t columns_ = 0;  // of the first row
  std::string passed_over_;
  std::vector<std::string_view> cells_;
  std::list<std::string> unquoted_;  // cells with doubled quotes
};

/// All of a cell as a number; infinite where it is one that double does not hold, nothing where it is none.
std::optional<double> number_in(std::string_view cell);

/// As number_in, of "3" as of "3.0".
std::optional<int64_t> whole_number_in(std::string_view cell);

}  // namespace autoencoder
