#include <algorithm>
#include <cmath>
#include <set>

#include <torch/nn/modules/container/sequential.h>
#include <torch/types.h>

#include "common/random.h"
#include "export/torchscript.h"
#include "models/backbones/patch_transformer.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

constexpr uint64_t kMaskSeed = 3;

std::shared_ptr<Autoencoder> small_masked(const ImageShape& shape, const Json& options = Json::object()) {
  torch::manual_seed(7);
  Json given = {{"model", "masked"}, {"width", 16}, {"depth", 2}, {"heads", 2}, {"decoder-width", 8}};
  given.update(options);
  const auto model = make_model(given, shape);
  model->eval();
  return model;
}

torch::Tensor images(int64_t count, const ImageShape& shape) {
  torch::manual_seed(8);
  return torch::rand({count, shape.channels, shape.height, shape.width});
}

// The same mask each time.
double loss_of(Autoencoder& model, const torch::Tensor& input, const torch::Tensor& target) {
  return model.loss({input, target, {}}, {make_generator(kMaskSeed)}).total.item<double>();
}

// What loss_of hides of each image, N x C x H x W, and what it predicts there.
struct Hidden {
  torch::Tensor pixels;
  torch::Tensor filled_in;
};

Hidden hidden(Autoencoder& model, const torch::Tensor& input) {
  const std::vector<Panel> panels = model.illustrated()->panels(input, {make_generator(kMaskSeed)});
  return {panels.at(0).images != input, panels.at(1).images};
}

TEST(Patches, AreNumberedRowByRow) {
  const PatchGrid grid = {{2, 4, 6}, 2, 3};
  const torch::Tensor image = torch::arange(2 * 4 * 6, torch::kFloat32).view({1, 2, 4, 6});
  const torch::Tensor patches = patchify(image, grid);
  EXPECT_THAT(patches.sizes(), ElementsAre(1, 4, 12));
  const torch::Tensor expected = torch::tensor({3, 4, 5, 9, 10, 11, 27, 28, 29, 33, 34, 35}, torch::kFloat32);
  EXPECT_TRUE(torch::equal(patches[0][1], expected));
}

TEST(Patches, GoThereAndBackOnSidesThatAreNoMultiples) {
  for (const ImageShape& shape : {ImageShape{3, 9, 11}, {1, 1, 10}, {2, 8, 5}}) {
    const PatchGrid grid = {shape, std::min<int64_t>(4, shape.height), 4};
    const torch::Tensor input = images(3, shape);
    const torch::Tensor patches = patchify(input, grid);
    EXPECT_THAT(patches.sizes(), ElementsAre(3, grid.patches(), grid.patch_size()));
    EXPECT_TRUE(torch::equal(unpatchify(patches, grid), input)) << shape.text();
    EXPECT_EQ(patches.sum().item<float>(), patchify(input, grid).sum().item<float>()) << shape.text();
  }
}

TEST(TransformerBackbone, ServesOtherFamilies) {
  for (const char* family : {"plain", "variational", "contractive"}) {
    const ImageShape shape = {3, 9, 11};
    const Json given = {{"model", family}, {"backbone", "transformer"},
                        {"width", 16},     {"depth", 1},
                        {"heads", 2},      {"latent-dim", 5}};
    const auto model = make_model(given, shape);
    const torch::Tensor input = images(4, shape);
    model->loss({input, input, {}}, {make_generator(1)}).total.backward();
    EXPECT_THAT(model->encode(input).sizes(), ElementsAre(4, 5)) << family;
    EXPECT_EQ(model->forward(input).sizes(), input.sizes()) << family;
    const TemporaryFolder folder;
    EXPECT_LT(export_torchscript(*model, folder / "model.pt", {}).largest_difference, 1e-5) << family;
  }
}

