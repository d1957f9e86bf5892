#include "tasks/data_options.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "data/formats/generated.h"
#include "data/formats/idx.h"
#include "data/formats/number_file.h"
#include "data/formats/optdigits.h"
#include "data/named_data.h"
#include "pictures/picture_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> source_names() {
  std::vector<std::string> names = named_data();
  names.insert(names.end(), generated_names().begin(), generated_names().end());
  return names;
}

bool is_table(const SourceOptions& options) {
  return !is_named_data(options.data) && number_file_kind(options.data) == NumberFile::kTable;
}

// An option that nothing reads would be a wish that is silently not granted.
void check_options(const SourceOptions& options) {
  for (const auto& [name, column] :
       {std::pair("label-column", options.label_column), {"target", options.target}}) {
    if (!column.empty() && !is_table(options)) {
      throw Error(fmt::format("{} is {}, but {} has no columns to choose from; it is for .csv, .tsv and .txt",
                              name, column, options.data));
    }
  }
  const GeneratedOptions usual;
  const bool is_changed =
      options.points != usual.points || options.noise != usual.noise || options.data_seed != 0;
  if (is_changed && !is_generated(options.data)) {
    throw Error(fmt::format("points, noise and data-seed are for {}, not for {}; leave them out",
                            join(generated_names()), options.data));
  }
}

DataSource open_folder(const SourceOptions& options) {
  const fs::path folder = options.data;
  if (has_idx_files(folder)) {
    DataSource source = read_idx_folder(folder);
    name_labels(source);
    return source;
  }
  if (has_optdigits(folder)) {
    return read_optdigits_folder(folder);
  }
  if (!has_pictures(folder)) {
    throw Error(fmt::format(
        "{}: holds neither IDX files (train-images-idx3-ubyte, plain or .gz), nor optdigits.tra or "
        "optdigits.tes, nor pictures",
        options.data));
  }
  if (options.image_channels == 2) {
    throw Error("image-channels is 2; it must be 1 (grey), 3 (RGB) or 0 (as the first picture is)");
  }
  return read_picture_folder(folder, {options.image_size, options.image_channels});
}

DataSource open_path(const SourceOptions& options) {
  if (!fs::exists(options.data)) {
    throw Error(fmt::format(
        "{}: no such data; give a file of numbers ({}), a folder of IDX files or pictures, or one "
        "of {}{}",
        options.data, number_file_endings(), join(source_names()),
        did_you_mean(options.data, source_names())));
  }
  if (fs::is_directory(options.data)) {
    return open_folder(options);
  }
  if (number_file_kind(options.data) == NumberFile::kNone) {
    throw Error(fmt::format(
        "{}: not a folder, nor a file of numbers by its ending; give {}, or the folder that holds "
        "the IDX files or pictures",
        options.data, number_file_endings()));
  }
  return read_number_file(options.data, {.label = options.label_column, .target = options.target});
}

}  // namespace

void SourceOptions::visit(OptionVisitor& visitor) {
  visitor.group("Data");
  visitor.option("data", data,
                 fmt::format("{}, a file of numbers ({}), or a folder of IDX files or of pictures",
                             join(source_names()), number_file_endings()));
  visitor.option("data-dir", data_dir, "folder of mnist, fashion-mnist or digits, or the one above it");
  visitor.option("image-size", image_size, "height and width to scale pictures to; 0: as they are",
                 between(0, 32'000));
  visitor.option("image-channels", image_channels, "1 (grey) or 3 (RGB) for pictures; 0: as the first is",
                 between(0, 3));
  visitor.option("label-column", label_column,
                 "column of labels in a table: its name, or its position from 0, or from -1 backwards");
  visitor.option(
      "target", target,
      "column of a table that is to be predicted (see regress), named likewise: the model does not see it");
  visitor.option("points", points, "number of generated points; 0: the usual number", between(0, 1e8));
  visitor.option("noise", noise, "standard deviation of generated points; -1: the usual one",
                 between(-1, 100));
  visitor.option("data-seed", data_seed, "draws generated points", at_least(0));
}

void TrainingDataOptions::visit(OptionVisitor& visitor) {
  source.visit(visitor);
  visitor.option("validation-fraction", validation_fraction, "share of the training data held out; 0: none",
                 fraction());
  visitor.option("test-fraction", test_fraction, "share set apart for tests where the data has no test split",
                 fraction());
  visitor.option("limit", limit, "use only so many training examples, chosen at random; 0: all",
                 between(0, kMostExamples));
  visitor.option("only-labels", only_labels,
                 "learn from examples of these labels alone, with commas between; the test split keeps all");
  visitor.choice("scale", scale, "what the model takes off its input and puts back on its output",
                 scaling_kinds());
}

DataSource open_source(const SourceOptions& options) {
  check_options(options);
  if (is_generated(options.data)) {
    return generate_points(options.data,
                           {options.points, options.noise, static_cast<uint64_t>(options.data_seed)});
  }
  if (is_named_data(options.data)) {
    return read_named_data(options.data, options.data_dir);
  }
  return open_path(options);
}

SourceOptions located(const SourceOptions& options) {
  SourceOptions found = options;
  if (is_generated(options.data)) {
    return found;
  }
  if (!is_named_data(options.data)) {
    found.data = fs::absolute(options.data).lexically_normal().string();
    return found;
  }
  if (const auto folder = find_named_data(options.data, options.data_dir)) {
    found.data_dir = fs::absolute(*folder).lexically_normal().string();
  }
  return found;
}

}  // namespace autoencoder
