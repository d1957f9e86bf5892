#include "data/source.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/windows.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

// Those of each format, and those that all formats of rows share.
std::vector<std::unique_ptr<Options>> reading_options() {
  std::vector<std::unique_ptr<Options>> all;
  for (const DataFormat& format : data_formats()) {
    if (format.make_options) {
      all.push_back(format.make_options());
    }
  }
  all.push_back(std::make_unique<WindowOptions>());
  return all;
}

bool reads(const DataFormat& format, const std::string& option) {
  return std::ranges::count(format.option_names(), option) > 0;
}

std::string all_words() {
  return fmt::format("a file of numbers ({}), {}, or one of {}", number_file_endings(),
                     join(words_at(DataPlace::kFolder, DataPlace::kPictures)), join(data_names()));
}

Error unknown_data(const std::string& data) {
  std::error_code no_name;
  if (!fs::exists(data, no_name)) {
    return Error(
        fmt::format("{}: no such data; give {}{}", data, all_words(), did_you_mean(data, data_names())));
  }
  const char* what = fs::is_directory(data) ? "a folder with nothing in it that can be learned from"
                                            : "a file whose ending does not say what it holds";
  return Error(fmt::format("{}: {}; give {}", data, what, all_words()));
}

// An option that nothing reads would be a wish that is silently not granted.
void check_options(const SourceOptions& options, const DataFormat& format) {
  const Json changed = options.changed();
  for (const auto& [name, value] : changed.items()) {
    if (reads(format, name)) {
      continue;
    }
    std::vector<std::string> readers;
    for (const DataFormat& other : data_formats()) {
      if (!other.holds_files && reads(other, name)) {
        readers.insert(readers.end(), other.words.begin(), other.words.end());
      }
    }
    throw Error(fmt::format("{} is {}, but that is for {}, not for {}; leave it out", name,
                            option_text(value), join(readers), options.data));
  }
}

}  // namespace

void SourceOptions::visit(OptionVisitor& visitor) {
  visitor.group("Data");
  visitor.option("data", data, all_words());
  visitor.option("data-dir", data_dir, "folder of mnist, fashion-mnist or digits, or the one above it");
  for (const auto& options : reading_options()) {
    read_options(*options, reading);
    options->visit(visitor);
    reading.update(to_json(*options));
  }
}

Json SourceOptions::changed() const {
  Json values = Json::object();
  for (const auto& options : reading_options()) {
    for (const OptionSpec& spec : describe(*options)) {
      if (reading.contains(spec.name) && reading.at(spec.name) != spec.value) {
        values[spec.name] = reading.at(spec.name);
      }
    }
  }
  return values;
}

void SourceOptions::offer(const std::string& option, const Json& value) {
  const auto format = format_of(data);
  if (format && reads(*format, option) && !changed().contains(option)) {
    reading[option] = value;
  }
}

DataSource open_source(const SourceOptions& options) {
  const auto format = format_of(options.data);
  if (format) {
    check_options(options, *format);
  }
  std::error_code no_name;
  if (!format || (format->place == DataPlace::kFile && !fs::exists(options.data, no_name))) {
    throw unknown_data(options.data);
  }
  DataSource source = format->open(options);
  const auto windows = options.own<WindowOptions>();
  const bool are_rows = format->has_rows && !source.train.windows.defined();
  return are_rows && windows.window > 0 ? windowed(source.name, {source}, windows) : source;
}

SourceOptions located(const SourceOptions& options) {
  if (const auto format = format_of(options.data); format && format->locate) {
    return format->locate(options);
  }
  SourceOptions found = options;
  found.data = fs::absolute(options.data).lexically_normal().string();
  return found;
}

}  // namespace autoencoder
