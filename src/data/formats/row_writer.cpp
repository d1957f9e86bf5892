#include "data/formats/row_writer.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"
#include "data/formats/csv.h"
#include "data/formats/npy.h"
#include "data/formats/npy_source.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLabelColumn = "label";

class NpyRows : public RowWriter {
 public:
  NpyRows(const fs::path& path, const RowFormat& format)
      : values_(path, {format.rows, static_cast<int64_t>(format.columns.size())}, torch::kFloat32) {
    if (format.has_labels) {
      labels_.emplace(npy_labels_path(path), std::vector<int64_t>{format.rows}, torch::kInt64);
    }
  }

  void append(const torch::Tensor& values, const torch::Tensor& labels) override {
    values_.append(values);
    if (labels_) {
      labels_->append(labels);
    }
  }

  void commit() override {
    values_.commit();
    if (labels_) {
      labels_->commit();
    }
  }

 private:
  NpyWriter values_;
  std::optional<NpyWriter> labels_;
};

class CsvRows : public RowWriter {
 public:
  CsvRows(const fs::path& path, const RowFormat& format) : file_(path), names_(format.label_names) {
    std::vector<std::string> header = format.columns;
    if (format.has_labels) {
      header.emplace_back(kLabelColumn);
    }
    file_.append(fmt::format("{}\n", fmt::join(header, ",")));
  }

  void append(const torch::Tensor& values, const torch::Tensor& labels) override {
    const torch::Tensor rows = values.cpu().contiguous();
    const int64_t columns = rows.size(1);
    const float* numbers = rows.const_data_ptr<float>();
    fmt::memory_buffer text;
    for (int64_t row = 0; row < rows.size(0); ++row, numbers += columns) {
      fmt::format_to(std::back_inserter(text), "{}", fmt::join(numbers, numbers + columns, ","));
      if (labels.defined()) {
        fmt::format_to(std::back_inserter(text), ",{}", label_text(labels[row].item<int64_t>()));
      }
      text.push_back('\n');
    }
    file_.append({text.data(), text.size()});
  }

  void commit() override { file_.commit(); }

 private:
  std::string label_text(int64_t label) const {
    const bool is_named = label >= 0 && label < static_cast<int64_t>(names_.size());
    return is_named ? csv_cell(names_[static_cast<size_t>(label)]) : std::to_string(label);
  }

  NewFile file_;
  std::vector<std::string> names_;
};

bool has_label_column(const fs::path& path) {
  std::ifstream file = open_file(path);
  std::string header;
  std::getline(file, header);
  return header.ends_with(fmt::format(",{}", kLabelColumn)) ||
         header.ends_with(fmt::format(",{}\r", kLabelColumn));
}

}  // namespace

std::unique_ptr<RowWriter> make_row_writer(const fs::path& path, const RowFormat& format) {
  if (path.extension() == ".npy") {
    return std::make_unique<NpyRows>(path, format);
  }
  if (path.extension() == ".csv") {
    return std::make_unique<CsvRows>(path, format);
  }
  throw Error(
      fmt::format("{}: rows of numbers are written to a file that ends in .npy or .csv", path.string()));
}

void write_rows(const fs::path& path, const RowFormat& format, const torch::Tensor& values,
                const torch::Tensor& labels) {
  const auto writer = make_row_writer(path, format);
  writer->append(values, labels);
  writer->commit();
}

std::vector<std::string> numbered_columns(const std::string& stem, int64_t count) {
  std::vector<std::string> columns;
  columns.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    columns.push_back(fmt::format("{}_{}", stem, i));
  }
  return columns;
}

torch::Tensor read_rows(const fs::path& path) {
  if (path.extension() != ".npy") {
    return read_csv(path, {.label = has_label_column(path) ? kLabelColumn : ""}).values;
  }
  const DataSource source = read_npy_source(path);
  if (!source.train.shape().is_vector()) {
    throw Error(
        fmt::format("{}: pictures, where rows of numbers are needed; save an N x D array", path.string()));
  }
  if (!source.suited.empty()) {
    throw Error(fmt::format("{}: has nan, where every number must be finite; replace it", path.string()));
  }
  return source.train.images.all().flatten(1);
}

}  // namespace autoencoder
