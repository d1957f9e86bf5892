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
  void add(std::string_view label);

  /// A label that is different from all before.
  struct Appearance {
    std::string_view label;
    int64_t row;    ///< the first that has it
    int64_t count;  ///< of the rows that have it
    bool is_number() const;
    bool is_whole_number() const;
  };
  /// In order of rows.
  const std::vector<Appearance>& appearances() const { return appearances_; }

  /// Whether all labels are whole numbers.
  bool is_whole() const;

  /// N, int64: the number that each label is, where all are whole ones, else the position of each in names().
  torch::Tensor to_tensor() const;
  std::vector<std::string> names() const;  ///< sorted

 private:
  std::map<std::string, int64_t, std::less<>> codes_;  // numbered in order of rows
  std::vector<Appearance> appearances_;  // of each code; views of the keys, which stay where they are
  std::vector<int64_t> rows_;            // their codes
};

}  // namespace autoencoder
