#include "commands/run_access.h"

#include <filesystem>

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

// The run's data, with what the command line says otherwise about where it lies. Other data has labels,
// points and noise of its own.
SourceOptions merged_source(const OpenRun& run, const SourceOptions& given) {
  SourceOptions own;
  read_options(own, run.config);
  SourceOptions source = given.data.empty() ? own : given;
  if (given.data.empty()) {
    source.data_dir = given.data_dir.empty() ? own.data_dir : given.data_dir;
    source.label_column = given.label_column.empty() ? own.label_column : given.label_column;
    source.points = given.points > 0 ? given.points : own.points;
    source.noise = given.noise >= 0 ? given.noise : own.noise;
    source.data_seed = given.data_seed > 0 ? given.data_seed : own.data_seed;
  }
  source.image_size = given.image_size > 0 ? given.image_size : own.image_size;
  source.image_channels = run.saved.model->input_shape().channels;
  return source;
}

// Pictures from elsewhere are scaled to what a square model takes.
void fit_to_model(SourceOptions& source, const ImageShape& shape) {
  if (source.image_size == 0 && shape.height == shape.width) {
    source.image_size = shape.height;
  }
}

void check_shape(const DataSource& source, const OpenRun& run) {
  const ImageShape& expected = run.saved.model->input_shape();
  if (!(source.train.shape() == expected)) {
    throw Error(fmt::format("{} has {} of {}, but the model of {} takes {}; give data of that shape",
                            source.name, source.train.shape().noun(), source.train.shape().text(),
                            run.directory.path().string(), expected.text()));
  }
}

Dataset select_other_data(const DataSource& source, const std::string& split) {
  if (split.empty()) {
    return source.test.empty() ? source.train : source.test;
  }
  if (split == "validation") {
    throw Error(fmt::format(
        "{} is not the data of the run, so it has no validation split; use --split test, train or all",
        source.name));
  }
  const Split whole =
      split_source(source, {.validation_fraction = 0, .test_fraction = 0, .limit = 0, .seed = 0});
  return select_split(source, whole, split);
}

}  // namespace

void RunDataOptions::visit(OptionVisitor& visitor) {
  source.visit(visitor);
  std::vector<std::string> splits = split_names();
  splits.insert(splits.begin(), "");
  visitor.option("split", split, "train, validation, test or all; the default is test",
                 one_of(std::move(splits)));
  visitor.group("Device");
  device.visit(visitor);
}

Corruption OpenRun::corruption(const std::string& wanted) const {
  return Corruption(wanted.empty() ? config.at("corruption").get<std::string>() : wanted);
}

OpenRun open_run_model(const std::string& path, const torch::Device& device) {
  const RunDirectory directory = open_run(path);
  const bool has_best = std::filesystem::exists(directory.best_checkpoint());
  const auto checkpoint = has_best ? directory.best_checkpoint() : directory.last_checkpoint();
  if (!std::filesystem::exists(checkpoint)) {
    throw Error(fmt::format("{}: no checkpoint yet; train it first", path));
  }
  return {directory, read_config(directory.config()), load_model(checkpoint, device)};
}

RunData open_run_data(const OpenRun& run, const RunDataOptions& options) {
  SourceOptions merged = merged_source(run, options.source);
  const bool own_data = options.source.data.empty();
  if (!own_data) {
    fit_to_model(merged, run.saved.model->input_shape());
  }
  const DataSource source = open_source(merged);
  check_shape(source, run);
  const std::string split = own_data && options.split.empty() ? "test" : options.split;
  RunData data;
  data.examples = own_data ? select_split(source, read_split(run.directory.split()), split)
                           : select_other_data(source, split);
  const std::string part = split.empty() ? (source.test.empty() ? "all" : "test") : split;
  data.text = fmt::format("{} of {}, {} {}", part == "all" ? "whole" : part + " split", source.name,
                          with_thousands(data.examples.size()), data.examples.shape().noun());
  return data;
}

Dataset open_training_data(const OpenRun& run, const SourceOptions& given) {
  const DataSource source = open_source(merged_source(run, given));
  check_shape(source, run);
  return select_split(source, read_split(run.directory.split()), "train");
}

}  // namespace autoencoder
