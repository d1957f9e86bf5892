// Data larger than memory, through the program itself.

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "run/history.h"
#include "run/run_directory.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::ProgramResult;

constexpr int64_t kMebibyte = int64_t{1} << 20;

class LargeData : public testing::ProgramTest {
 protected:
  // Rows of zeros that take no room on the disk.
  void write_sparse_npy(const std::string& name, int64_t rows, int64_t columns) const {
    write_npy(folder_ / name, torch::zeros({1, columns}));
    const std::string one = read_file(folder_ / name);
    std::string header = one.substr(0, one.size() - static_cast<size_t>(columns) * sizeof(float));
    const std::string shape = "(1, ";
    const std::string wanted = "(" + std::to_string(rows) + ", ";
    header.replace(header.find(shape), shape.size(), wanted);
    header.erase(header.find_last_of(' ') - (wanted.size() - shape.size()) + 1, wanted.size() - shape.size());
    std::ofstream(folder_ / name, std::ios::binary) << header;
    fs::resize_file(folder_ / name, header.size() + static_cast<uint64_t>(rows * columns) * sizeof(float));
  }
};

using SlowLargeData = LargeData;

TEST_F(SlowLargeData, TwentyGigabytesTrainInOne) {
  write_sparse_npy("large.npy", 6'553'600, 784);
  ASSERT_GT(fs::file_size(folder_ / "large.npy"), 20'000'000'000);
  const ProgramResult result =
      run({"train", "--data", "large.npy", "--memory", "1G", "--limit", "32000", "--test-fraction", "0",
           "--epochs", "1", "--output-activation", "none", "--quiet", "--out", "run"});
  ASSERT_EQ(result.status, 0) << result.error;
  EXPECT_LT(result.peak_bytes, 1024 * kMebibyte);
  EXPECT_EQ(read_history(RunDirectory(folder_ / "run").metrics()).size(), 1);
}

TEST_F(LargeData, ATableBeyondItsMemoryLearnsAsOneWithinIt) {
  std::ofstream table(folder_ / "table.csv");
  table << "a,b,c,d\n";
  for (int row = 0; row < 150'000; ++row) {
    table << row % 97 << ',' << (row * 7) % 89 << ',' << (row * 3) % 53 << ',' << row % 11 << '\n';
  }
  table.close();
  const auto train = [&](const std::string& out, const std::string& memory) {
    out_of({"train", "--data", "table.csv", "--epochs", "1", "--quiet", "--out", out, "--memory", memory});
  };
  train("within", "1G");
  train("beyond", "1M");
  const History within = read_history(RunDirectory(folder_ / "within").metrics());
  const History beyond = read_history(RunDirectory(folder_ / "beyond").metrics());
  EXPECT_NEAR(beyond.back().monitored_loss(), within.back().monitored_loss(),
              0.1 * within.back().monitored_loss());
  EXPECT_NE(beyond.back().train.total, within.back().train.total) << "drawn from blocks";
}

}  // namespace
}  // namespace autoencoder
