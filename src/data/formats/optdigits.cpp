#include "data/formats/optdigits.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/formats/csv.h"
#include "data/formats/idx.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSide = 8;
constexpr float kWhite = 16;
constexpr int64_t kLargestDigit = 9;
constexpr const char* kRows = "rows are 64 whole numbers from 0 to 16 and a digit; get the file again";

fs::path training_file(const fs::path& folder) { return folder / "optdigits.tra"; }
fs::path test_file(const fs::path& folder) { return folder / "optdigits.tes"; }

void check_digits(const fs::path& path, const CsvTable& table) {
  if (table.values.size(1) != kSide * kSide || !table.column_names.empty()) {
    const char* header = table.column_names.empty() ? "" : " under a header";
    throw Error(
        fmt::format("{}: rows of {} numbers{}; {}", path.string(), table.values.size(1) + 1, header, kRows));
  }
  const torch::Tensor& pixels = table.values;
  const torch::Tensor good = (pixels >= 0) & (pixels <= kWhite) & (pixels == pixels.floor());
  const torch::Tensor bad = good.logical_not().nonzero();
  if (bad.size(0) > 0) {
    const auto row = bad[0][0].item<int64_t>();
    const auto column = bad[0][1].item<int64_t>();
    throw Error(fmt::format("{}: line {}, column {} is {:g}; {}", path.string(), row + 1, column + 1,
                            pixels[row][column].item<float>(), kRows));
  }
}

void check_labels_of_digits(const fs::path& path, const CsvTable& table) {
  if (!table.label_names.empty()) {
    throw Error(fmt::format("{}: labels such as '{}'; {}", path.string(), table.label_names.back(), kRows));
  }
  const torch::Tensor bad = ((table.labels < 0) | (table.labels > kLargestDigit)).nonzero();
  if (bad.size(0) > 0) {
    const auto row = bad[0][0].item<int64_t>();
    throw Error(fmt::format("{}: line {}: its label is {}; {}", path.string(), row + 1,
                            table.labels[row].item<int64_t>(), kRows));
  }
}

Dataset read_digits(const fs::path& path) {
  const CsvTable table = read_csv(path, {.label = "-1"});
  check_digits(path, table);
  check_labels_of_digits(path, table);
  return {table.values.div(kWhite).view({-1, 1, kSide, kSide}), table.labels, {}};
}

}  // namespace

DataSource read_optdigits_file(const fs::path& path) { return {path.stem().string(), read_digits(path), {}}; }

bool has_optdigits(const fs::path& folder) {
  std::error_code unreadable;
  return fs::is_regular_file(training_file(folder), unreadable) ||
         fs::is_regular_file(test_file(folder), unreadable);
}

DataSource read_optdigits_folder(const fs::path& folder) {
  const bool has_training = fs::is_regular_file(training_file(folder));
  const bool has_test = fs::is_regular_file(test_file(folder));
  if (has_training && has_test) {
    return {"digits", read_digits(training_file(folder)), read_digits(test_file(folder))};
  }
  return {"digits", read_digits(has_training ? training_file(folder) : test_file(folder)), {}};
}

namespace {

const DataFormatRegistration digits_file({.place = DataPlace::kFile,
                                          .name = "optdigits",
                                          .words = {".tes", ".tra"},
                                          .open = [](const SourceOptions& source) {
                                            return read_optdigits_file(source.data);
                                          }});

const DataFormatRegistration digits_folder(
    {.place = DataPlace::kFolder,
     .name = "optdigits",
     .words = {"a folder of optdigits.tra and optdigits.tes"},
     .claims = [](const std::string& data) { return has_optdigits(data); },
     .open = [](const SourceOptions& source) { return read_optdigits_folder(source.data); }});

}  // namespace

}  // namespace autoencoder