TEST(TransformerBackbone, TellsPatchesApartByPosition) {
  const auto model = small_masked({1, 8, 8});
  const torch::Tensor positions = model->named_buffers()["embedding.2.positions"];
  ASSERT_THAT(positions.sizes(), ElementsAre(4, 16));
  // Of patch 1, in row 0 and column 1: sines and cosines of the column, then of the row.
  for (int64_t wave = 0; wave < 4; ++wave) {
    const double angle = std::pow(10'000.0, -static_cast<double>(wave) / 4);
    EXPECT_NEAR(positions[1][wave].item<double>(), std::sin(angle), 1e-6);
    EXPECT_NEAR(positions[1][wave + 4].item<double>(), std::cos(angle), 1e-6);
    EXPECT_EQ(positions[1][wave + 8].item<double>(), 0);
    EXPECT_EQ(positions[1][wave + 12].item<double>(), 1);
  }
}

TEST(TransformerBackbone, BothAttentionsGiveTheSame) {
  const torch::Tensor tokens = images(1, {2, 5, 16})[0];
  const auto output = [&](Attention attention) {
    torch::manual_seed(9);
    torch::nn::Sequential layers;
    append_blocks(layers, {.width = 16, .depth = 2, .heads = 2}, attention);
    for (torch::Tensor& parameter : layers->parameters()) {
      parameter.detach().mul_(20);  // so that attention is far from even
    }
    return layers->forward(tokens);
  };
  EXPECT_TRUE(
      torch::allclose(output(Attention::kFused), output(Attention::kTwiceDifferentiable), 1e-4, 1e-5));
}

TEST(TransformerBackbone, RefusesAWidthThatDoesNotGoWithTheHeads) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "plain"}, {"backbone", "transformer"}, {"width", 130}}, {1, 8, 8});
              }),
              HasSubstr("width is 130, but must be a multiple of 4 and of heads, which is 4"));
  EXPECT_THAT(error_of([] {
                make_model({{"model", "masked"}, {"heads", 3}, {"width", 12}}, {1, 8, 8});
              }),
              HasSubstr("decoder-width is 64, but must be a multiple of 4 and of heads, which is 3"));
}

TEST(Masked, HidesTheSameNumberOfPatchesOfEachImage) {
  const ImageShape shape = {1, 28, 28};
  for (const auto& [ratio, patches] : {std::pair{0.75, 37}, {0.5, 24}, {0.9, 44}}) {
    const auto model = small_masked(shape, {{"mask-ratio", ratio}});
    const torch::Tensor pixels = hidden(*model, images(6, shape)).pixels;
    const torch::Tensor share = patchify(pixels.to(torch::kFloat32), {shape, 4, 4}).mean(2);
    EXPECT_TRUE(torch::equal(share, share.round())) << "patches are hidden as a whole";
    EXPECT_TRUE((share.sum(1) == patches).all().item<bool>()) << ratio;
    EXPECT_FALSE(torch::equal(share[0], share[1])) << "each image has its own mask";
  }
}

TEST(Masked, TheLossIsTheSquaredErrorOfHiddenPixels) {
  const ImageShape shape = {3, 12, 8};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const auto [pixels, filled_in] = hidden(*model, input);
  const double expected = (filled_in - input).masked_select(pixels).square().mean().item<double>();
  EXPECT_NEAR(loss_of(*model, input, input), expected, 1e-6);
}

// Of sides that are no multiples of a patch's not all examples have as many pixels hidden.
TEST(Masked, TheLossIsTheMeanOfThatOfTheExamples) {
  const ImageShape shape = {3, 9, 11};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const auto [pixels, filled_in] = hidden(*model, input);
  double sum = 0;
  std::set<int64_t> counts;
  for (int64_t i = 0; i < 5; ++i) {
    const torch::Tensor errors = (filled_in[i] - input[i]).masked_select(pixels[i]).square();
    sum += errors.mean().item<double>();
    counts.insert(errors.numel());
  }
  EXPECT_NEAR(loss_of(*model, input, input), sum / 5, 1e-6);
  EXPECT_GT(counts.size(), 1);
}

