// Runs, served over HTTP.
#pragma once

#include <string>
#include <vector>

#include "common/log.h"
#include "common/options.h"
#include "tasks/device.h"
#include "tasks/train.h"

namespace autoencoder {

/// How a service is reached, and by whom.
struct DoorOptions : Options {
  std::string host = "127.0.0.1";
  int64_t port = 8080;
  std::string certificate;
  std::string key;
  std::string token_file;
  std::string origins;

  void visit(OptionVisitor& visitor) override;
};

struct ServeRequest : Options {
  std::vector<std::string> runs;  ///< their folders, or folders of runs
  DoorOptions door;
  int64_t max_body = 32;
  int64_t max_pixels = 25;
  int64_t max_examples = 4096;
  int64_t max_connections = 1000;
  int64_t batch_size = 64;
  double batch_wait = 0;
  int64_t max_waiting = 4096;
  double timeout = 60;
  std::string data_dir;
  bool quiet = false;
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override;
};

/// Serves until it is asked to stop, and then answers what is there. `log` hears of each request, from
/// several threads at once. Throws Error where a run cannot be served, the port cannot be had, or a file of
/// the door's cannot be used.
void serve_runs(const ServeRequest& request, const Log::Listener& log, const AsksToStop& asks_to_stop);

}  // namespace autoencoder
