// Pictures into a file of a small run's codes, and back.

#include "tasks/compress.h"

#include <cmath>
#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"
#include "pictures/pictures.h"
#include "tasks/decompress.h"
#include "tests/support/expect_error.h"
#include "tests/support/failure.h"
#include "tests/support/forged_code_file.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::failure_of;
using testing::forged_code_file;
using ::testing::HasSubstr;
using testing::SharedRun;
using testing::SharedRunTest;
using testing::spots;
using testing::varint;
using testing::zero_codes;

class Compress : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"hidden", {32}}, {"latent-dim", 4}, {"epochs", 20}, {"batch-size", 16}};
    shared_ = std::make_unique<SharedRun>(300, 200, options);
  }

  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    run_ = shared_->copied_to(path("run"));
    write_pictures(folder_ / "pictures", spots(20, 2).images.all());
  }

  CompressRequest request_of(const std::string& pictures) const {
    auto request = request_for<CompressRequest>(run_);
    request.pictures = {path(pictures)};
    return request;
  }

  CompressResult compress(const std::string& pictures, const std::string& out) const {
    CompressRequest request = request_of(pictures);
    request.out = path(out);
    return compress_pictures(request);
  }

  DecompressRequest request_back(const std::string& file) const {
    auto request = request_for<DecompressRequest>(run_);
    request.file = path(file);
    return request;
  }

  std::string compress_error(const std::string& pictures) const {
    return failure_of([&] { compress_pictures(request_of(pictures)); });
  }

  static std::string decompress_error(const DecompressRequest& request) {
    return failure_of([&] { decompress_pictures(request); });
  }

  std::string decompress_error(const std::string& file) const { return decompress_error(request_back(file)); }

  // Files that pass for the run's: codes of these contents.
  void forge(const std::string& name, const std::vector<std::string>& contents, uint64_t width = 4,
             uint64_t residual_width = 0) const {
    compress("pictures", "honest.aec");
    const std::string start = read_file(folder_ / "honest.aec").substr(0, 20);
    write_file(
        folder_ / name,
        forged_code_file(start + varint(residual_width) + varint(width) + std::string(width, 'd'), contents));
  }

  torch::Tensor pictures_in(const std::string& name) const {
    return read_picture_folder(folder_ / name, {.channels = 1}).train.images.all();
  }

  std::string run_;
};

TEST_F(Compress, LossyPicturesComeBackNearly) {
  const Json json = compress("pictures", "x.aec").to_json();
  EXPECT_EQ(json.at("pictures"), 20);
  EXPECT_EQ(json.at("bytes"), fs::file_size(folder_ / "x.aec"));
  EXPECT_NEAR(json.at("bits_per_pixel").get<double>(), 8.0 * json.at("bytes").get<int>() / (20 * 144), 1e-9);
  EXPECT_EQ(decompress_pictures(request_back("x.aec")).to_json().at("pictures"), 20);
  const torch::Tensor difference = pictures_in("x").to(torch::kFloat32) - pictures_in("pictures");
  const double error = difference.square().mean().item<double>();
  EXPECT_NEAR(json.at("psnr").get<double>(), 10 * std::log10(255 * 255 / error), 1e-4);
}

TEST_F(Compress, LosslessPicturesComeBackAsTheyWereUnderTheirNames) {
  fs::rename(folder_ / "pictures" / "000003.png", folder_ / "pictures" / "a b.png");
  CompressRequest request = request_of("pictures");
  request.lossless = true;
  request.out = path("x.aec");
  EXPECT_EQ(compress_pictures(request).to_json().at("exact"), true);
  DecompressRequest back = request_back("x.aec");
  back.out = path("back");
  decompress_pictures(back);
  EXPECT_TRUE(fs::exists(folder_ / "back" / "a b.png"));
  EXPECT_TRUE(torch::equal(pictures_in("back"), pictures_in("pictures")));
}

TEST_F(Compress, TakesDataSetsInPartsAndCountsThePictures) {
  auto request = request_for<CompressRequest>(run_);
  request.source.data = write_spots("many", 1200, 4);
  request.split = "all";
  request.lossless = true;
  EXPECT_EQ(compress_pictures(request).pictures, 1204);
  EXPECT_EQ(decompress_pictures(request_back("run/pictures.aec")).pictures, 1204);
  const torch::Tensor expected = torch::cat({spots(1200, 1).images.all(), spots(4, 2).images.all()});
  EXPECT_TRUE(torch::equal(pictures_in("run/pictures"), expected));
}

