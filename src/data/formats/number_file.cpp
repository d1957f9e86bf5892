#include "data/formats/number_file.h"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "common/text.h"
#include "data/formats/csv.h"
#include "data/formats/npy_source.h"
#include "data/formats/optdigits.h"

namespace autoencoder {
namespace {

const std::vector<std::pair<std::string, NumberFile>>& number_file_kinds() {
  static const std::vector<std::pair<std::string, NumberFile>> kKinds = {
      {".csv", NumberFile::kTable}, {".tsv", NumberFile::kTable},     {".txt", NumberFile::kTable},
      {".npy", NumberFile::kNpy},   {".tes", NumberFile::kOptdigits}, {".tra", NumberFile::kOptdigits}};
  return kKinds;
}

DataSource read_table(const std::filesystem::path& path, const CsvColumns& columns) {
  CsvTable table = read_csv(path, columns);
  const torch::Tensor vectors = table.values.view({table.values.size(0), 1, 1, table.values.size(1)});
  return {path.stem().string(),
          {.images = vectors,
           .labels = table.labels,
           .label_names = std::move(table.label_names),
           .responses = table.responses},
          {}};
}

}  // namespace

NumberFile number_file_kind(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  for (const auto& [name, kind] : number_file_kinds()) {
    if (name == ending) {
      return kind;
    }
  }
  return NumberFile::kNone;
}

std::string number_file_endings() {
  std::vector<std::string> endings;
  for (const auto& [name, kind] : number_file_kinds()) {
    endings.push_back(name);
  }
  return join(endings);
}

DataSource read_number_file(const std::filesystem::path& path, const CsvColumns& columns) {
  switch (number_file_kind(path)) {
    case NumberFile::kNpy:
      return read_npy_source(path);
    case NumberFile::kOptdigits:
      return read_optdigits_file(path);
    case NumberFile::kTable:
    case NumberFile::kNone:
      break;
  }
  return read_table(path, columns);
}

}  // namespace autoencoder
