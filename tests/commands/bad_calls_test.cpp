// Every way to call the program wrongly that anybody has thought of ends in one line that says what is wrong,
// with the exit status of its kind, and changes nothing.

#include "tests/commands/bad_calls.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "data/formats/npy.h"
#include "pictures/pictures.h"
#include "tests/support/forked.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::big_endian;
using ::testing::HasSubstr;
using testing::kBadCalls;
using testing::ProgramResult;
using testing::run_forked;

std::string rows_of(int count, const std::function<std::string(int)>& row) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += row(i) + "\n";
  }
  return text;
}

std::vector<std::string> words_of(const std::string& call) {
  std::istringstream stream(call);
  return {std::istream_iterator<std::string>(stream), {}};
}

class BadCalls : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "this build has no OpenCV";
    }
    write_data();
    write_damaged_data();
    write_configs();
    train("run", {"--data", "spots"});
    train("vae", {"--data", "spots", "--model", "vae"});
    train("table", {"--data", "table.csv"});
    for (const char* copy : {"broken", "future"}) {
      fs::copy(folder_ / "run", folder_ / copy, fs::copy_options::recursive);
    }
    write("broken/checkpoints/index.json", "{");
    write("future/config.json", R"({"format": 99})");
  }

  void write(const std::string& name, const std::string& bytes) const { write_file(folder_ / name, bytes); }

  void write_data() const {
    testing::write_spots_to(folder_ / "spots", 80, 20);
    for (int i = 0; i < 12; ++i) {
      write("pictures/" + std::to_string(i) + ".pgm", "P2 16 16 255\n" + rows_of(256, [&](int pixel) {
                                                        return std::to_string((pixel * (i + 3)) % 256);
                                                      }));
    }
    const auto row = [](int i) {
      return std::to_string((i * 37) % 101 / 100.0) + "," + std::to_string((i * 53) % 97 / 96.0) + "," +
             std::to_string((i * 29) % 89 / 88.0) + "," + "xyz"[i % 3];
    };
    write("whole.csv", "a,b,c,kind\n" + rows_of(60, row));
    write("table.csv", "a,b,c,kind\n" + rows_of(60, [&](int i) {
                         return i % 7 > 0 ? row(i) : row(i).replace(row(i).find(',') + 1, 8, "");
                       }));
    write("other.csv", "u,v\n1,2\n3,4\n");
  }

  void write_damaged_data() const {
    fs::create_directory(folder_ / "empty");
    write("badidx/train-images-idx3-ubyte",
          big_endian(0x803) + big_endian(0x7fffffff) + big_endian(28) + big_endian(28) + "abc");
    write("halfidx/train-images-idx3-ubyte", big_endian(0x803) + big_endian(5) + big_endian(5));
    write("empty.csv", "");
    write("header.csv", "a,b\n");
    write("ragged.csv", "a,b\n1,2\n3\n4,5\n");
    write("words.csv", "name\n" + rows_of(50, [](int i) { return "n" + std::to_string(i); }));
    write("twice.csv", "a,a\n1,2\n3,4\n");
    write("ids.csv", "id\n" + rows_of(40, [](int i) { return std::to_string(i); }));
    write("constant.csv", "a,b\n" + rows_of(40, [](int) { return "1,1"; }));
    write("missing.csv", "a,b\n" + rows_of(40, [](int) { return "1,"; }));
    std::string all_bytes;
    for (int i = 0; i < 1024; ++i) {
      all_bytes += static_cast<char>(i % 256);
    }
    write("binary.csv", all_bytes);
    write("short.npy", std::string("\x93NUMPY\x01\x00v\x00", 10));
    write("notnpy.npy", "hello");
    const std::string dictionary = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }";
    write("object.npy", std::string("\x93NUMPY\x01\x00", 8) +
                            std::string(1, static_cast<char>(dictionary.size())) + std::string(1, '\0') +
                            dictionary + "pickled");
    write_npy(folder_ / "nan.npy", torch::full({4, 1, 8, 8}, NAN));
    write_npy(folder_ / "five.npy", torch::zeros({2, 2, 2, 2, 2}));
    write_npy(folder_ / "wide.npy", torch::zeros({3, 7}));
    write("text.npz", "hello");
    write("short.png", std::string("\x89PNG\r\n\x1a\n\0\0\0", 11));
    write("short.aec", "AEC");
    write("list.txt", "a.png\nnosuch.png\n");
  }

  void write_configs() const {
    write("list.json", "[1,2]");
    write("deep.json", std::string(100'000, '['));
    write("unknown.json", R"({"epoch": 3})");
    write("type.json", R"({"epochs": "three"})");
    write("future.json", R"({"format": 99, "epochs": 3})");
  }

  void train(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> call = {"train",        "--epochs", "1",     "--hidden", "16",
                                     "--latent-dim", "4",        "--out", out};
    call.insert(call.end(), more.begin(), more.end());
    const ProgramResult result = run_forked(folder_.path(), call);
    ASSERT_EQ(result.status, 0) << result.error;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(BadCalls, EndInOneLineThatSaysWhatIsWrong) {
  for (const testing::BadCall& bad : kBadCalls) {
    const ProgramResult result = run_forked(folder_.path(), words_of(bad.call));
    EXPECT_EQ(result.status, bad.status) << bad.call << "\n" << result.error;
    EXPECT_THAT(result.error, HasSubstr(std::string("error: "))) << bad.call;
    EXPECT_THAT(result.error, HasSubstr(bad.says)) << bad.call;
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << bad.call << "\n"
                                                                             << result.error;
  }
  EXPECT_GE(kBadCalls.size(), 200);
}

}  // namespace
}  // namespace autoencoder
