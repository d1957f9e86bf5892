// What `autoencoder compress`, `decompress` and `rate` make of a small run.

#include <cmath>
#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/files.h"
#include "common/options.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"
#include "pictures/pictures.h"
#include "tests/support/forged_code_file.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::forged_code_file;
using ::testing::HasSubstr;
using testing::ProgramTest;
using testing::spots;
using testing::varint;
using testing::zero_codes;

class Compress : public ProgramTest {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
    write_spots("spots", 300, 200);
    train("run", "0");
    write_pictures(folder_ / "pictures", spots(20, 2).images);
  }

  void train(const std::string& name, const std::string& seed) {
    out_of({"train", "--data", "spots", "--hidden", "32", "--latent-dim", "4", "--epochs", "20",
            "--batch-size", "16", "--quiet", "--seed", seed, "--out", name});
  }

  // Files that pass for the run's: codes of these contents.
  void forge(const std::string& name, const std::vector<std::string>& contents, uint64_t width = 4,
             uint64_t residual_width = 0) {
    out_of({"compress", "run", "pictures", "--out", "honest.aec"});
    const std::string start = read_file(folder_ / "honest.aec").substr(0, 20);
    write_file(
        folder_ / name,
        forged_code_file(start + varint(residual_width) + varint(width) + std::string(width, 'd'), contents));
  }

  torch::Tensor pictures_in(const std::string& name) {
    return read_picture_folder(folder_ / name, {.size = 0, .channels = 1}).train.images;
  }
};

TEST_F(Compress, LossyPicturesComeBackNearly) {
  const Json json = json_of({"compress", "run", "pictures", "--out", "x.aec"});
  EXPECT_EQ(json.at("pictures"), 20);
  EXPECT_EQ(json.at("bytes"), fs::file_size(folder_ / "x.aec"));
  EXPECT_NEAR(json.at("bits_per_pixel").get<double>(), 8.0 * json.at("bytes").get<int>() / (20 * 144), 1e-9);
  EXPECT_EQ(json_of({"decompress", "run", "x.aec"}).at("pictures"), 20);
  const torch::Tensor difference = pictures_in("x").to(torch::kFloat32) - pictures_in("pictures");
  const double error = difference.square().mean().item<double>();
  EXPECT_NEAR(json.at("psnr").get<double>(), 10 * std::log10(255 * 255 / error), 1e-4);
}

TEST_F(Compress, LosslessPicturesComeBackAsTheyWereUnderTheirNames) {
  fs::rename(folder_ / "pictures" / "000003.png", folder_ / "pictures" / "a b.png");
  const Json json = json_of({"compress", "run", "pictures", "--lossless", "--out", "x.aec"});
  EXPECT_EQ(json.at("exact"), true);
  out_of({"decompress", "run", "x.aec", "--out", "back"});
  EXPECT_TRUE(fs::exists(folder_ / "back" / "a b.png"));
  EXPECT_TRUE(torch::equal(pictures_in("back"), pictures_in("pictures")));
}

TEST_F(Compress, TakesDataSetsInPartsAndCountsThePictures) {
  write_spots("many", 1200, 4);
  const Json json = json_of({"compress", "run", "--data", "many", "--split", "all", "--lossless"});
  EXPECT_EQ(json.at("pictures"), 1204);
  EXPECT_EQ(json_of({"decompress", "run", "run/pictures.aec"}).at("pictures"), 1204);
  const torch::Tensor expected = torch::cat({spots(1200, 1).images, spots(4, 2).images});
  EXPECT_TRUE(torch::equal(pictures_in("run/pictures"), expected));
}

