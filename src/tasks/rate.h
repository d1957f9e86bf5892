// How many bits a model's compression takes, beside other codecs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/codec_rates.h"
#include "tasks/run_access.h"

namespace autoencoder {

struct RateRequest : RunDataRequest {
  int64_t count = 1000;
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

/// Rates where images go into files in one way.
struct GroupedRates {
  std::string name;     ///< "rate-single", "rate-sheets"
  std::string caption;  ///< for people
  int64_t images_in_file = 1;
  std::filesystem::path chart;
  std::vector<Rate> rates = {};  ///< those of one codec side by side, of the model first
};

struct RateResult {
  std::string run;   ///< its folder
  std::string data;  ///< "test split of mnist, 10,000 images"
  int64_t images = 0;
  uint64_t model_bytes = 0;  ///< not part of the rates
  std::vector<GroupedRates> groups;

  Json to_json() const;
};

/// Writes a chart of each group. Throws Error as open_with_data, where the data is no pictures of bytes or
/// too few for a sheet, and where a chart cannot be written.
RateResult measure_rates(const RateRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
