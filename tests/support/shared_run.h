// A run that the tests of a suite share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "common/log.h"
#include "common/options.h"
#include "tasks/train.h"
#include "tests/support/blobs.h"
#include "tests/support/idx_files.h"
#include "tests/support/task_test.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::testing {

/// Trained once; each test works on a copy, and finds nothing in it that another test left there.
class SharedRun {
 public:
  /// Of so many spots to train on and to test with, which lie where this lives; `options` by name, as in a
  /// config file.
  SharedRun(int64_t train, int64_t test, Json options) {
    write_spots_to(folder_ / "spots", train, test);
    options["data"] = (folder_ / "spots").string();
    options["out"] = (folder_ / "run").string();
    Log nobody;
    train_run(plan_training(options), {.log = nobody});
  }

  /// Makes a copy at `path`, and returns that.
  std::string copied_to(const std::string& path) const {
    std::filesystem::copy(folder_ / "run", path, std::filesystem::copy_options::recursive);
    return path;
  }

 private:
  TemporaryFolder folder_;
};

/// Tests of tasks that work on one run, which their SetUpTestSuite makes.
class SharedRunTest : public TaskTest {
 protected:
  static void TearDownTestSuite() { shared_.reset(); }

  inline static std::unique_ptr<SharedRun> shared_;
};

}  // namespace autoencoder::testing
