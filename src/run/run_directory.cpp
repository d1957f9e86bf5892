#include "run/run_directory.h"

#include <algorithm>
#include <set>
#include <unistd.h>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunsFolder = "runs";
constexpr const char* kFormatKey = "format";
constexpr int64_t kFormat = 1;    // of config.json; one without it is older, and read as this one
constexpr size_t kMostNamed = 8;  // in a message

// The number N of a folder STEM-N; 0 where `name` is no such folder.
int64_t run_number(const std::string& name, const std::string& stem) {
  const std::string prefix = stem + "-";
  return name.starts_with(prefix) ? number_from<int64_t>(name.substr(prefix.size())).value_or(0) : 0;
}

std::string beside(const fs::path& path) {
  std::vector<std::string> names;
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  for (const RunDirectory& run : list_runs(parent)) {
    names.push_back(run.path().string());
  }
  if (names.empty()) {
    return "train one with 'autoencoder train'";
  }
  const std::string suggestion = did_you_mean(path.string(), names);
  const size_t named = std::min(names.size(), kMostNamed);
  const std::string others = named < names.size() ? fmt::format(" and {} more", names.size() - named) : "";
  names.resize(named);
  return "there are " + join(names) + others + suggestion;
}

void make_directories(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) {
    throw Error(fmt::format("{}: cannot make the run's folder: {}", path.string(), code.message()));
  }
}

// What this program leaves in a run's folder, at any time since its first version. Only that is ever removed.
bool is_own_name(const fs::path& inside) {
  static const std::set<std::string> kFiles = {"config.json",
                                               "environment.json",
                                               "metrics.csv",
                                               "log.txt",
                                               "report.html",
                                               "split.safetensors",
                                               "split.pt",
                                               "series.json",
                                               "schema.json",
                                               "columns.csv",
                                               "events.csv",
                                               "detector.safetensors",
                                               "detector.pt",
                                               "detection.json",
                                               "model.pt",
                                               "model.safetensors",
                                               "scores.csv",
                                               "reconstructions.png",
                                               "samples.png",
                                               "loss.png",
                                               "components.png",
                                               "atoms.png",
                                               "roc.png",
                                               "precision-recall.png",
                                               "anomalies.png",
                                               "selected_features.png",
                                               "selected_features.txt"};
  static const std::set<std::string> kCheckpoints = {".safetensors", ".json", ".pt"};
  const std::string folder = inside.parent_path().string();
  const std::string name = inside.filename().string();
  return (folder.empty() && kFiles.contains(name)) ||
         (folder == "checkpoints" && kCheckpoints.contains(inside.extension().string())) ||
         (folder == "tensorboard" && name.starts_with("events.out.tfevents."));
}

// Removes a run but for what others have put there. Whether all of it is gone.
bool remove_own_files(const fs::path& run) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(run)) {
    if (!entry.is_directory() && is_own_name(entry.path().lexically_relative(run))) {
      files.push_back(entry.path());
    }
  }
  for (const fs::path& file : files) {
    fs::remove(file);
  }
  for (const fs::path& folder : {run / "checkpoints", run / "tensorboard"}) {
    ::rmdir(folder.c_str());  // nothing where it is not empty, or a link
  }
  return ::rmdir(run.c_str()) == 0;
}

bool holds_temporaries_alone(const fs::path& folder) {
  const fs::directory_iterator entries(folder);
  return std::all_of(begin(entries), end(entries),
                     [](const auto& entry) { return is_temporary(entry.path()); });
}

// Whether a folder is as good as empty: a process killed before the run had its config leaves no more there
// than what has no name yet, and where its checkpoints would have been.
bool is_vacant(const fs::path& folder) {
  const fs::path checkpoints = RunDirectory(folder).checkpoints();
  const fs::directory_iterator entries(folder);
  return std::all_of(begin(entries), end(entries), [&](const auto& entry) {
    return is_temporary(entry.path()) || (entry.path() == checkpoints && !entry.is_symlink() &&
                                          entry.is_directory() && holds_temporaries_alone(checkpoints));
  });
}

// Moves a run under the first free name beside it, which is claimed before.
fs::path move_aside(const fs::path& run) {
  const FolderLock not_in_use(run);
  fs::path aside;
  for (int64_t number = 1; aside.empty(); ++number) {
    const fs::path candidate = run.string() + fmt::format(".old-{}", number);
    if (fs::create_directory(candidate)) {
      aside = candidate;
    }
  }
  fs::rename(run, aside);
  return aside;
}

// Locks the folder and begins the run with what makes it one.
ClaimedRun begin_run(const fs::path& path, const Json& config) {
  ClaimedRun claimed = {RunDirectory(path), FolderLock(path)};
  check_run_path(path, ExistingRun::kRefuse);  // now that nobody else can begin one
  make_directories(claimed.directory.checkpoints());
  write_config(claimed.directory, config);
  return claimed;
}