TEST_F(Compress, RefusesAnotherModel) {
  compress("pictures", "x.aec");
  const Json options = {
      {"data", write_spots("spots", 60, 4)}, {"hidden", {32}}, {"latent-dim", 4}, {"epochs", 1}, {"seed", 1}};
  auto request = request_for<DecompressRequest>(train("other", options));
  request.file = path("x.aec");
  EXPECT_THAT(decompress_error(request), HasSubstr("was compressed with another model ("));
}

TEST_F(Compress, RefusesDamageAndOtherFiles) {
  compress("pictures", "x.aec");
  const std::string whole = read_file(folder_ / "x.aec");
  write_file(folder_ / "cut.aec", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(decompress_error("cut.aec"), HasSubstr("cut.aec: cut short or changed"));
  write_spots("spots", 300, 4);
  EXPECT_THAT(decompress_error("spots/train-images-idx3-ubyte"), HasSubstr("not a file that"));
}

// Under a name that ends for the system where the file's does not yet: NUL.
TEST_F(Compress, WritesNothingButPicturesWhateverNamesAFileHas) {
  write_file(folder_ / ".bashrc", "mine");
  forge("x.aec", {zero_codes(1, 4, {"fine"}), zero_codes(1, 4, {std::string(".bashrc\0", 8)})});
  DecompressRequest request = request_back("x.aec");
  request.out = folder_.path().string();
  EXPECT_THAT(decompress_error(request),
              HasSubstr("x.aec: names a picture \".bashrc\\x00\", which is no name for one"));
  EXPECT_EQ(read_file(folder_ / ".bashrc"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "fine.png"));
  forge("y.aec", {zero_codes(2, 4, {"same", "same"})});
  EXPECT_THAT(decompress_error("y.aec"), HasSubstr("two of its pictures have the name"));
}

TEST_F(Compress, ReplacesNoFile) {
  forge("x.aec", {zero_codes(2, 4, {"first", "loss"})});
  write_file(folder_ / "back" / "loss.png", "mine");
  DecompressRequest request = request_back("x.aec");
  request.out = path("back");
  EXPECT_THAT(decompress_error(request),
              HasSubstr("back/loss.png: is there already; choose another --out, or remove it"));
  EXPECT_EQ(read_file(folder_ / "back" / "loss.png"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "back" / "first.png"));
  forge("numbered.aec", {zero_codes(1, 4)});
  decompress_pictures(request_back("numbered.aec"));
  EXPECT_THAT(decompress_error("numbered.aec"), HasSubstr("numbered/000000.png: is there"));
}

// Of the model's digest, but not of its numbers.
TEST_F(Compress, RefusesCodesThatTheModelCannotHave) {
  forge("wide.aec", {zero_codes(1, 5)}, 5);
  EXPECT_THAT(decompress_error("wide.aec"), HasSubstr("as this has (4 and 144)"));
  forge("large.aec", {}, 4, 1 << 20);
  EXPECT_THAT(decompress_error("large.aec"), HasSubstr("as this has (4 and 144)"));
  forge("many.aec", {zero_codes(2'000'000, 4)});
  EXPECT_THAT(decompress_error("many.aec"), HasSubstr("many.aec: cut short or changed"));
}

TEST_F(Compress, KeepsNamesThatComeBackAlone) {
  fs::create_directories(folder_ / "sorted" / "b");
  fs::copy(folder_ / "pictures", folder_ / "sorted/a");
  fs::copy(folder_ / "pictures/000007.png", folder_ / "sorted/b/000007.jpg");
  EXPECT_THAT(compress_error("sorted"), HasSubstr("b/000007.jpg: there is another picture of that name"));
  for (const std::string& name : {std::string(".hidden"), std::string("a\nb"), std::string(240, 'x')}) {
    fs::copy(folder_ / "pictures/000007.png", folder_ / (name + ".png"));
    EXPECT_THAT(compress_error(name + ".png"), HasSubstr("pictures have names of at most 239"));
  }
}

TEST_F(Compress, TakesPicturesOfTheModelsSizeAlone) {
  write_pictures(folder_ / "large", torch::zeros({2, 1, 20, 20}));
  EXPECT_THAT(compress_error("large"), HasSubstr("the pictures are of 20x20, but the model takes 12x12"));
}

TEST_F(Compress, TakesPicturesOrData) {
  CompressRequest request = request_of("pictures");
  request.source.data = path("spots");
  EXPECT_THAT(error_of<UsageError>([&] { compress_pictures(request); }), HasSubstr("both given"));
}

}  // namespace
}  // namespace autoencoder
