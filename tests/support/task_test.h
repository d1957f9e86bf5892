// Tests of tasks: a folder with a small data set, in which runs are trained.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "common/log.h"
#include "common/options.h"
#include "tasks/train.h"
#include "tests/support/blobs.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::testing {

class TaskTest : public ::testing::Test {
 protected:
  /// Spots as an IDX folder, to train on and to test with; its path.
  std::string write_spots(const std::string& name, int64_t train, int64_t test) {
    write_spots_to(folder_ / name, train, test);
    return path(name);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// A run of that name, trained with `options` (by name, as in a config file); its path.
  std::string train(const std::string& name, Json options) {
    options["out"] = path(name);
    Log nobody;
    train_run(plan_training(options), {.log = nobody});
    return path(name);
  }

  /// A request of that run; what else it asks is set by whoever calls.
  template <typename Request>
  Request request_for(const std::string& run) const {
    Request request;
    request.run = run;
    request.device.device = "cpu";
    return request;
  }

  TemporaryFolder folder_;
};

}  // namespace autoencoder::testing