// Throws Error on the config of a version that this one cannot know.
void check_format(const Json& config, const fs::path& path) {
  const Json format = config.value(kFormatKey, Json(kFormat));
  if (!format.is_number_integer()) {
    throw Error(
        fmt::format("{}: its {} is {}; it must be a whole number", path.string(), kFormatKey, format.dump()));
  }
  if (format.get<int64_t>() > kFormat) {
    throw Error(fmt::format("{}: of format {}, written by a later version; this one reads format {}",
                            path.string(), format.get<int64_t>(), kFormat));
  }
}

// A run whose state is in LibTorch's archives, which are programs.
bool may_hold_code(const RunDirectory& run) {
  return fs::exists(run.path() / "split.pt") || fs::exists(run.checkpoints() / "last.pt");
}

}  // namespace

bool RunDirectory::is_run() const {
  std::error_code ignored;
  return fs::is_regular_file(config(), ignored);
}

RunDirectory find_run(const fs::path& path) {
  const RunDirectory run(tidied(path));
  if (!fs::exists(run.path())) {
    throw Error(fmt::format("{}: no such run; {}", path.string(), beside(run.path())));
  }
  if (!run.is_run()) {
    throw Error(
        fmt::format("{}: not a run, for it holds no config.json; {}", path.string(), beside(run.path())));
  }
  return run;
}

RunDirectory open_run(const fs::path& path) {
  RunDirectory run = find_run(path);
  if (may_hold_code(run)) {
    throw Error(
        fmt::format("{0}: of a version whose files can hold a program, so that opening one of a stranger is "
                    "not safe; if you "
                    "trust this run: autoencoder convert {0}",
                    path.string()));
  }
  return run;
}

void check_run_path(const fs::path& path, ExistingRun existing) {
  if (!fs::exists(path) || (fs::is_directory(path) && is_vacant(path))) {
    return;
  }
  if (!RunDirectory(path).is_run()) {
    throw Error(fmt::format("{}: is there already and is no run; choose another --out", path.string()));
  }
  if (existing == ExistingRun::kRefuse) {
    throw Error(fmt::format(
        "{0}: this run is there already; go on with --resume {0}, choose another --out, or overwrite it "
        "with --force",
        path.string()));
  }
}

ClaimedRun create_run(const fs::path& given, const Json& config, ExistingRun existing) {
  const fs::path path = fs::is_symlink(tidied(given)) ? fs::canonical(given) : tidied(given);
  check_run_path(path, existing);
  fs::path aside;
  if (RunDirectory(path).is_run()) {
    aside = move_aside(path);
  }
  try {
    make_directories(path);
    clear_dead_temporaries(path);
    ClaimedRun claimed = begin_run(path, config);
    if (!aside.empty() && !remove_own_files(aside)) {
      claimed.replaced = aside.string();
    }
    return claimed;
  } catch (...) {
    if (std::error_code ignored; !aside.empty()) {
      fs::remove(RunDirectory(path).checkpoints(), ignored);
      fs::rename(aside, path, ignored);  // nothing where somebody else's run lies there by now
    }
    throw;
  }
}

// Making the folder is what claims its number.
ClaimedRun create_next_run(const std::string& stem, const Json& config) {
  int64_t number = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(kRunsFolder, none)) {
    number = std::max(number, run_number(entry.path().filename().string(), stem));
  }
  make_directories(kRunsFolder);
  fs::path path;
  do {
    path = fs::path(kRunsFolder) / fmt::format("{}-{}", stem, ++number);
  } while (!fs::create_directory(path));
  return begin_run(path, config);
}

ClaimedRun claim_run(const fs::path& path) {
  const RunDirectory run = open_run(path);
  ClaimedRun claimed = {run, FolderLock(run.path())};
  clear_dead_temporaries(run.path());
  clear_dead_temporaries(run.checkpoints());
  return claimed;
}

Json read_config(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(fmt::format("{}: no such file", path.string()));
  }
  Json config;
  try {
    config = parse_json(read_file(path), path.string());
  } catch (const Json::exception&) {
    config = nullptr;
  }
  if (!config.is_object()) {
    throw Error(fmt::format(
        "{}: not a JSON object of options, such as {{\"model\": \"dense\", \"epochs\": 20}}", path.string()));
  }
  check_format(config, path);
  return config.erase(kFormatKey) > 0 ? kept_options(std::move(config)) : config;
}

void write_config(const RunDirectory& run, Json config) {
  config[kFormatKey] = kFormat;
  write_file(run.config(), json_text(config, 2) + "\n");
}

std::vector<RunDirectory> list_runs(const fs::path& folder) {
  std::vector<RunDirectory> runs;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (RunDirectory run(entry.path()); run.is_run()) {
      runs.push_back(run);
    }
  }
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return runs;
}

}  // namespace autoencoder
