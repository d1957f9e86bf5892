// Every command that writes, on a disk that is full: one line, no half file, and nothing lost that was there.

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/mount.h>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/files.h"
#include "pictures/pictures.h"
#include "tests/support/forked.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramResult;

// A file system of its own, without a byte to spare.
class FullDisk {
 public:
  explicit FullDisk(fs::path path) : path_(std::move(path)) {
    fs::create_directory(path_);
    is_there_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=64k") == 0;
    reason_ = std::strerror(errno);
    std::ofstream(path_ / "filler") << std::string(1 << 20, 'x') << std::flush;
  }
  ~FullDisk() {
    if (is_there_) {
      ::umount(path_.c_str());
    }
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

  bool is_there() const { return is_there_; }
  const char* reason() const { return reason_; }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path_)) {
      if (entry.is_regular_file()) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }

 private:
  fs::path path_;
  bool is_there_ = false;
  const char* reason_ = "";
};

class FullDiskTest : public ::testing::Test {
 protected:
  FullDiskTest() {
    testing::write_spots_to(folder_ / "spots", 160, 8);
    std::ofstream table(folder_ / "table.csv");
    table << "a,b\n";
    for (int i = 0; i < 60; ++i) {
      table << i % 7 << ',' << (i % 5 == 0 ? "" : std::to_string(i % 11)) << '\n';
    }
  }

  ProgramResult run(const std::vector<std::string>& words) {
    return testing::run_forked(folder_.path(), words);
  }

  void train(const std::string& out, std::vector<std::string> more) {
    more.insert(more.begin(),
                {"train", "--epochs", "1", "--hidden", "16", "--latent-dim", "2", "--out", out});
    const ProgramResult result = run(more);
    ASSERT_EQ(result.status, 0) << result.error;
  }

  testing::TemporaryFolder folder_;
};

using FullDisks = FullDiskTest;

TEST_F(FullDisks, EndEveryCommandThatWritesWithALine) {
  if (!pictures_available()) {
    GTEST_SKIP() << "this build has no OpenCV";
  }
  train("dense", {"--data", "spots"});
  train("vae", {"--data", "spots", "--model", "vae"});
  train("table", {"--data", "table.csv"});
  ASSERT_EQ(run({"encode", "dense", "--out", "codes.npy"}).status, 0);
  ASSERT_EQ(run({"decode", "dense", "codes.npy", "--out", "pictures"}).status, 0);
  ASSERT_EQ(run({"compress", "dense", "pictures", "--out", "pictures.aec"}).status, 0);
  ASSERT_EQ(run({"detect", "fit", "dense"}).status, 0);
  const FullDisk disk(folder_ / "full");
  if (!disk.is_there()) {
    GTEST_SKIP() << "no file system can be mounted here: " << disk.reason();
  }
  fs::create_directory_symlink(folder_ / "full", folder_ / "dense" / "full");
  const std::vector<std::vector<std::string>> calls = {
      {"train", "--data", "spots", "--epochs", "1", "--out", "full/run"},
      {"encode", "dense", "--out", "full/codes.npy"},
      {"encode", "dense", "--out", "full/codes.csv"},
      {"decode", "dense", "codes.npy", "--out", "full/pictures"},
      {"decode", "dense", "codes.npy", "--out", "full/grid.png"},
      {"decode", "dense", "codes.npy", "--out", "full/numbers.npy"},
      {"reconstruct", "dense", "--out", "full/reconstruct.png"},
      {"sample", "vae", "--out", "full/sample.png"},
      {"sample", "table", "--out", "full/rows.csv"},
      {"latent", "dense", "--out", "full/latent.png"},
      {"traverse", "dense", "--out", "full/traverse.png"},
      {"interpolate", "dense", "--out", "full/interpolate.png"},
      {"manifold", "dense", "--out", "full/manifold.png"},
      {"compare", "dense", "vae", "--out", "full/compare.png"},
      {"rate", "dense", "--split", "train", "--out", "full/rates"},
      {"denoise", "dense", "pictures", "--out", "full/denoised"},
      {"compress", "dense", "pictures", "--out", "full/pictures.aec"},
      {"decompress", "dense", "pictures.aec", "--out", "full/restored"},
      {"impute", "table", "table.csv", "--out", "full/whole.csv"},
      {"detect", "score", "dense", "--out", "full/scores.csv"},
      {"detect", "score", "dense", "--maps", "full/maps"},
      {"export", "dense", "--out", "full/model.pt"},
      {"export", "dense", "--out", "full/model.safetensors"},
      {"export", "dense", "--out", "full/model.onnx"},
      {"export", "dense", "--out", "full/model.c"},
      {"report", "dense", "--out", "full/report.html"},
  };
  for (const std::vector<std::string>& words : calls) {
    const ProgramResult result = run(words);
    const std::string call = words[0] + " " + words[1] + " ... " + words.back();
    EXPECT_EQ(result.status, 1) << call;
    EXPECT_THAT(result.error, HasSubstr("No space left on device")) << call;
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << call << result.error;
    EXPECT_EQ(disk.files(), std::vector<std::string>{"filler"}) << call;
  }
}

}  // namespace
}  // namespace autoencoder
