// An array of numbers as examples, whichever file it is from.
#pragma once

#include <string>

#include <torch/types.h>

#include "data/dataset.h"

namespace autoencoder {

/// N x D vectors, which become N x 1 x 1 x D float32, or images: N x H x W, N x C x H x W, or N x H x W x C
/// where the last length is 1, 3 or 4 and the second is none of these. Images of uint8 stay so, 0 to 255
/// standing for 0 to 1, but for those of only 0 and 1, which stand for themselves, as true and false do; all
/// other numbers become float32 as they are. RGB and transparency, each from 0 to 1, show over white, as in
/// files of pictures. `place` is where the array is from, for errors; `name` the source's. Throws Error on
/// another shape, nothing in it, and numbers that are not finite, but for NaN in vectors: a hole, as in
/// tables, and `suited` then says how to learn from these.
DataSource source_of_array(const std::string& place, const std::string& name, const torch::Tensor& array);

/// Labels of so many examples, as int64. Throws Error, likewise, on another count, and where they are no
/// whole numbers.
torch::Tensor labels_of_array(const std::string& place, const torch::Tensor& labels, int64_t examples);

}  // namespace autoencoder
