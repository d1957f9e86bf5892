// A data set: one tensor in memory, labels beside it. Everything that reads data makes one of these.
#pragma once

#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "common/image_shape.h"

namespace autoencoder {

/// Examples in memory.
struct Dataset {
  torch::Tensor images;                  ///< N x C x H x W: uint8 (0..255 stands for 0..1), or float32
  torch::Tensor labels;                  ///< N, int64; undefined where there are none
  std::vector<std::string> label_names;  ///< name of label i; empty where labels are plain numbers
  torch::Tensor targets = {};            ///< N, float32: what is to be predicted; undefined where nothing is
  std::vector<std::string> files = {};   ///< of each example, where each is a file of its own; else empty

  bool empty() const { return !images.defined() || images.size(0) == 0; }
  int64_t size() const { return images.defined() ? images.size(0) : 0; }
  ImageShape shape() const { return {images.size(1), images.size(2), images.size(3)}; }
};

/// What a name or a folder holds: the examples to learn from and, where the source sets some apart itself,
/// its test split (empty otherwise).
struct DataSource {
  std::string name;  ///< short, fit for a file name: "mnist"
  Dataset train;
  Dataset test;
};

/// The first images of a data set, `most` of them at most. Shares their memory.
torch::Tensor first_images(const Dataset& data, int64_t most);

/// The examples at `indices` (M, int64), in their order.
Dataset chosen_examples(const Dataset& data, const torch::Tensor& indices);

/// Positions of `most` examples at most among `count`, chosen with `rng`, rising; 0: of all of them.
torch::Tensor random_positions(int64_t count, int64_t most, const at::Generator& rng);

/// Images as the models take them: N x C x H x W float32; bytes are divided by 255. The input is not changed.
torch::Tensor to_unit_range(const torch::Tensor& images);

/// The same of the examples at `indices` (int64, on the images' device); in one pass on the CPU.
torch::Tensor select_unit_range(const torch::Tensor& images, const torch::Tensor& indices);

}  // namespace autoencoder
