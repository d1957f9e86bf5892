#include "data/formats/label_column.h"

#include <algorithm>
#include <functional>

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/csv_cells.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {

bool LabelColumn::Appearance::is_number() const { return number_in(label).has_value(); }

bool LabelColumn::Appearance::is_whole_number() const { return whole_number_in(label).has_value(); }

void LabelColumn::add(std::string_view label, int64_t line) {
  auto found = codes_.find(label);
  if (found == codes_.end()) {
    found = codes_.emplace(as_utf8(label), static_cast<uint32_t>(codes_.size())).first;
  }
  if (found->second == appearances_.size()) {
    appearances_.push_back({found->first, line, 0});
  }
  ++appearances_[found->second].count;
  codes_of_rows_.push_back(found->second);
}

void LabelColumn::check(const std::string& path) const {
  const auto texts = std::count_if(appearances_.begin(), appearances_.end(),
                                   std::not_fn(std::mem_fn(&Appearance::is_number)));
  if (texts == 1 && appearances_.size() > 1 && !appearances_[0].is_number() && appearances_[0].count == 1) {
    throw Error(
        fmt::format("{0}: line {1}: its label is '{2}', but all others are numbers; if that line is a "
                    "header, use --label-column {2}",
                    path, appearances_[0].line, shown_cell(appearances_[0].label)));
  }
  const auto fraction =
      std::find_if_not(appearances_.begin(), appearances_.end(), std::mem_fn(&Appearance::is_whole_number));
  if (texts == 0 && fraction != appearances_.end()) {
    throw Error(fmt::format("{}: line {}: its label is {}; labels are whole numbers or names", path,
                            fraction->line, fraction->label));
  }
}

bool LabelColumn::is_whole() const {
  return std::all_of(appearances_.begin(), appearances_.end(), std::mem_fn(&Appearance::is_whole_number));
}

torch::Tensor LabelColumn::to_tensor() const {
  const bool whole = is_whole();
  std::vector<int64_t> numbers(codes_.size());
  int64_t position = 0;
  for (const auto& [name, code] : codes_) {
    numbers.at(code) = whole ? whole_number_in(name).value_or(0) : position++;
  }
  return numbered(numbers);
}

torch::Tensor LabelColumn::to_tensor(std::vector<std::string>& names) const {
  std::vector<int64_t> numbers(codes_.size());
  const auto known = static_cast<std::ptrdiff_t>(names.size());
  for (const auto& [name, code] : codes_) {
    auto found = std::find(names.begin(), names.begin() + known, name);
    if (found == names.begin() + known) {
      names.push_back(name);
      found = names.end() - 1;
    }
    numbers.at(code) = found - names.begin();
  }
  return numbered(numbers);
}

torch::Tensor LabelColumn::numbered(const std::vector<int64_t>& number_of_code) const {
  torch::Tensor labels = at::empty({static_cast<int64_t>(codes_of_rows_.size())}, torch::kInt64);
  std::ranges::transform(codes_of_rows_, labels.data_ptr<int64_t>(),
                         [&](uint32_t code) { return number_of_code[code]; });
  return labels;
}

std::vector<std::string> LabelColumn::names() const { return keys_of(codes_); }

}  // namespace autoencoder