TEST(Masked, TheLossIsOfHiddenPixelsAlone) {
  const ImageShape shape = {3, 9, 11};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const auto [pixels, filled_in] = hidden(*model, input);
  const torch::Tensor elsewhere = torch::where(pixels, input, 1 - input);
  EXPECT_EQ(loss_of(*model, input, elsewhere), loss_of(*model, input, input));
  EXPECT_NE(loss_of(*model, input, 1 - elsewhere), loss_of(*model, input, input));
}

TEST(Masked, TheEncoderDoesNotSeeHiddenPatches) {
  const ImageShape shape = {3, 9, 11};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const auto [pixels, filled_in] = hidden(*model, input);
  const torch::Tensor otherwise_hidden = torch::where(pixels, 1 - input, input);
  EXPECT_TRUE(torch::equal(hidden(*model, otherwise_hidden).filled_in, filled_in));
  EXPECT_EQ(loss_of(*model, otherwise_hidden, input), loss_of(*model, input, input));
  EXPECT_NE(loss_of(*model, 1 - otherwise_hidden, input), loss_of(*model, input, input));
}

TEST(Masked, PanelsShowTheMaskInGreyAndPasteWhatIsVisible) {
  const ImageShape shape = {3, 9, 11};
  const auto model = small_masked(shape);
  const torch::Tensor offset = torch::full({3, 9, 11}, 0.25);
  model->set_scaling({offset, 2 * torch::ones_like(offset)});
  const torch::Tensor input = images(5, shape);
  const std::vector<Panel> panels = model->illustrated()->panels(input, {make_generator(kMaskSeed)});
  ASSERT_EQ(panels.size(), 2);
  EXPECT_EQ(panels[0].caption, "masked");
  EXPECT_EQ(panels[1].caption, "filled in");
  const torch::Tensor pixels = panels[0].images != input;
  EXPECT_TRUE((panels[0].images.masked_select(pixels) == 0.5).all().item<bool>());
  EXPECT_TRUE(torch::equal(panels[1].images.masked_select(~pixels), input.masked_select(~pixels)));
  EXPECT_FALSE((panels[1].images.masked_select(pixels) == input.masked_select(pixels)).any().item<bool>());
}

TEST(Masked, PicturesOfPredictionsAreInTheUnitsOfTheData) {
  const ImageShape shape = {1, 12, 12};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const auto [pixels, filled_in] = hidden(*model, input);
  const torch::Tensor offset = torch::full({1, 12, 12}, 3.0);
  model->set_scaling({offset, 2 * torch::ones_like(offset)});
  EXPECT_TRUE(torch::allclose(hidden(*model, 2 * input + 3).filled_in, 2 * filled_in + 3, 1e-4, 1e-5));
}

// Sides of 12 make 9 patches, of 28 make 49: four groups are of unequal size in both.
TEST(Masked, NoPatchHasAPartInItsOwnReconstruction) {
  for (const ImageShape& shape : {ImageShape{1, 12, 12}, {1, 28, 28}, {3, 9, 11}}) {
    for (const double ratio : {0.5, 0.75}) {
      const auto model = small_masked(shape, {{"mask-ratio", ratio}});
      const PatchGrid grid = {shape, 4, 4};
      const torch::Tensor input = images(1, shape);
      const torch::Tensor before = patchify(model->forward(input), grid);
      const torch::Tensor patches = patchify(input, grid);
      for (int64_t patch = 0; patch < grid.patches(); ++patch) {
        torch::Tensor changed = patches.clone();
        changed[0][patch] = 1 - changed[0][patch];
        const torch::Tensor after = patchify(model->forward(unpatchify(changed, grid)), grid);
        EXPECT_TRUE(torch::equal(after[0][patch], before[0][patch])) << shape.text() << " patch " << patch;
        const torch::Tensor differs = (after != before).any(2).sum();
        EXPECT_GE(differs.item<int64_t>(), grid.patches() / 2) << shape.text() << " patch " << patch;
      }
    }
  }
}

