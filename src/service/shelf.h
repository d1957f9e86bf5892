// The models that are served, by name, each as its run is at present.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "service/served_model.h"

namespace autoencoder::service {

/// Finding one never waits for another to be loaded. Safe to use from several threads; refresh() from one.
class Shelf {
 public:
  /// Hears what happens to runs, in a line.
  using Listener = std::function<void(const std::string& line)>;

  /// Loads all of them; a folder that is no run, but has some, stands for these. Throws Error as load_served,
  /// and where two have the same name.
  Shelf(const std::vector<std::string>& runs, const torch::Device& device, Listener listener);

  /// Throws Problem: 404 where there is none of that name, naming the nearest, 410 where its run was removed.
  std::shared_ptr<const ServedModel> find(const std::string& name) const;

  /// All that can be found, by name.
  std::vector<std::shared_ptr<const ServedModel>> all() const;

  /// Loads again those whose runs have changed; who has found the old one keeps it. What cannot be loaded
  /// stays as it was. A run that is gone for two calls in a row is served no longer, until it is back.
  void refresh();

  int64_t reloads() const;

 private:
  struct Place {
    std::filesystem::path run;
    std::shared_ptr<const ServedModel> served;  // null once the run is gone
    std::string failed_version = {};            // that could not be loaded: it is not tried again
    int missed = 0;                             // calls of refresh() in a row that found no run
  };

  void add(const std::filesystem::path& run);
  void refresh(const std::string& name, Place& place);
  void put(Place& place, std::shared_ptr<const ServedModel> served);

  torch::Device device_;
  Listener listener_;
  mutable std::mutex mutex_;  // of what places hold; their number never changes
  std::map<std::string, Place> places_;
  int64_t reloads_ = 0;
};

}  // namespace autoencoder::service
