#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "common/random.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/train.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

const ImageShape kConcreteShape = {1, 4, 4};

std::shared_ptr<Autoencoder> small_concrete(const Json& more = Json::object()) {
  torch::manual_seed(3);
  Json options = {{"model", "concrete"}, {"latent-dim", 3}, {"hidden", {32}}};
  options.update(more);
  return make_model(options, kConcreteShape);
}

// Sixteen pixels of three kinds, 0-4, 5-9 and 10-15: the first of each kind, and noisy copies of it.
torch::Tensor redundant(int64_t count) {
  const at::Generator rng = make_generator(4);
  const torch::Tensor sources = torch::rand({count, 3}, rng);
  const torch::Tensor source_of = torch::tensor({0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2});
  const torch::Tensor noise = 0.2 * torch::randn({count, 16}, rng);
  noise.index_fill_(1, torch::tensor({0, 5, 10}), 0);
  return (sources.index_select(1, source_of) + noise).view({count, 1, 4, 4});
}

std::vector<int64_t> selected(Autoencoder& model) { return model.illustrated()->listings().front().numbers; }

TEST(Concrete, TheCodeIsTheSelectedPixels) {
  const auto model = small_concrete();
  model->eval();
  const torch::Tensor input = redundant(5);
  const torch::Tensor code = std::get<0>(model->encode(input).sort(1));
  const torch::Tensor pixels = input.flatten(1).index_select(1, torch::tensor(selected(*model)));
  EXPECT_TRUE(torch::equal(code, std::get<0>(pixels.sort(1))));
}

TEST(Concrete, SelectorsAreOneHotAtTheEndAndFindTheCleanPixelOfEachKind) {
  const auto model = small_concrete();
  const torch::Tensor input = redundant(256);
  testing::train(*model, input, 1500, 1e-2);
  model->eval();
  EXPECT_THAT(selected(*model), ElementsAre(0, 5, 10));
  EXPECT_GT(model->illustrated()->diagnostics(input).front().value, 0.99);
}

TEST(Concrete, NoFeatureIsSelectedTwice) {
  const auto model = small_concrete({{"latent-dim", 16}});
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor logits = model->named_parameters()["logits"];
    logits.zero_().select(1, 7).fill_(5);  // all want pixel 7
  }
  const std::vector<int64_t> all = selected(*model);
  EXPECT_EQ(std::set<int64_t>(all.begin(), all.end()).size(), 16);
}

TEST(Concrete, TheWeakerOfTwoSelectorsGivesUpTheirFeatureLateInTraining) {
  const auto model = small_concrete();
  torch::Tensor logits = model->named_parameters()["logits"];
  const auto wishes = [&] { return logits.argmax(1); };
  const torch::NoGradGuard no_grad;
  logits.zero_();
  logits[0][7] = 3;
  logits[1][7] = 5;
  logits[1][2] = 1;
  logits[0][4] = 1;
  logits[2][9] = 1;
  model->after_step({make_generator(1), torch::tensor(0.2)});
  EXPECT_TRUE(torch::equal(wishes(), torch::tensor({7, 7, 9})));
  model->after_step({make_generator(1), torch::tensor(0.9)});
  EXPECT_TRUE(torch::equal(wishes(), torch::tensor({4, 7, 9})));
}

TEST(Concrete, DecodesFromGivenFeatures) {
  const TemporaryFolder folder;
  write_file(folder / "features.txt", "12 3\n7\n");
  const auto model = small_concrete({{"features", (folder / "features.txt").string()}});
  {
    const torch::NoGradGuard no_grad;
    model->prepare(Examples());
  }
  EXPECT_THAT(selected(*model), ElementsAre(3, 7, 12));
  EXPECT_FALSE(model->named_parameters().contains("logits"));
}

TEST(Concrete, RefusesFeaturesThatAreNone) {
  const TemporaryFolder folder;
  const auto error_with = [&](const std::string& text) {
    write_file(folder / "features.txt", text);
    const auto model = small_concrete({{"features", (folder / "features.txt").string()}});
    return error_of([&] { model->prepare(Examples()); });
  };
  EXPECT_THAT(error_with("1 2"), HasSubstr("names 2 features, but latent-dim is 3; add --latent-dim 2"));
  EXPECT_THAT(error_with("1 2 16"), HasSubstr("'16' is no feature; give whole numbers from 0 to 15"));
  EXPECT_THAT(error_with("1 2 x"), HasSubstr("'x' is no feature"));
  EXPECT_THAT(error_with("1 2 2"), HasSubstr("names a feature twice"));
}

TEST(Concrete, CrossEntropyNeedsASigmoidOutput) {
  EXPECT_THAT(error_of([] {
                small_concrete({{"loss", "bce"}});
              }),
              HasSubstr("loss bce needs output-activation sigmoid, not none"));
}

TEST(Concrete, RefusesToSelectMoreFeaturesThanThereAre) {
  EXPECT_THAT(error_of([] { small_concrete({{"latent-dim", 17}}); }), HasSubstr("there are 16 features"));
}

}  // namespace
}  // namespace autoencoder
