#include "run/run_directory.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunsFolder = "runs";
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

}  // namespace

bool RunDirectory::is_run() const { return fs::is_regular_file(config()); }

RunDirectory open_run(const fs::path& path) {
  const fs::path without_slash = path.has_filename() ? path : path.parent_path();
  RunDirectory run(without_slash);
  if (!fs::exists(path)) {
    throw Error(fmt::format("{}: no such run; {}", path.string(), beside(without_slash)));
  }
  if (!run.is_run()) {
    throw Error(
        fmt::format("{}: not a run, for it holds no config.json; {}", path.string(), beside(without_slash)));
  }
  return run;
}

fs::path next_run_path(const std::string& stem) {
  int64_t highest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(kRunsFolder, none)) {
    highest = std::max(highest, run_number(entry.path().filename().string(), stem));
  }
  return fs::path(kRunsFolder) / fmt::format("{}-{}", stem, highest + 1);
}

void check_run_path(const fs::path& path, ExistingRun existing) {
  if (!fs::exists(path) || (fs::is_directory(path) && fs::is_empty(path))) {
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

RunDirectory create_run(const fs::path& path, const Json& config, ExistingRun existing) {
  check_run_path(path, existing);
  RunDirectory run(path);
  const fs::path old = path.string() + ".old";
  if (run.is_run()) {
    fs::remove_all(old);
    fs::rename(path, old);
  }
  try {
    make_directories(path);
    write_config(run, config);  // first, for it is what makes the folder a run, which --force may replace
    make_directories(run.last_checkpoint().parent_path());
  } catch (...) {
    if (fs::exists(old)) {
      fs::remove_all(path);
      fs::rename(old, path);
    }
    throw;
  }
  fs::remove_all(old);
  return run;
}

Json read_config(const fs::path& path) {
  if (!fs::exists(path)) {
    throw Error(fmt::format("{}: no such file", path.string()));
  }
  const std::string text = read_file(path);
  try {
    if (Json config = parse_json(text, path.string()); config.is_object()) {
      return config;
    }
  } catch (const Json::exception&) {  // no JSON at all: told below
  }
  throw Error(fmt::format(
      "{}: not a JSON object of options, such as {{\"model\": \"dense\", \"epochs\": 20}}", path.string()));
}

void write_config(const RunDirectory& run, const Json& config) {
  write_file(run.config(), config.dump(2) + "\n");
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