TEST(Masked, AReconstructionIsTheMeanOfWhatTheOtherGroupsPredict) {
  // With the decoder's last layer at a bias of 1 each group predicts 1 everywhere.
  const auto model = small_masked({3, 9, 11});
  const torch::NoGradGuard no_grad;
  model->named_parameters()["decoder.3.weight"].zero_();
  model->named_parameters()["decoder.3.bias"].fill_(1);
  const torch::Tensor output = model->forward(images(2, {3, 9, 11}));
  EXPECT_TRUE(torch::allclose(output, torch::ones_like(output)));
}

TEST(Masked, TheCodeIsTheTokensOfAllGroups) {
  const ImageShape shape = {1, 28, 28};
  EXPECT_EQ(small_masked(shape)->latent_dim(), 4 * 13 * 16);
  EXPECT_EQ(small_masked(shape, {{"mask-ratio", 0.5}})->latent_dim(), 2 * 25 * 16);
  EXPECT_EQ(small_masked(shape, {{"mask-ratio", 0.9}})->latent_dim(), 10 * 5 * 16);
  EXPECT_EQ(small_masked(shape, {{"mask-ratio", 0.1}})->latent_dim(), 2 * 25 * 16);
  EXPECT_EQ(small_masked({1, 5, 5}, {{"mask-ratio", 0.9}})->latent_dim(), 4 * 1 * 16);
}

TEST(Masked, FeaturesAreTokensOfTheWholeImagePooled) {
  const ImageShape shape = {3, 9, 11};
  const auto model = small_masked(shape);
  const torch::Tensor input = images(5, shape);
  const torch::Tensor features = model->features(input);
  EXPECT_THAT(features.sizes(), ElementsAre(5, 16));
  std::vector<Stage> stages = model->stages();
  const torch::Tensor tokens = stages[1].layers->forward(stages[0].layers->forward(input));
  EXPECT_THAT(tokens.sizes(), ElementsAre(5, 9, 16));
  EXPECT_TRUE(torch::allclose(features, tokens.mean(1)));
  const torch::Tensor offset = torch::full({3, 9, 11}, 3.0);
  model->set_scaling({offset, 2 * torch::ones_like(offset)});
  EXPECT_TRUE(torch::allclose(model->features(2 * input + 3), features, 1e-3, 1e-4));
}

TEST(Masked, StagesLeadFromThePixelsToThePixels) {
  const auto model = small_masked({3, 9, 11});
  int64_t parameters = model->named_parameters()["mask_token"].numel();
  for (Stage& stage : model->stages()) {
    std::vector<int64_t> sizes = {1};
    sizes.insert(sizes.end(), stage.input_sizes.begin(), stage.input_sizes.end());
    stage.layers->forward(torch::zeros(sizes));
    for (const torch::Tensor& parameter : stage.layers->parameters()) {
      parameters += parameter.numel();
    }
  }
  int64_t all = 0;
  for (const torch::Tensor& parameter : model->parameters()) {
    all += parameter.numel();
  }
  EXPECT_EQ(parameters, all);
}

TEST(Masked, TakesPlainVectors) {
  const auto model = small_masked({1, 1, 30});
  const torch::Tensor input = images(3, {1, 1, 30});
  EXPECT_EQ(model->forward(input).sizes(), input.sizes());
}

TEST(Masked, RefusesWhatIsOnePatch) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "masked"}, {"patch-size", 12}}, {1, 12, 12});
              }),
              HasSubstr("is one patch of 12x12, which leaves none to predict it from; lower --patch-size"));
  EXPECT_THAT(error_of([] {
                resolve_model({{"model", "masked"}, {"backbone", "dense"}});
              }),
              HasSubstr("model masked learns with the transformer backbone alone"));
}

}  // namespace
}  // namespace autoencoder
