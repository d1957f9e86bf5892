// A table's column of labels.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// One label a row, each different one kept once.
class LabelColumn {
 public:
  void reserve(int64_t rows) { codes_of_rows_.reserve(static_cast<size_t>(rows)); }

  /// The next row's, which stands in that line of the file.
  void add(std::string_view label, int64_t line);

  /// A label that is different from all before.
  struct Appearance {
    std::string_view label;
    int64_t line;   ///< the first that has it
    int64_t count;  ///< of the rows that have it
    bool is_number() const;
    bool is_whole_number() const;
  };

  /// Throws Error, naming `path` and the line, where labels are fractions, or look like a header and numbers.
  void check(const std::string& path) const;

  /// Whether all labels are whole numbers.
  bool is_whole() const;

  /// N, int64: the number that each label is, where all are whole ones, else the position of each in names().
  torch::Tensor to_tensor() const;
  std::vector<std::string> names() const;  ///< sorted

  /// N, int64: the position of each in `names`, or in those of names() that are new, which are added to it.
  torch::Tensor to_tensor(std::vector<std::string>& names) const;

 private:
  torch::Tensor numbered(const std::vector<int64_t>& number_of_code) const;

  std::map<std::string, uint32_t, std::less<>> codes_;  // numbered in order of rows
  std::vector<Appearance> appearances_;  // of each code; views of the keys, which stay where they are
  std::vector<uint32_t> codes_of_rows_;
};

}  // namespace autoencoder
