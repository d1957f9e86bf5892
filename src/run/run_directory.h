// The folder that a run leaves behind: where each thing lies in it, how it is made and found again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

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
  std::filesystem::path split() const { return path_ / "split.pt"; }
  std::filesystem::path last_checkpoint() const { return path_ / "checkpoints" / "last.pt"; }
  std::filesystem::path best_checkpoint() const { return path_ / "checkpoints" / "best.pt"; }
  std::filesystem::path tensorboard() const { return path_ / "tensorboard"; }
  std::filesystem::path exported_model() const { return path_ / "model.pt"; }
  std::filesystem::path picture(const std::string& name) const { return path_ / (name + ".png"); }

  /// Whether the folder is a run: it holds a config.json.
  bool is_run() const;

 private:
  std::filesystem::path path_;
};

/// Throws Error, naming the runs beside it, where `path` is no run.
RunDirectory open_run(const std::filesystem::path& path);

/// runs/STEM-1, or with the first number above those taken.
std::filesystem::path next_run_path(const std::string& stem);

enum class ExistingRun { kRefuse, kReplace };

/// Throws Error where a new run at `path` would overwrite something it must not: an existing run unless
/// `existing` is kReplace, any other folder with something in it, a file. Changes nothing on the disk.
void check_run_path(const std::filesystem::path& path, ExistingRun existing);

/// Makes the folder of a new run with its config. An existing run (see check_run_path) is removed only once
/// the new one stands. Throws Error as check_run_path and where the folder cannot be written.
RunDirectory create_run(const std::filesystem::path& path, const Json& config, ExistingRun existing);

/// The config of a run, or any file of options: a JSON object. Throws Error where it is none.
Json read_config(const std::filesystem::path& path);
void write_config(const RunDirectory& run, const Json& config);

/// The runs directly in `folder`, sorted by name.
std::vector<RunDirectory> list_runs(const std::filesystem::path& folder);

}  // namespace autoencoder
