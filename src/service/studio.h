// Maps of models' codes: computed once, beside what clients wait for.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/message.h"
#include "service/router.h"
#include "service/shelf.h"

namespace autoencoder::service {

/// A thread that draws one map after the other, and keeps them.
class Studio {
 public:
  /// `data_dir`: where the runs' data lie now; empty where they are where they were. `prepare` is called on
  /// the thread before all else.
  Studio(const Shelf& shelf, std::string data_dir, std::function<void()> prepare);
  ~Studio();
  Studio(const Studio&) = delete;
  Studio& operator=(const Studio&) = delete;

  /// GET /v1/models/{name}/map?method=auto|code|pca|tsne&count=1000: {"method", "text", "points": N x 2,
  /// "codes": N x D, "labels": N, "label_names", and the examples: "sheet" (pictures side by side in a PNG),
  /// "rows" of a table, or "examples"}. Without points where the run's data cannot be read here.
  std::vector<Route> routes();

 private:
  using Drawn = std::pair<std::weak_ptr<const ServedModel>, http::Response>;

  void draw(const Call& call, const http::Reply& reply);
  void work();

  const Shelf& shelf_;
  const std::string data_dir_;
  std::mutex mutex_;
  std::condition_variable has_changed_;
  std::deque<std::function<void()>> orders_;
  std::map<std::string, Drawn> drawn_;  // by what they were asked with; for work() alone
  bool is_stopping_ = false;
  std::jthread thread_;
};

}  // namespace autoencoder::service
