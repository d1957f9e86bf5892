// The kinds of data that --data may name. Each registers itself in a file of its own, with the options that
// it alone reads; this is the only list of them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/source.h"

namespace autoencoder {

/// What --data says for it, in the order in which formats are asked and told of.
enum class DataPlace {
  kNamed,      ///< the name of a set that lies in a folder: "mnist"
  kGenerated,  ///< the name of what is drawn at random: "circle"
  kFile,       ///< a file of numbers, known by its ending
  kFolder,     ///< a folder with files of known names
  kPictures,   ///< anything else with pictures in it
};

struct DataFormat {
  DataPlace place = DataPlace::kFile;
  std::string name;  ///< decides the order among those of one place
  /// Names, endings of files (".csv"), or what is given for the others: "a folder of IDX files".
  std::vector<std::string> words;
  /// Whether what --data says is its own; nothing where that is told by its words.
  std::function<bool(const std::string& data)> claims = nullptr;
  /// The options that it reads, with their defaults; nothing where it reads none.
  std::function<std::unique_ptr<Options>()> make_options = nullptr;
  std::function<DataSource(const SourceOptions&)> open;
  /// The same data from any folder; nothing where that takes an absolute path.
  std::function<SourceOptions(const SourceOptions&)> locate = nullptr;
  /// Whether its examples are rows that may be steps of series: it then reads WindowOptions, too, and rows
  /// are cut into windows where they say so (data/windows.h).
  bool has_rows = false;
  /// Whether it is a folder of files of rows, and reads what any of them reads.
  bool holds_files = false;

  /// Of all options that it reads.
  std::vector<std::string> option_names() const;
};

/// Registers a format: one static object in the file of each.
struct DataFormatRegistration {
  explicit DataFormatRegistration(DataFormat format);
};

/// All of them, in the order in which they are asked.
const std::vector<DataFormat>& data_formats();

/// The one that claims what --data says; nothing where none does. Whether a file is there is not asked.
std::optional<DataFormat> format_of(const std::string& data);

/// The words of the formats from one place to another, in their order.
std::vector<std::string> words_at(DataPlace first, DataPlace last);

/// The names of data sets, named and generated.
std::vector<std::string> data_names();

/// The endings of files of numbers: ".csv, .tsv, .txt, .npy ...".
std::string number_file_endings();

/// make_options of a struct of options.
template <typename FormatOptions>
std::unique_ptr<Options> new_options() {
  return std::make_unique<FormatOptions>();
}

}  // namespace autoencoder
