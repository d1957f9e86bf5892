// The folder that a run leaves behind: where each thing lies in it, how it is made and found again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/folder_lock.h"
#include "common/options.h"

namespace autoencoder {

/// Paths inside one run's folder. Does not touch the disk.
class RunDirectory {
 public:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::string name() const { return path_.filename().string(); }
  std::filesystem::path config() const { return path_ / "config.json"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  std::filesystem::path environment() const { return path_ / "environment.json"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path schema() const { return path_ / "schema.json"; }
  std::filesystem::path split() const { return path_ / "split.safetensors"; }
  std::filesystem::path series() const { return path_ / "series.json"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path detector() const { return path_ / "detector.safetensors"; }
  std::filesystem::path detection() const { return path_ / "detection.json"; }
  std::filesystem::path tensorboard() const { return path_ / "tensorboard"; }
  std::filesystem::path exported_model() const { return path_ / "model.pt"; }
  std::filesystem::path exported_weights() const { return path_ / "model.safetensors"; }
  std::filesystem::path picture(const std::string& name) const { return path_ / (name + ".png"); }

  /// Whether the folder is a run: it holds a config.json.
  bool is_run() const;

 private:
  std::filesystem::path path_;
};

/// Throws Error, naming the runs beside it, where `path` is no run, and where it is one of a version whose
/// state could hold code.
RunDirectory open_run(const std::filesystem::path& path);

/// The same, but of any version.
RunDirectory find_run(const std::filesystem::path& path);

enum class ExistingRun { kRefuse, kReplace };

/// Throws Error where a new run at `path` would overwrite something it must not: an existing run unless
/// `existing` is kReplace, any other folder with something in it, a file. Changes nothing on the disk.
void check_run_path(const std::filesystem::path& path, ExistingRun existing);

/// A run in the hands of this process: another one that wants to train it is refused.
struct ClaimedRun {
  RunDirectory directory;
  FolderLock lock;
  std::string replaced = "";  ///< where what else was in a replaced run lies now; empty where nothing does
};

/// Makes the folder of a new run with its config. An existing run (see check_run_path) is moved aside, under
/// a name that was free; once the new one stands, what this program wrote there is removed, and nothing else.
/// Throws Error as check_run_path, where another process has the folder, and where it cannot be written.
ClaimedRun create_run(const std::filesystem::path& path, const Json& config, ExistingRun existing);

/// The same at runs/STEM-1, or with the first number above those taken.
ClaimedRun create_next_run(const std::string& stem, const Json& config);

/// An existing run. Throws Error as open_run, and where another process has it.
ClaimedRun claim_run(const std::filesystem::path& path);

/// The config of a run, or any file of options: a JSON object. Throws Error where it is none, and where it is
/// of a later version of this program.
Json read_config(const std::filesystem::path& path);
void write_config(const RunDirectory& run, Json config);

/// The runs directly in `folder`, sorted by name.
std::vector<RunDirectory> list_runs(const std::filesystem::path& folder);

}  // namespace autoencoder
