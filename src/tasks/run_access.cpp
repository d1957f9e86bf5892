#include "tasks/run_access.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "common/archive.h"
#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "data/data_format.h"
#include "data/split_file.h"
#include "data/windows.h"
#include "run/checkpoint_index.h"
#include "tasks/train_plan.h"

namespace autoencoder {
namespace {

// The run's data, with what the command line says otherwise about it.
SourceOptions own_source_with(const OpenRun& run, const SourceOptions& given) {
  SourceOptions source = own_source(run);
  source.reading.update(given.changed());
  if (!given.data_dir.empty()) {
    source.data_dir = given.data_dir;
  }
  return source;
}

bool is_table(const SourceOptions& source) {
  const auto format = format_of(source.data);
  const auto names = format ? format->option_names() : std::vector<std::string>();
  return std::ranges::count(names, "schema") > 0;
}

// Columns have names where there is a schema, and places in arrays, so that one does not stand for the other.
// Runs of series of former versions have no schema, and find no column in other data.
bool has_series_column(const OpenRun& run, const SourceOptions& other) {
  const bool is_of_table = is_table(own_source(run));
  return is_table(other) == is_of_table && (!is_of_table || std::filesystem::exists(run.directory.schema()));
}

// Other data, of which pictures are made what the model takes, in the way of the run's own.
SourceOptions source_for(const OpenRun& run, SourceOptions given) {
  const ImageShape& shape = run.saved.model->input_shape();
  given.offer("image-size", fmt::format("{}x{}", shape.height, shape.width));
  const Json reading = own_source(run).reading;
  for (const char* option : {"fit", "missing", "window", "stride"}) {
    given.offer(option, reading.at(option));
  }
  if (has_series_column(run, given)) {
    given.offer("series-column", reading.at("series-column"));
  }
  return given;
}

SourceOptions merged_source(const OpenRun& run, const SourceOptions& given) {
  SourceOptions source = given.data.empty() ? own_source_with(run, given) : source_for(run, given);
  // Of windows the model itself knows no schema.
  if (!run.saved.schema.is_null() || std::filesystem::exists(run.directory.schema())) {
    source.offer("schema", run.directory.schema().string());
  }
  source.offer("image-channels", run.saved.model->input_shape().channels);
  return source;
}

// Windows as the model saw those that it learned from.
DataSource standardised_as_learned(const OpenRun& run, const DataSource& source) {
  if (!source.train.windows.defined()) {
    return source;
  }
  const std::filesystem::path path = run.directory.series();
  return whole_or_damaged(path, [&] {
    return standardised(source, SeriesScales::from_json(parse_json(read_file(path), path.string())));
  });
}

void check_shape(const DataSource& source, const OpenRun& run) {
  const ImageShape& expected = run.saved.model->input_shape();
  if (!(source.train.shape() == expected)) {
    throw Error(fmt::format("{} has {}s of {}, but the model of {} takes {}; give data of that shape",
                            source.name, source.train.shape().noun(), source.train.shape().text(),
                            run.directory.path().string(), expected.text()));
  }
}

// A model without columns computes with what it is given: a hole makes its codes holes.
void check_holes(const DataSource& source, const OpenRun& run) {
  const bool has_holes = source.suited.value("mask-input", false);
  if (has_holes && run.model().row_layout().empty()) {
    throw Error(fmt::format(
        "{} has holes (nan), but {} has learned from numbers without any; fill them first, or train on data "
        "with holes",
        source.name, run.directory.path().string()));
  }
}

// Programs go by the ending of a picture's name.
void check_picture_name(const std::string& wanted, const std::string& usual) {
  static const std::set<std::string> kOthers = {".jpg",  ".jpeg", ".bmp", ".gif", ".tif",
                                                ".tiff", ".webp", ".svg", ".pdf"};
  if (usual.ends_with(".png") && kOthers.contains(std::filesystem::path(wanted).extension().string())) {
    throw UsageError(fmt::format("--out is {}; what is drawn is a PNG, so let its name end in .png", wanted));
  }
}

}  // namespace

void RunRequest::visit(OptionVisitor& visitor) {
  visitor.group("Device");
  device.visit(visitor);
}

void RunDataRequest::visit(OptionVisitor& visitor) {
  source.visit(visitor);
  std::vector<std::string> splits = split_names();
  splits.insert(splits.begin(), "");
  visitor.option("split", split, "train, validation, test or all; the default is test",
                 one_of(std::move(splits)));
  RunRequest::visit(visitor);
}

std::filesystem::path OpenRun::output_path(const std::string& wanted, const std::string& name) const {
  check_picture_name(wanted, name);
  return wanted.empty() ? directory.path() / name : std::filesystem::path(wanted);
}

Corruption OpenRun::corruption(const std::string& wanted) const {
  return Corruption(wanted.empty() ? config.at("corruption").get<std::string>() : wanted)
      .of(model().row_layout(), model().scaling().factor);
}

OpenRun open_run_model(const std::string& path, const torch::Device& device) {
  const RunDirectory directory = open_run(path);
  return {directory, run_config(directory), load_best_model(directory, device)};
}

void PrecisionOptions::visit(OptionVisitor& visitor) {
  visitor.option(
      "double-precision", is_double,
      "compute in float64, on the CPU: what is made of an example is the same then whatever examples lie "
      "beside it");
}

std::unique_ptr<DoublePrecision> PrecisionOptions::applied_to(OpenRun& run) const {
  if (!is_double) {
    return nullptr;
  }
  run.saved = copy_of(run.saved);
  return std::make_unique<DoublePrecision>(run.model());
}

void InferencePrecision::visit(OptionVisitor& visitor) { visit_precision(visitor, precision); }

MixedPrecision InferencePrecision::of(const Autoencoder& model) const {
  MixedPrecision mixed(model, precision);
  mixed.take_weights();
  return mixed;
}

std::string InferencePrecision::note(const Autoencoder& model) const {
  return note_on(precision, model.parameters().front().device());
}

SourceOptions own_source(const OpenRun& run) {
  SourceOptions own;
  read_options(own, run.config);
  return own;
}

OpenRun open_requested(const RunRequest& request) {
  return open_run_model(request.run, use_device(request.device));
}

void check_positions(const std::string& option, const std::vector<int64_t>& positions, int64_t available,
                     const std::string& whole) {
  for (const int64_t position : positions) {
    if (position >= available) {
      throw Error(fmt::format("{} has {}; {} has {}, 0 to {}", option, position, whole,
                              with_thousands(available), available - 1));
    }
  }
}

DescribedData named_part(const std::string& part, const std::string& source, const Dataset& examples) {
  return {examples, fmt::format("{} of {}, {}", part == "all" ? "whole" : part + " split", source,
                                counted(examples.size(), examples.shape().noun()))};
}

RunSource::RunSource(const OpenRun& run, const SourceOptions& options)
    : options_(merged_source(run, options)), source_(open_source(options_)), is_own_(options.data.empty()) {
  check_shape(source_, run);
  check_holes(source_, run);
  if (is_own_) {
    split_ = read_split(run.directory.split());
    check_source(source_, split_);
  } else {
    split_ = split_source(source_, {.validation_fraction = 0, .test_fraction = 0, .limit = 0, .seed = 0});
  }
  source_ = standardised_as_learned(run, source_);
}

DescribedData RunSource::select(const std::string& split) const {
  if (!is_own_ && split == "validation") {
    throw Error(fmt::format(
        "{} is not the data of the run, so it has no validation split; use --split test, train or all",
        source_.name));
  }
  const bool has_test = is_own_ || !source_.test.empty();
  const std::string usual = has_test ? "test" : "all";
  const std::string part = split.empty() ? usual : split;
  DescribedData data = named_part(part, source_.name, select_split(source_, split_, part));
  data.notes = is_own_ ? std::vector<std::string>() : source_.notes;  // training has told those of its own
  return data;
}

DescribedData RunSource::watched() const {
  if (!is_own_) {
    return select("");
  }
  return select(split_.validation.size(0) > 0 ? "validation" : "train");
}

DescribedData open_run_data(const OpenRun& run, const RunDataRequest& request) {
  return RunSource(run, request.source).select(request.split);
}

OpenRunData open_with_data(const RunDataRequest& request) {
  const OpenRun run = open_requested(request);
  return {run, open_run_data(run, request)};
}

}  // namespace autoencoder
