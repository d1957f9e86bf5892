// What every user meets: help, version, exit statuses, one-line errors.

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"
#include "models/registry.h"
#include "tests/support/blobs.h"
#include "tests/support/idx_files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;
using testing::spots;
using ::testing::StartsWith;
using testing::TemporaryFolder;
using testing::write_idx;

class Program : public ::testing::Test {
 protected:
  ProgramResult call(const std::vector<std::string>& words) { return run_program(folder_.path(), words); }

  // Expects exit status `status`, nothing on standard output, and one line of error.
  std::string error_line(int status, const std::vector<std::string>& words) {
    const ProgramResult result = call(words);
    EXPECT_EQ(result.status, status) << result.error;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.error, AllOf(StartsWith("error: "), EndsWith("\n")));
    EXPECT_EQ(std::count(result.error.begin(), result.error.end(), '\n'), 1) << result.error;
    return result.error;
  }

  TemporaryFolder folder_;
};

TEST_F(Program, HelpAndVersionEndWell) {
  EXPECT_THAT(call({"--help"}).out, HasSubstr("\n  train        trains a model"));
  EXPECT_EQ(call({"--help"}).status, 0);
  EXPECT_THAT(call({"--version"}).out,
              AllOf(HasSubstr("LibTorch"), HasSubstr("BLAS"), HasSubstr("OpenCV"), HasSubstr("CUDA")));
  const ProgramResult help = call({"train", "--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_THAT(help.out, AllOf(HasSubstr("--latent-dim"), HasSubstr("--epochs"), HasSubstr("Examples:")));
  EXPECT_EQ(help.error, "");
  EXPECT_EQ(call({"help", "train"}).out, help.out);
}

TEST_F(Program, AVariableChoosesTheBlas) {
  ::setenv("AUTOENCODER_BLAS", "mkl", 1);
  const std::string of_mkl = call({"--version"}).out;
  EXPECT_THAT(of_mkl, ::testing::Not(HasSubstr("oneDNN")));
  EXPECT_THAT(of_mkl, ::testing::Not(HasSubstr("bf16")));
  ::setenv("AUTOENCODER_BLAS", "blis", 1);
  EXPECT_THAT(error_line(1, {"--version"}), HasSubstr("AUTOENCODER_BLAS is blis"));
  ::unsetenv("AUTOENCODER_BLAS");
}

TEST_F(Program, RecipesAreListedAndShown) {
  EXPECT_THAT(call({"recipes"}).out, AllOf(HasSubstr("\nmnist-dense "), HasSubstr("train --recipe NAME")));
  EXPECT_THAT(call({"recipes", "digits-2d"}).out,
              AllOf(HasSubstr("--latent-dim             2\n"), HasSubstr("expect: 5-NN accuracy"),
                    HasSubstr("autoencoder train --recipe digits-2d")));
  EXPECT_EQ(Json::parse(call({"recipes", "digits-2d", "--json"}).out).at("options").at("latent-dim"), 2);
  EXPECT_GT(Json::parse(call({"recipes", "--json"}).out).size(), 20U);
  EXPECT_THAT(error_line(1, {"recipes", "digits-3d"}), HasSubstr("did you mean 'digits-2d'?"));
}

TEST_F(Program, WithoutACommandItSaysHowItIsUsed) {
  const ProgramResult result = call({});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.error, HasSubstr("Usage:"));
}

TEST_F(Program, BadUsageExitsWithTwo) {
  EXPECT_THAT(error_line(2, {"tarin"}), HasSubstr("did you mean 'train'?"));
  EXPECT_THAT(error_line(2, {"train", "--epoch", "1"}), HasSubstr("did you mean '--epochs'?"));
  EXPECT_THAT(error_line(2, {"train", "--model", "vea"}), HasSubstr("did you mean 'vae'?"));
  EXPECT_THAT(error_line(2, {"train", "--validation-fraction", "1"}), HasSubstr("validation-fraction is 1"));
}

TEST_F(Program, BadInputExitsWithOne) {
  EXPECT_THAT(error_line(1, {"train", "--data", "nowhere", "--quiet"}), HasSubstr("nowhere: no such data"));
  EXPECT_THAT(error_line(1, {"train", "--data", "mnits", "--quiet"}), HasSubstr("did you mean 'mnist'?"));
  EXPECT_THAT(error_line(1, {"evaluate", "runs/a"}), HasSubstr("runs/a: no such run"));
  EXPECT_THAT(error_line(1, {"train", "--config", "none.json"}), HasSubstr("none.json: no such file"));
}

TEST_F(Program, AnIncompleteGzipIsNamed) {
  write_idx(folder_.path(), "train", spots(10));
  write_file(folder_ / "train-images-idx3-ubyte.gz", "\x1f\x8b");
  std::filesystem::remove(folder_ / "train-images-idx3-ubyte");
  EXPECT_THAT(error_line(1, {"train", "--data", ".", "--quiet"}), HasSubstr("train-images-idx3-ubyte.gz"));
}

TEST_F(Program, ModelsListsEachAndItsOptions) {
  const ProgramResult all = call({"models"});
  EXPECT_EQ(all.status, 0);
  EXPECT_EQ(static_cast<size_t>(std::count(all.out.begin(), all.out.end(), '\n')), model_names().size());
  EXPECT_EQ(Json::parse(call({"models", "--json"}).out).size(), model_names().size());
  EXPECT_THAT(call({"models", "vae"}).out,
              AllOf(HasSubstr("--beta"), HasSubstr("400"), HasSubstr("--batch-size")));
  EXPECT_EQ(Json::parse(call({"models", "plain", "--backbone", "conv", "--json"}).out).at("channels"),
            Json::array({0}));
  EXPECT_THAT(error_line(1, {"models", "dens"}), HasSubstr("did you mean 'dense'?"));
}

TEST_F(Program, ModelsPrintsTheNetworkForPicturesOfASizeAndTheMemoryOfTraining) {
  const std::string network = call({"models", "conv", "--image-size", "64"}).out;
  EXPECT_THAT(network, AllOf(HasSubstr("pictures of 3x64x64"), HasSubstr("128 x 8 x 8"),
                             HasSubstr("memory to train in batches of 128: about")));
  const Json grey =
      Json::parse(call({"models", "conv", "--image-size", "28", "--image-channels", "1", "--json"}).out);
  EXPECT_EQ(grey.at("latent-dim"), 32);
  EXPECT_GT(grey.at("training_bytes").get<int64_t>(), 16 * grey.at("parameters").get<int64_t>());
  EXPECT_THAT(error_line(2, {"models", "--image-size", "28"}), HasSubstr("--image-size is for one model"));
}

}  // namespace
}  // namespace autoencoder
