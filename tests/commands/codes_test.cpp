// What encode, decode, latent, traverse, interpolate and manifold make of a small run.

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/options.h"
#include "data/npy.h"
#include "data/row_writer.h"
#include "pictures/pictures.h"
#include "tests/support/program_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::ProgramTest;
using testing::spots;

class Codes : public ProgramTest {
 protected:
  Codes() {
    write_spots("spots", 200, 40);
    train("run", "2");
  }

  void train(const std::string& name, const std::string& latent_dim) {
    out_of({"train", "--data", "spots", "--hidden", "16", "--latent-dim", latent_dim, "--epochs", "2",
            "--quiet", "--out", name});
  }
};

TEST_F(Codes, EncodeWritesACodeAndALabelOfEachExample) {
  EXPECT_EQ(out_of({"encode", "run", "--out", "codes.npy"}),
            "codes.npy: 40 codes of 2 numbers, with labels, test split of spots, 40 images\n");
  EXPECT_EQ(read_npy(folder_ / "codes.npy").sizes(), (std::vector<int64_t>{40, 2}));
  EXPECT_TRUE(torch::equal(read_npy(folder_ / "codes.labels.npy"), spots(40, 2).labels));
}

TEST_F(Codes, BothFormatsHoldTheSameCodes) {
  out_of({"encode", "run", "--out", "codes.npy"});
  out_of({"encode", "run", "--out", "codes.csv"});
  EXPECT_TRUE(torch::equal(read_rows(folder_ / "codes.csv"), read_rows(folder_ / "codes.npy")));
}

TEST_F(Codes, EncodeTakesEverySplit) {
  for (const auto& [split, count] :
       {std::pair("train", 160), {"validation", 40}, {"test", 40}, {"all", 240}}) {
    const Json json = Json::parse(out_of({"encode", "run", "--split", split, "--out", "x.npy", "--json"}));
    EXPECT_EQ(json.at("codes"), count) << split;
  }
}

TEST_F(Codes, DecodedCodesAreTheReconstructions) {
  out_of({"encode", "run", "--out", "codes.csv"});
  out_of({"decode", "run", "codes.csv", "--out", "decoded.npy"});
  const torch::Tensor decoded = read_npy(folder_ / "decoded.npy");
  ASSERT_EQ(decoded.sizes(), (std::vector<int64_t>{40, 1, 12, 12}));
  const Json figures = Json::parse(out_of({"evaluate", "run", "--json"}));
  const torch::Tensor originals = to_unit_range(spots(40, 2).images);
  EXPECT_NEAR((decoded - originals).square().mean().item<double>(), figures.at("mse").get<double>(), 1e-6);
}

TEST_F(Codes, DecodeRefusesCodesOfAnotherWidth) {
  write_npy(folder_ / "wide.npy", torch::rand({4, 3}));
  EXPECT_THAT(error_of({"decode", "run", "wide.npy"}),
              HasSubstr("wide.npy: rows of 3 numbers, but the model's codes have 2"));
}

TEST_F(Codes, DecodeRefusesAFileThatDoesNotSuit) {
  write_npy(folder_ / "codes.npy", torch::rand({4, 2}));
  EXPECT_THAT(error_of({"decode", "run", "codes.npy", "--out", "x.csv"}),
              HasSubstr("x.csv: pictures go into a folder, a .png or a .npy"));
}

TEST_F(Codes, APlaneIsDrawnOfTwoNumbersAlone) {
  train("deep", "3");
  EXPECT_THAT(error_of({"manifold", "deep"}), HasSubstr("its codes have 3 numbers"));
  EXPECT_THAT(error_of({"latent", "deep", "--method", "code"}), HasSubstr("use --method pca or tsne"));
}

TEST_F(Codes, IndicesMustBeThere) {
  EXPECT_THAT(error_of({"interpolate", "run", "--indices", "3,40"}),
              HasSubstr("indices has 40; the split has 40, 0 to 39"));
  EXPECT_THAT(error_of({"interpolate", "run", "--indices", "3"}), HasSubstr("indices names one example"));
  EXPECT_THAT(error_of({"traverse", "run", "--index", "40"}), HasSubstr("index has 40"));
  EXPECT_THAT(error_of({"traverse", "run", "--dimensions", "2"}),
              HasSubstr("dimensions has 2; the code has 2"));
}

TEST_F(Codes, APerplexityNeedsEnoughExamples) {
  EXPECT_THAT(error_of({"latent", "run", "--method", "tsne"}),
              HasSubstr("40 examples are too few for a perplexity of 30; give less than 13"));
}

class CodePictures : public Codes {
 protected:
  void SetUp() override {
    if (!pictures_available()) {
      GTEST_SKIP() << "no OpenCV in this build";
    }
  }
};

TEST_F(CodePictures, EachCommandWritesItsPicture) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands = {
      {{"latent", "run"}, "40 points of the test split of spots, 40 images; the code itself"},
      {{"latent", "run", "--method", "pca"}, "two principal components, 100 % of the variance"},
      {{"latent", "run", "--method", "tsne", "--perplexity", "5", "--steps", "20"}, "t-SNE, divergence"},
      {{"traverse", "run"}, "2 dimensions of 2, example 0"},
      {{"interpolate", "run", "--indices", "0,1,2"}, "2 linear walks of 10 pictures"},
      {{"interpolate", "run", "--path", "spherical"}, "5 spherical walks of 10 pictures"},
      {{"manifold", "run", "--size", "4"}, "4 x 4 pictures"}};
  for (const auto& [words, said] : commands) {
    EXPECT_THAT(out_of(words), HasSubstr(said));
    EXPECT_TRUE(fs::exists(folder_ / "run" / (words.front() + ".png"))) << words.front();
  }
}

TEST_F(CodePictures, AFolderGetsAPictureOfEachCode) {
  out_of({"encode", "run", "--out", "codes.npy"});
  EXPECT_EQ(out_of({"decode", "run", "codes.npy", "--out", "pictures"}), "pictures: 40 images decoded\n");
  EXPECT_TRUE(fs::exists(folder_ / "pictures" / "000039.png"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "pictures"), fs::directory_iterator()), 40);
}

TEST_F(CodePictures, ThePointsOfAMapCanBeKept) {
  out_of({"latent", "run", "--count", "10", "--save-points", "points.csv"});
  EXPECT_EQ(read_rows(folder_ / "points.csv").sizes(), (std::vector<int64_t>{10, 2}));
}

}  // namespace
}  // namespace autoencoder
