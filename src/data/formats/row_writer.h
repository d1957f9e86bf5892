// Rows of numbers to a file, batch by batch: codes, and what else a command makes of each example.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace autoencoder {

/// What the rows of a file will be.
struct RowFormat {
  int64_t rows = 0;
  std::vector<std::string> columns;  ///< names of the D numbers of a row
  bool has_labels = false;
  std::vector<std::string> label_names;  ///< of label i; empty where labels are plain numbers
};

/// A file of N rows of D numbers, which gets its name when it is complete.
class RowWriter {
 public:
  RowWriter() = default;
  virtual ~RowWriter() = default;
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  /// The next rows. values: M x D float32; labels: M int64, undefined where there are none.
  virtual void append(const torch::Tensor& values, const torch::Tensor& labels) = 0;
  virtual void commit() = 0;
};

/// Writes to X.npy (N x D float32; labels to X.labels.npy beside it, where --data finds them) or to X.csv
/// (a header; labels in the last column, "label"). Throws Error on another ending, and where the disk
/// refuses.
std::unique_ptr<RowWriter> make_row_writer(const std::filesystem::path& path, const RowFormat& format);

/// All rows at once: values N x D, labels N or undefined, as the format says.
void write_rows(const std::filesystem::path& path, const RowFormat& format, const torch::Tensor& values,
                const torch::Tensor& labels = {});

/// "code_0", "code_1" ...: so many columns that have no names of their own.
std::vector<std::string> numbered_columns(const std::string& stem, int64_t count);

/// The rows of a .npy or .csv file that a RowWriter wrote, N x D float32, without the labels. Throws Error as
/// read_npy_source and read_csv do, and where .npy holds no matrix.
torch::Tensor read_rows(const std::filesystem::path& path);

}  // namespace autoencoder
