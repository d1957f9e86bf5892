#include "run/checkpoint_index.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".safetensors";

fs::path index_path(const RunDirectory& run) { return run.checkpoints() / "index.json"; }

// A name that leads out of the folder is nobody's checkpoint.
bool is_checkpoint_name(const std::string& name) {
  return fs::path(name).filename() == name && name.starts_with("epoch-") && name.ends_with(kEnding);
}

CheckpointIndex parse_index(const fs::path& path) {
  const Json json = parse_json(read_file(path), path.string());
  return {json.at("last").get<std::string>(), json.at("best").get<std::string>(),
          json.value("earlier", std::vector<std::string>())};
}

bool is_sound(const CheckpointIndex& index) {
  return is_checkpoint_name(index.last) && (index.best.empty() || is_checkpoint_name(index.best)) &&
         std::ranges::all_of(index.earlier, is_checkpoint_name);
}

bool is_named_by(const CheckpointIndex& index, const std::string& checkpoint) {
  return checkpoint == index.last || checkpoint == index.best ||
         std::ranges::find(index.earlier, checkpoint) != index.earlier.end();
}

// From the one to go on from to the one to be content with.
std::vector<std::string> as_resumed(const CheckpointIndex& index) {
  std::vector<std::string> all = {index.last};
  all.insert(all.end(), index.earlier.begin(), index.earlier.end());
  if (!index.best.empty() && std::ranges::find(all, index.best) == all.end()) {
    all.push_back(index.best);
  }
  return all;
}

void remove_all_but(const fs::path& folder, const CheckpointIndex& index) {
  std::vector<fs::path> unnamed;
  std::error_code ignored;  // what stays takes room, and does no harm
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (is_checkpoint_name(name) && !is_named_by(index, name)) {
      unnamed.push_back(entry.path());
    }
  }
  for (const fs::path& checkpoint : unnamed) {
    fs::remove(checkpoint, ignored);
  }
}

Error untrained(const RunDirectory& run, const char* what) {
  return Error(fmt::format("{0}: {1} yet; train it first, with: autoencoder train --resume {0}",
                           run.path().string(), what));
}

CheckpointIndex index_of(const RunDirectory& run) {
  const auto index = read_checkpoint_index(run);
  if (!index) {
    throw untrained(run, "no checkpoint");
  }
  return *index;
}

}  // namespace

std::string checkpoint_name(int64_t epoch, int64_t batch) {
  return batch == 0 ? fmt::format("epoch-{}{}", epoch, kEnding)
                    : fmt::format("epoch-{}-step-{}{}", epoch, batch, kEnding);
}

std::optional<CheckpointIndex> read_checkpoint_index(const RunDirectory& run) {
  const fs::path path = index_path(run);
  if (std::error_code ignored; !fs::exists(path, ignored)) {
    return std::nullopt;
  }
  CheckpointIndex index;
  try {
    index = parse_index(path);
  } catch (const Json::exception&) {
    index.last.clear();
  }
  if (!is_sound(index)) {
    throw Error(fmt::format("{}: damaged, or not written by this program", path.string()));
  }
  return index;
}

void write_checkpoint_index(const RunDirectory& run, const CheckpointIndex& index) {
  write_file(index_path(run),
             json_text({{"last", index.last}, {"best", index.best}, {"earlier", index.earlier}}, 2) + "\n");
  remove_all_but(run.checkpoints(), index);
}

fs::path last_checkpoint(const RunDirectory& run) { return run.checkpoints() / index_of(run).last; }

std::vector<fs::path> checkpoints_to_resume(const RunDirectory& run) {
  std::vector<fs::path> paths;
  for (const std::string& name : as_resumed(index_of(run))) {
    paths.push_back(run.checkpoints() / name);
  }
  return paths;
}

void go_back_to(const RunDirectory& run, const fs::path& checkpoint) {
  const CheckpointIndex index = index_of(run);
  const std::vector<std::string> all = as_resumed(index);
  const auto whole = std::ranges::find(all, checkpoint.filename().string());
  const bool best_is_whole = std::find(all.begin(), whole, index.best) == whole;
  CheckpointIndex left = {*whole, best_is_whole ? index.best : *whole};
  std::copy_if(whole + 1, all.end(), std::back_inserter(left.earlier),
               [&](const std::string& name) { return name != left.best; });
  write_checkpoint_index(run, left);
}

fs::path best_checkpoint(const RunDirectory& run) {
  const CheckpointIndex index = index_of(run);
  return run.checkpoints() / (index.best.empty() ? index.last : index.best);
}

SavedModel load_best_model(const RunDirectory& run, const torch::Device& device) {
  const fs::path path = best_checkpoint(run);
  if (path.filename() == checkpoint_name(0, 0)) {
    throw untrained(run, "not trained");
  }
  try {
    return load_model(path, device);
  } catch (const Error&) {
    if (best_checkpoint(run) == path) {
      throw;
    }
  }
  return load_best_model(run, device);
}

}  // namespace autoencoder
