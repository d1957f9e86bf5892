// A table's columns by their names and positions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/error.h"

namespace autoencoder {

class ColumnNames {
 public:
  /// `names`: of the header, `width` of them, or none where the table has no header; `path`: for errors.
  ColumnNames(std::string path, size_t width, std::vector<std::string> names = {})
      : path_(std::move(path)), width_(width), names_(std::move(names)) {}

  /// The column that a user means: a position (0 is the first, -1 the last) or a name; nothing where that is
  /// "". Throws Error where there is none; `role` says what it is for: "the labels".
  std::optional<size_t> find(const std::string& wanted, const std::string& role) const;

  /// As find, but a name goes before a position.
  size_t find_listed(const std::string& wanted, const std::string& role) const;

  std::optional<size_t> with_name(const std::string& name) const;

  /// Throws Error where the columns of the labels and of the target are the same one.
  void check_roles(std::optional<size_t> label, std::optional<size_t> target) const;

  bool has_header() const { return !names_.empty(); }
  size_t width() const { return width_; }
  /// As users may give it: the name in the header, or "column 3", counted from 0, where that has none.
  std::string name(size_t column) const;
  std::vector<std::string> all() const;

  Error unknown(const std::string& wanted, const std::string& role) const;

 private:
  size_t counted(int64_t position, const std::string& role) const;

  std::string path_;
  size_t width_;
  std::vector<std::string> names_;
};

}  // namespace autoencoder
