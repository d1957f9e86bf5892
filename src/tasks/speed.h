// How fast a run's model encodes and reconstructs, by batch size.
#pragma once

#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct SpeedRequest : RunRequest {
  std::vector<int64_t> batch_sizes = {1, 1000};
  double seconds = 1;
  InferencePrecision precision;

  void visit(OptionVisitor& visitor) override;
};

/// Examples a second.
struct BatchSpeed {
  int64_t batch_size = 0;
  double encode = 0;
  double reconstruct = 0;
};

struct SpeedResult {
  std::string noun;  ///< what an example is called
  std::string blas;  ///< what computes matrix products; "" on a GPU
  std::string note;  ///< of the precision, where there is something to be said
  std::vector<BatchSpeed> speeds;

  Json to_json() const;
};

/// Of random examples. Throws Error as open_requested.
SpeedResult measure_speed(const SpeedRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