TEST_F(Compress, RefusesAnotherModelAndDamage) {
  out_of({"compress", "run", "pictures", "--out", "x.aec"});
  train("other", "1");
  EXPECT_THAT(error_of({"decompress", "other", "x.aec"}), HasSubstr("was compressed with another model ("));
  const std::string whole = read_file(folder_ / "x.aec");
  write_file(folder_ / "cut.aec", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(error_of({"decompress", "run", "cut.aec"}), HasSubstr("cut.aec: cut short or changed"));
  EXPECT_THAT(error_of({"decompress", "run", "spots/train-images-idx3-ubyte"}), HasSubstr("not a file that"));
}

// Under a name that ends for the system where the file's does not yet: NUL.
TEST_F(Compress, WritesNothingButPicturesWhateverNamesAFileHas) {
  write_file(folder_ / ".bashrc", "mine");
  forge("x.aec", {zero_codes(1, 4, {"fine"}), zero_codes(1, 4, {std::string(".bashrc\0", 8)})});
  EXPECT_THAT(error_of({"decompress", "run", "x.aec", "--out", "."}),
              HasSubstr("x.aec: names a picture \".bashrc\\x00\", which is no name for one"));
  EXPECT_EQ(read_file(folder_ / ".bashrc"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "fine.png"));
  forge("y.aec", {zero_codes(2, 4, {"same", "same"})});
  EXPECT_THAT(error_of({"decompress", "run", "y.aec"}), HasSubstr("two of its pictures have the name"));
}

TEST_F(Compress, ReplacesNoFile) {
  forge("x.aec", {zero_codes(2, 4, {"first", "loss"})});
  write_file(folder_ / "back" / "loss.png", "mine");
  EXPECT_THAT(error_of({"decompress", "run", "x.aec", "--out", "back"}),
              HasSubstr("back/loss.png: is there already; choose another --out, or remove it"));
  EXPECT_EQ(read_file(folder_ / "back" / "loss.png"), "mine");
  EXPECT_FALSE(fs::exists(folder_ / "back" / "first.png"));
  forge("numbered.aec", {zero_codes(1, 4)});
  out_of({"decompress", "run", "numbered.aec"});
  EXPECT_THAT(error_of({"decompress", "run", "numbered.aec"}), HasSubstr("numbered/000000.png: is there"));
}

// Of the model's digest, but not of its numbers.
TEST_F(Compress, RefusesCodesThatTheModelCannotHave) {
  forge("wide.aec", {zero_codes(1, 5)}, 5);
  EXPECT_THAT(error_of({"decompress", "run", "wide.aec"}), HasSubstr("as this has (4 and 144)"));
  forge("large.aec", {}, 4, 1 << 20);
  EXPECT_THAT(error_of({"decompress", "run", "large.aec"}), HasSubstr("as this has (4 and 144)"));
  forge("many.aec", {zero_codes(2'000'000, 4)});
  EXPECT_THAT(error_of({"decompress", "run", "many.aec"}), HasSubstr("many.aec: cut short or changed"));
}

TEST_F(Compress, KeepsNamesThatComeBackAlone) {
  fs::create_directories(folder_ / "sorted" / "b");
  fs::copy(folder_ / "pictures", folder_ / "sorted/a");
  fs::copy(folder_ / "pictures/000007.png", folder_ / "sorted/b/000007.jpg");
  EXPECT_THAT(error_of({"compress", "run", "sorted"}),
              HasSubstr("b/000007.jpg: there is another picture of that name"));
  for (const std::string& name : {std::string(".hidden"), std::string("a\nb"), std::string(240, 'x')}) {
    fs::copy(folder_ / "pictures/000007.png", folder_ / (name + ".png"));
    EXPECT_THAT(error_of({"compress", "run", name + ".png"}),
                HasSubstr("pictures have names of at most 239"));
  }
}

TEST_F(Compress, SaysWhatIsWrong) {
  write_pictures(folder_ / "large", torch::zeros({2, 1, 20, 20}));
  EXPECT_THAT(error_of({"compress", "run", "large"}),
              HasSubstr("the pictures are of 20x20, but the model takes 12x12"));
  EXPECT_THAT(run({"compress", "run", "large", "--data", "spots"}).error, HasSubstr("both given"));
  EXPECT_THAT(error_of({"rate", "run", "--data", "large"}), HasSubstr("sheets take 100 pictures"));
}

TEST_F(Compress, RateStandsBesideOtherCodecs) {
  const Json json = json_of({"rate", "run"});
  EXPECT_EQ(json.at("images"), 200);
  for (const char* grouping : {"rate-single", "rate-sheets"}) {
    EXPECT_TRUE(fs::exists(folder_ / "run" / (std::string(grouping) + ".png")));
    std::map<std::string, double> best;
    for (const Json& rate : json.at(grouping)) {
      best[rate.at("codec")] = rate.at("bits_per_pixel");
      EXPECT_EQ(rate.contains("psnr"), rate.at("codec") != "PNG" && rate.at("codec") != "WebP lossless" &&
                                           rate.at("setting") != "lossless");
    }
    EXPECT_EQ(best.size(), 5U);
  }
}

}  // namespace
}  // namespace autoencoder
