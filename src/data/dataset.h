// A data set: examples, wherever they lie, and what is known of each. Everything that reads data makes one of
// these.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "common/image_shape.h"
#include "common/json.h"
#include "data/examples.h"
#include "data/series.h"
#include "data/table_schema.h"

namespace autoencoder {

/// Examples, and what is known of each: that is in memory.
struct Dataset {
  Examples images;                       ///< N, each C x H x W
  torch::Tensor labels;                  ///< N, int64; undefined where there are none
  std::vector<std::string> label_names;  ///< name of label i; empty where labels are plain numbers
  torch::Tensor responses = {};          ///< N, float32: what is to be predicted; undefined where nothing is
  std::vector<std::string> files = {};   ///< of each example, where each is a file of its own; else empty
  std::shared_ptr<const TableSchema> schema = {};  ///< of the rows of a table; null where they are none
  std::shared_ptr<const RowMarks> marks = {};      ///< of rows that are steps of series; null if unknown
  Examples masks = {};  ///< N, each 1 x H x W, uint8: 255 where it is defective, else 0; undefined if unknown
  Windows windows = {};  ///< where each lies in a series; undefined where examples are no windows

  bool empty() const { return size() == 0; }
  int64_t size() const { return images.size(); }
  ImageShape shape() const { return images.shape(); }
};

/// Examples, and what they are in words.
struct DescribedData {
  Dataset examples;
  std::string text;                     ///< "test split of mnist, 10,000 images"
  std::vector<std::string> notes = {};  ///< of other data than the run's own: what is to be told of it
};

/// What a name or a folder holds: the examples to learn from and, where the source sets some apart itself,
/// its test split (empty otherwise) and its validation split.
struct DataSource {
  std::string name;  ///< short, fit for a file name: "mnist"
  Dataset train;
  Dataset test;
  torch::Tensor validation = {};  ///< positions in `train`, int64: held out by the source; else undefined
  std::vector<std::string> notes = {};  ///< lines for people: what was passed over, what might be a mistake
  /// Options of training and of models that suit the data, by name: they count where nothing else is said.
  Json suited = Json::object();
};

/// The first images of a data set, `most` of them at most, as stored.
torch::Tensor first_images(const Dataset& data, int64_t most);

/// The examples at `indices` (M, int64, on the CPU), in their order: a view of them.
Dataset chosen_examples(const Dataset& data, const torch::Tensor& indices);

/// Positions of `most` examples at most among `count`, chosen with `rng`, rising; 0: of all of them.
torch::Tensor random_positions(int64_t count, int64_t most, const at::Generator& rng);

}  // namespace autoencoder
