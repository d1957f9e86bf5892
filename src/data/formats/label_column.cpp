#include "data/formats/label_column.h"

#include <algorithm>
#include <functional>

#include <torch/torch.h>

#include "common/text.h"
#include "data/formats/csv_lines.h"

namespace autoencoder {

bool LabelColumn::Appearance::is_number() const { return number_in(label).has_value(); }

bool LabelColumn::Appearance::is_whole_number() const { return whole_number_in(label).has_value(); }

void LabelColumn::add(std::string_view label) {
  auto found = codes_.find(label);
  if (found == codes_.end()) {
    found = codes_.emplace(label, codes_.size()).first;
    appearances_.push_back({found->first, static_cast<int64_t>(rows_.size()), 0});
  }
  ++appearances_[found->second].count;
  rows_.push_back(found->second);
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
  return torch::tensor(numbers).index_select(0, torch::tensor(rows_));
}

std::vector<std::string> LabelColumn::names() const { return keys_of(codes_); }

}  // namespace autoencoder
