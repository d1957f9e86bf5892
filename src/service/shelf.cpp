#include "service/shelf.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/text.h"
#include "run/run_directory.h"
#include "service/problem.h"

namespace autoencoder::service {
namespace {

namespace fs = std::filesystem;

constexpr int kMissedBeforeGone = 2;  // a run that is trained anew is moved aside for a moment

}  // namespace

Shelf::Shelf(const std::vector<std::string>& runs, const torch::Device& device, Listener listener)
    : device_(device), listener_(std::move(listener)) {
  for (const std::string& path : runs) {
    std::error_code unknown;
    const bool is_folder_of_runs = !RunDirectory(path).is_run() && fs::is_directory(path, unknown);
    const std::vector<RunDirectory> within =
        is_folder_of_runs ? list_runs(path) : std::vector<RunDirectory>();
    if (within.empty()) {
      add(path);
    }
    for (const RunDirectory& run : within) {
      add(run.path());
    }
  }
}

void Shelf::add(const fs::path& run) {
  auto served = load_served(run, device_);
  const auto [place, is_new] = places_.emplace(served->name, Place{run, served});
  if (!is_new) {
    throw Error(fmt::format("{} and {}: both runs are called {}, and models are found by name; rename one",
                            place->second.run.string(), run.string(), served->name));
  }
}

std::shared_ptr<const ServedModel> Shelf::find(const std::string& name) const {
  const auto place = places_.find(name);
  if (place == places_.end()) {
    throw Problem(404, fmt::format("there is no model '{}'{} (GET /v1/models lists them)", name,
                                   did_you_mean(name, keys_of(places_))));
  }
  const std::lock_guard lock(mutex_);
  if (!place->second.served) {
    throw Problem(410,
                  fmt::format("the run of {} was removed; it is served again as soon as it is back", name));
  }
  return place->second.served;
}

std::vector<std::shared_ptr<const ServedModel>> Shelf::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const ServedModel>> found;
  for (const auto& [name, place] : places_) {
    if (place.served) {
      found.push_back(place.served);
    }
  }
  return found;
}

int64_t Shelf::reloads() const {
  const std::lock_guard lock(mutex_);
  return reloads_;
}

void Shelf::refresh() {
  for (auto& [name, place] : places_) {
    refresh(name, place);
  }
}

void Shelf::refresh(const std::string& name, Place& place) {
  const std::string version = version_of(place.run);
  place.missed = version.empty() ? place.missed + 1 : 0;
  if (version.empty()) {
    if (place.missed == kMissedBeforeGone && place.served) {
      put(place, nullptr);
      listener_(fmt::format("{}: its run is gone; it is not served any longer", name));
    }
    return;
  }
  if ((place.served && place.served->version == version) || place.failed_version == version) {
    return;
  }
  try {
    put(place, load_served(place.run, device_));
    place.failed_version.clear();
    listener_(fmt::format("{}: loaded again, for its run has changed", name));
  } catch (const std::exception& error) {
    place.failed_version = version;
    listener_(fmt::format("{}: its run has changed, but cannot be loaded ({}){}", name, error.what(),
                          place.served ? "; it is served as it was" : ""));
  }
}

void Shelf::put(Place& place, std::shared_ptr<const ServedModel> served) {
  const std::lock_guard lock(mutex_);
  reloads_ += served ? 1 : 0;
  place.served = std::move(served);
}

}  // namespace autoencoder::service
