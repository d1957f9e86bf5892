#include "data/data_format.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "common/text.h"
#include "data/windows.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

bool comes_first(const DataFormat& a, const DataFormat& b) {
  return std::pair(a.place, a.name) < std::pair(b.place, b.name);
}

// Sorted from the first registration on: those of other files may still follow.
std::vector<DataFormat>& registered() {
  static std::vector<DataFormat> all;
  return all;
}

// An ending may have two parts: ".csv.gz".
bool has_ending_of(const DataFormat& format, const std::string& file) {
  const std::string name = lower_case(fs::path(file).filename().string());
  return std::ranges::any_of(format.words, [&](const std::string& word) {
    return name.size() > word.size() && name.ends_with(word);
  });
}

// Folders are none, nor are lists of files: @FILE.
bool may_be_a_file(const std::string& data) {
  std::error_code unknown;
  return !data.starts_with('@') && !fs::is_directory(data, unknown);
}

bool is_claimed_by(const DataFormat& format, const std::string& data) {
  if (format.claims) {
    return format.claims(data);
  }
  if (format.place == DataPlace::kFile) {
    return may_be_a_file(data) && has_ending_of(format, data);
  }
  return std::ranges::find(format.words, data) != format.words.end();
}

}  // namespace

std::vector<std::string> DataFormat::option_names() const {
  std::vector<OptionSpec> specs = make_options ? describe(*make_options()) : std::vector<OptionSpec>();
  if (has_rows) {
    std::ranges::copy(specs_of<WindowOptions>(), std::back_inserter(specs));
  }
  std::vector<std::string> names;
  std::ranges::transform(specs, std::back_inserter(names), &OptionSpec::name);
  if (holds_files) {
    for (const DataFormat& format : data_formats()) {
      if (format.place == DataPlace::kFile && format.has_rows) {
        std::ranges::copy(format.option_names(), std::back_inserter(names));
      }
    }
  }
  return names;
}

DataFormatRegistration::DataFormatRegistration(DataFormat format) {
  std::vector<DataFormat>& all = registered();
  all.insert(std::ranges::upper_bound(all, format, comes_first), std::move(format));
}

const std::vector<DataFormat>& data_formats() { return registered(); }

std::optional<DataFormat> format_of(const std::string& data) {
  const auto found = std::ranges::find_if(
      data_formats(), [&](const DataFormat& format) { return is_claimed_by(format, data); });
  return found == data_formats().end() ? std::nullopt : std::optional(*found);
}

std::vector<std::string> words_at(DataPlace first, DataPlace last) {
  std::vector<std::string> words;
  for (const DataFormat& format : data_formats()) {
    if (format.place >= first && format.place <= last) {
      words.insert(words.end(), format.words.begin(), format.words.end());
    }
  }
  return words;
}

std::vector<std::string> data_names() { return words_at(DataPlace::kNamed, DataPlace::kGenerated); }

std::string number_file_endings() { return join(words_at(DataPlace::kFile, DataPlace::kFile)); }

}  // namespace autoencoder
