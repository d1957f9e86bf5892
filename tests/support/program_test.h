// Tests of commands: a folder with a small data set, in which the program runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/options.h"
#include "tests/support/blobs.h"
#include "tests/support/idx_files.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::testing {

class ProgramTest : public ::testing::Test {
 protected:
  /// Spots as an IDX folder, to train on and to test with.
  void write_spots(const std::string& name, int64_t train, int64_t test) {
    write_spots_to(folder_ / name, train, test);
  }

  ProgramResult run(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  /// What a call that must succeed prints.
  std::string out_of(const std::vector<std::string>& words) {
    const ProgramResult result = run(words);
    EXPECT_EQ(result.status, 0) << result.error;
    return result.out;
  }

  /// What a call that must fail, though not by bad usage, says.
  std::string error_of(const std::vector<std::string>& words) {
    const ProgramResult result = run(words);
    EXPECT_EQ(result.status, 1);
    return result.error;
  }

  Json json_of(std::vector<std::string> words) {
    words.emplace_back("--json");
    return Json::parse(out_of(words));
  }

  TemporaryFolder folder_;
};

}  // namespace autoencoder::testing
