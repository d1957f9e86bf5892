#include "data/formats/array_source.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/mapped_file.h"
#include "common/text.h"
#include "data/formats/distinct_numbers.h"
#include "data/formats/npy.h"
#include "data/row_layout.h"

namespace autoencoder {
namespace {

constexpr int64_t kRowsAtOnce =
    1 << 14;  // what is mapped from a large file need not lie in memory all at once

std::string text_of(const torch::Tensor& array) { return array_text(array.sizes(), array.scalar_type()); }

// "[3, 0, 7]" of the element that is the `position`th in C order.
std::string element_text(const torch::Tensor& array, int64_t position) {
  std::vector<int64_t> index(array.dim());
  for (int64_t dimension = array.dim() - 1; dimension >= 0; --dimension) {
    index[dimension] = position % array.size(dimension);
    position /= array.size(dimension);
  }
  return fmt::format("[{}]", fmt::join(index, ", "));
}

// Whether `holds` of all rows, of some after the others.
template <typename Condition>
bool all_rows(const torch::Tensor& array, Condition holds) {
  for (int64_t row = 0; row < array.size(0); row += kRowsAtOnce) {
    const torch::Tensor rows = array.slice(0, row, row + kRowsAtOnce);
    const bool does_hold = holds(rows);
    forget_mapped(rows.const_data_ptr(), rows.nbytes());
    if (!does_hold) {
      return false;
    }
  }
  return true;
}

void check_shape(const std::string& place, const torch::Tensor& array) {
  if (array.dim() < 2 || array.dim() > 4) {
    throw Error(fmt::format(
        "{}: {} ({}); vectors are N x D, images N x H x W, N x C x H x W or N x H x W x C, reshape "
        "it",
        place, counted(array.dim(), "dimension"), text_of(array)));
  }
  if (array.numel() == 0) {
    throw Error(
        fmt::format("{}: {}, so there is nothing to learn from; get another file", place, text_of(array)));
  }
}

// Which of the numbers, as float32, are no numbers that a model could take.
torch::Tensor bad_numbers(const torch::Tensor& rows) {
  const torch::Tensor numbers = rows.to(torch::kFloat32);
  return rows.dim() == 2 ? numbers.isinf() : numbers.isfinite().logical_not_();
}

// Of most arrays one look tells that nothing is wrong with them, and that they have no holes.
bool is_all_finite(const torch::Tensor& array) {
  return !array.is_floating_point() || all_rows(array, [](const torch::Tensor& rows) {
    return rows.to(torch::kFloat32).isfinite().all().item<bool>();
  });
}

// In rows of numbers, nan is a hole.
void check_numbers(const std::string& place, const torch::Tensor& array) {
  for (int64_t row = 0; row < array.size(0); row += kRowsAtOnce) {
    const torch::Tensor rows = array.slice(0, row, row + kRowsAtOnce);
    const torch::Tensor bad = bad_numbers(rows);
    forget_mapped(rows.const_data_ptr(), rows.nbytes());
    if (bad.any().item<bool>()) {
      const auto position = row * array[0].numel() + bad.flatten().to(torch::kUInt8).argmax().item<int64_t>();
      throw Error(fmt::format("{}: {} is {:g}; every number must be finite as float32; replace it", place,
                              element_text(array, position), array.flatten()[position].item<double>()));
    }
  }
}

// Whether each column of rows, N x D, has a number anywhere: D, bool.
torch::Tensor columns_with_numbers(const torch::Tensor& array) {
  torch::Tensor has_any = torch::zeros({array.size(1)}, torch::kBool);
  all_rows(array, [&](const torch::Tensor& rows) {
    has_any |= rows.isnan().logical_not_().any(0);
    return true;
  });
  return has_any;
}

// What is to be told of rows with holes. Throws Error where there is nothing else.
std::vector<std::string> notes_of_holes(const std::string& place, const torch::Tensor& array) {
  std::vector<int64_t> empty;
  const torch::Tensor has_any = columns_with_numbers(array);
  for (int64_t column = 0; column < array.size(1); ++column) {
    if (!has_any[column].item<bool>()) {
      empty.push_back(column);
    }
  }
  if (std::ssize(empty) == array.size(1)) {
    throw Error(
        fmt::format("{}: each number is nan, so there is nothing to learn from; get another file", place));
  }
  if (empty.empty()) {
    return {};
  }
  return {fmt::format(
      "{}: no number in any row of column {} (from 0), of which nothing can be learned; leave out "
      "what is empty",
      place, fmt::join(empty, ", "))};
}

// Columns (K, int64) with numbers that are others as float32.
torch::Tensor rounded_columns(const torch::Tensor& rows) {
  return (rows.to(torch::kFloat32).to(rows.scalar_type()) != rows).any(0).nonzero().flatten();
}

// Whether so many different numbers are seen at a glance: by 16 bits that each is mixed into, of which
// different ones may share some.
bool has_many_values(const torch::Tensor& numbers, int64_t many) {
  constexpr int kBits = 16;
  std::bitset<size_t{1} << kBits> seen;
  const torch::Tensor bits = numbers.contiguous().view(torch::kInt32);
  for (int64_t i = 0; i < bits.size(0); ++i) {
    seen.set(mixed_bits(static_cast<uint64_t>(bits.const_data_ptr<int32_t>()[i])) >> (64 - kBits));
  }
  return static_cast<int64_t>(seen.count()) >= many;
}

// Time stamps and ids are far from 0 and close to each other: as float32 they are all the same. A look at the
// first rows tells.
void check_that_float32_tells_apart(const std::string& place, const torch::Tensor& array) {
  if (array.scalar_type() != torch::kInt64 && array.scalar_type() != torch::kFloat64) {
    return;
  }
  const torch::Tensor rows = array.narrow(0, 0, std::min(array.size(0), kRowsAtOnce));
  const torch::Tensor rounded = rounded_columns(rows);
  for (int64_t i = 0; i < rounded.size(0); ++i) {
    const auto column = rounded[i].item<int64_t>();
    const torch::Tensor numbers = rows.select(1, column);
    const torch::Tensor as_float32 = numbers.to(torch::kFloat32);
    if (has_many_values(as_float32, (rows.size(0) + 1) / 2)) {
      continue;  // as there are no more than rows
    }
    const int64_t values = std::get<0>(torch::_unique(numbers)).size(0);
    const int64_t told_apart = std::get<0>(torch::_unique(as_float32)).size(0);
    if (2 * told_apart < values) {
      throw Error(
          fmt::format("{}: column {} (from 0) has {} and more, of which float32 tells but {} apart; take its "
                      "least value off "
                      "first, or leave it out",
                      place, column, counted(values, "value"), told_apart));
    }
  }
}

bool is_number_of_channels(int64_t length) { return length == 1 || length == 3 || length == 4; }

bool has_channels_last(const torch::Tensor& array) {
  return array.dim() == 4 && is_number_of_channels(array.size(3)) && !is_number_of_channels(array.size(1));
}

// Whether bytes are no shades, but the two values of a mask.
bool is_of_zeros_and_ones(const torch::Tensor& array) {
  return array.scalar_type() == torch::kUInt8 &&
         all_rows(array, [](const torch::Tensor& rows) { return rows.max().item<int64_t>() <= 1; });
}

bool lies_between_0_and_1(const torch::Tensor& array) {
  return array.scalar_type() == torch::kUInt8 || all_rows(array, [](const torch::Tensor& rows) {
           return rows.min().item<double>() >= 0 && rows.max().item<double>() <= 1;
         });
}

// images: N x 4 x H x W. Where all of a picture is transparent its fourth channel is an unused one.
torch::Tensor over_white(const torch::Tensor& images) {
  const bool are_bytes = images.scalar_type() == torch::kUInt8;
  const double white = are_bytes ? 255 : 1;
  const torch::Tensor colours = images.narrow(1, 0, 3).to(torch::kFloat32);
  const torch::Tensor given = images.narrow(1, 3, 1).to(torch::kFloat32) / white;
  const torch::Tensor opaque =
      torch::where(given.amax({1, 2, 3}, /*keepdim=*/true) > 0, given, torch::ones_like(given));
  const torch::Tensor seen = colours * opaque + white * (1 - opaque);
  return are_bytes ? seen.round().to(torch::kUInt8) : seen;
}

torch::Tensor with_channels_first(const torch::Tensor& array) {
  if (array.dim() == 3) {
    return array.unsqueeze(1);
  }
  if (!has_channels_last(array)) {
    return array;
  }
  const torch::Tensor images = array.permute({0, 3, 1, 2});
  return images.size(1) == 4 && lies_between_0_and_1(array) ? over_white(images) : images;
}

// Numbers of a mapped file stay there, and become float32 when they are read.
Examples examples_of(const torch::Tensor& numbers) {
  if (numbers.nbytes() >= kMappedBytes) {
    return mapped_examples(numbers);
  }
  return (numbers.scalar_type() == torch::kUInt8 ? numbers : numbers.to(torch::kFloat32)).contiguous();
}

Examples vectors_of(const torch::Tensor& array) {
  const bool are_small = torch::elementSize(array.scalar_type()) == 1;  // numbers as others, here
  return examples_of(
      (are_small ? array.to(torch::kFloat32) : array).view({array.size(0), 1, 1, array.size(1)}));
}

}  // namespace

DataSource source_of_array(const std::string& place, const std::string& name, const torch::Tensor& array) {
  check_shape(place, array);
  const bool is_whole = is_all_finite(array);
  if (!is_whole) {
    check_numbers(place, array);
  }
  DataSource source = {name, {}, {}};
  if (array.dim() == 2) {
    source.train.images = vectors_of(array);
    check_that_float32_tells_apart(place, array);
    if (!is_whole) {
      source.notes = notes_of_holes(place, array);
      source.suited = options_that_suit(RowLayout(fmt::format("number*{}", array.size(1))), Holes::kSome);
    }
    return source;
  }
  torch::Tensor images = with_channels_first(array);
  const bool is_mask = is_of_zeros_and_ones(array);
  if (is_mask || array.scalar_type() == torch::kBool) {
    images = images.to(torch::kUInt8) * 255;
  }
  if (is_mask) {
    source.notes.push_back(fmt::format(
        "{}: its bytes are 0 and 1 alone, so they stand for themselves, not for shades of 255", place));
  }
  source.train.images = examples_of(images);
  return source;
}

torch::Tensor labels_of_array(const std::string& place, const torch::Tensor& labels, int64_t examples) {
  if (labels.dim() != 1 || labels.is_floating_point()) {
    throw Error(fmt::format("{}: {}; labels are N whole numbers, save them as a 1-dimensional int64 array",
                            place, text_of(labels)));
  }
  if (labels.size(0) != examples) {
    throw Error(fmt::format("{}: {} labels for {} examples; the two files do not belong together", place,
                            labels.size(0), examples));
  }
  return labels.to(torch::kInt64);
}

}  // namespace autoencoder
