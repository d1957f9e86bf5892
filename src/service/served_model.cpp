#include "service/served_model.h"

#include <sys/stat.h>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/archive.h"
#include "common/error.h"
#include "common/files.h"
#include "evaluation/examples_at_once.h"
#include "models/registry.h"
#include "models/summary.h"
#include "pictures/pictures.h"
#include "run/checkpoint_index.h"
#include "tasks/environment.h"

namespace autoencoder::service {
namespace {

namespace fs = std::filesystem;

ExampleKind kind_of(const OpenRun& run) {
  if (!run.saved.schema.is_null() && !run.model().row_layout().empty()) {
    return ExampleKind::kRow;
  }
  if (fs::exists(run.directory.series())) {
    return ExampleKind::kWindow;
  }
  return run.model().input_shape().is_image() ? ExampleKind::kPicture : ExampleKind::kVector;
}

// Which file that is, and when it was last written: nothing where there is none.
std::string stamp_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return "";
  }
  return fmt::format("{}-{}-{}.{:09}", found.st_ino, found.st_size, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
}

// The usual score that needs no normal examples to compare with.
std::string score_without_detector(const ServedModel& served) {
  if (served.kind == ExampleKind::kRow || served.kind == ExampleKind::kWindow) {
    return "error";
  }
  return are_detailed(served.shape()) ? "map" : "relative-error";
}

Scoring scoring_of(const ServedModel& served) {
  const fs::path path = served.run.directory.detector();
  if (fs::exists(path)) {
    return {read_detector(path), true};
  }
  return {{.score = score_without_detector(served),
           .threshold = 0,
           .normality = {},
           .map = usual_map(served.shape())},
          false};
}

void compute_once(const ServedModel& served) {
  const torch::NoGradGuard no_grad;
  const auto& [channels, height, width] = served.shape();
  const torch::Tensor input = torch::full({1, channels, height, width}, 0.5, served.device());
  served.model().forward(input);
}

// Where files lie on this machine is not for those who ask.
std::string data_name(const std::string& data) { return tidied(data).filename().string(); }

Json columns_of(const TableSchema& schema) {
  Json columns = Json::array();
  for (const TableColumn& column : schema.columns) {
    Json json = {{"name", column.name}, {"kind", name_of(column_kinds(), column.kind)}};
    if (!column.words.empty()) {
      json["words"] = column.words;
    } else {
      json["mean"] = column.mean;
      json["spread"] = column.spread;
    }
    columns.push_back(std::move(json));
  }
  return columns;
}

}  // namespace

Choices<ExampleKind> example_kinds() {
  return {{"picture", ExampleKind::kPicture},
          {"vector", ExampleKind::kVector},
          {"row", ExampleKind::kRow},
          {"window", ExampleKind::kWindow}};
}

bool ServedModel::has_pictures() const {
  return kind == ExampleKind::kPicture && pictures_available() &&
         (shape().channels == 1 || shape().channels == 3);
}

std::string version_of(const fs::path& path) {
  const RunDirectory run(path);
  if (!run.is_run()) {
    return "";
  }
  fs::path checkpoint;
  try {
    checkpoint = best_checkpoint(run);
  } catch (const Error&) {  // none yet
  }
  return fmt::format("{} {} {} {}", stamp_of(run.config()), stamp_of(run.detector()),
                     checkpoint.filename().string(), stamp_of(checkpoint));
}

std::shared_ptr<const ServedModel> load_served(const fs::path& path, const torch::Device& device) {
  const std::string version = version_of(path);  // before it is read: what changes meanwhile is read again
  auto served = std::make_shared<ServedModel>(ServedModel{.name = "",
                                                          .run = open_run_model(path.string(), device),
                                                          .version = version,
                                                          .loaded = present_time()});
  served->name = tidied(fs::absolute(path)).filename().string();
  served->kind = kind_of(served->run);
  const SourceOptions source = own_source(served->run);
  if (served->kind == ExampleKind::kRow) {
    served->schema = std::make_shared<const TableSchema>(schema_from_json(served->run.saved.schema));
    served->missing = split_words(source.reading.value("missing", ""));
  }
  if (served->kind == ExampleKind::kWindow) {
    const fs::path series = served->run.directory.series();
    served->scales = whole_or_damaged(
        series, [&] { return SeriesScales::from_json(parse_json(read_file(series), series.string())); });
  }
  served->fit = choice_named(picture_fits(), source.reading.value("fit", "stretch"));
  served->scoring = scoring_of(*served);
  compute_once(*served);
  return served;
}

Json description_of(const ServedModel& served) {
  const auto& [channels, height, width] = served.shape();
  const Json& options = served.run.saved.options;
  const ModelEntry entry = find_model(options.at("model"));
  Json json = {{"name", served.name},
               {"model", entry.name},
               {"family", entry.family},
               {"backbone", options.at("backbone")},
               {"kind", name_of(example_kinds(), served.kind)},
               {"input_shape", {channels, height, width}},
               {"latent_dim", served.model().latent_dim()},
               {"parameters", parameter_count(served.model())},
               {"data", data_name(served.run.config.at("data"))},
               {"corruption", served.run.config.value("corruption", "none")},
               {"loaded", served.loaded},
               {"score", {{"name", served.scoring.detector.score}}}};
  if (served.scoring.has_threshold) {
    json["score"]["threshold"] = served.scoring.detector.threshold;
  }
  if (served.schema) {
    json["columns"] = columns_of(*served.schema);
  }
  return json;
}

}  // namespace autoencoder::service
