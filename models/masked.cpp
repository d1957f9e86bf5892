// The masked autoencoder (He et al. 2022): the encoder sees a quarter of an image's patches, the decoder
// predicts the others from their tokens. What it learns serves other tasks: its features are better than its
// reconstructions.
//
// An encoder that only ever saw a quarter of the patches encodes a whole image in quarters: fixed groups of
// patches, each by itself. The code is the tokens of all groups, more numbers than a small image has pixels.
// The reconstruction of a patch is the mean of the predictions from the groups that it is not in, so that no
// patch has a part in its own.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/nn/init.h>
#include <torch/nn/modules/linear.h>

#include "common/error.h"
#include "common/random.h"
#include "models/backbones/patch_transformer.h"
#include "models/kernels/fused_layers.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr uint64_t kGroupSeed = 0;  // all models of a shape have the same groups
constexpr double kMidGrey = 0.5;

const Tokens& tokens_of(const Backbone& backbone) {
  const Tokens* tokens = backbone.tokens();
  TORCH_CHECK(tokens != nullptr, "the masked family is registered on a backbone without tokens");
  return *tokens;
}

// The patches of an image dealt to groups of equal size at random, but always in the same way.
struct PatchGroups {
  // groups x size: the patches of each group. One that is a patch short has its first one twice: the copy
  // tells the encoder nothing new, and no attention needs a mask for what is missing.
  Tensor members;
  Tensor places;  // groups x patches: a patch's place in the group, or `size` where it is not in it
};

PatchGroups deal(int64_t patches, int64_t groups, int64_t size) {
  const Tensor order = torch::randperm(patches, make_generator(kGroupSeed), torch::kInt64);
  PatchGroups dealt = {order.narrow(0, 0, groups).unsqueeze(1).repeat({1, size}),
                       torch::full({groups, patches}, size, torch::kInt64)};
  for (int64_t next = 0; next < patches; ++next) {
    dealt.members[next % groups][next / groups] = order[next];
    dealt.places[next % groups][order[next].item<int64_t>()] = next / groups;
  }
  return dealt;
}

int64_t group_count(double mask_ratio, const PatchGrid& grid) {
  if (grid.patches() < 2) {
    throw Error(
        fmt::format("an image of {} is one patch of {}x{}, which leaves none to predict it from; lower "
                    "--patch-size",
                    grid.image.text(), grid.patch_height, grid.patch_width));
  }
  const double count = std::round(1 / (1 - mask_ratio));
  return static_cast<int64_t>(std::clamp(count, 2.0, static_cast<double>(grid.patches())));
}

int64_t group_size(double mask_ratio, const PatchGrid& grid) {
  const int64_t groups = group_count(mask_ratio, grid);
  return (grid.patches() + groups - 1) / groups;
}

int64_t visible_count(double mask_ratio, int64_t patches) {
  const double visible = std::round(static_cast<double>(patches) * (1 - mask_ratio));
  return std::clamp<int64_t>(static_cast<int64_t>(visible), 1, patches - 1);
}

class Masked : public Autoencoder, public Illustrated {
 public:
  struct Options : autoencoder::Options {
    double mask_ratio = 0.75;
    int64_t decoder_width = 64;
    int64_t decoder_depth = 1;

    void visit(OptionVisitor& visitor) override {
      visitor.option("mask-ratio", mask_ratio, "share of patches that the encoder does not see in training",
                     {.min = 0, .max = 1, .open_below = true, .open_above = true, .choices = {}});
      visitor.option("decoder-width", decoder_width, "numbers in a token of the decoder",
                     between(4, kMostUnits));
      visitor.option("decoder-depth", decoder_depth, "transformer blocks of the decoder",
                     between(1, kMostLayers));
    }
  };

  Masked(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : Masked(options, tokens_of(backbone).size(), tokens_of(backbone).grid(shape)) {}

  Division division() const override { return division_; }

  /// The mean of the tokens of all patches, N x width.
  Tensor features(const Tensor& input) override {
    return forward_fused(encoder_, forward_fused(embedding_, scaled(input))).mean(1);
  }

  bool is_told_of_holes() const override { return true; }

  /// From the patches without a hole; mid-grey where an example has none.
  Tensor predict_holes(const Tensor& input) override {
    std::vector<Tensor> predictions;
    for (const Tensor& example : input.split(1)) {
      predictions.push_back(predict_holes_of(example));
    }
    return torch::cat(predictions);
  }

  Illustrated* illustrated() override { return this; }

  /// What the encoder sees of an image in training, and what the decoder makes of that.
  std::vector<Panel> panels(const Tensor& input, const Step& step) override {
    const torch::NoGradGuard no_grad;
    const Mask mask = draw_mask(input.size(0), step.rng);
    const Tensor hidden = hidden_pixels(mask.places, visible_);
    return {{"masked", torch::where(hidden, kMidGrey, input)},
            {"filled in", torch::where(hidden, unscaled(predict(scaled(input), mask)), input)}};
  }

  std::vector<Stage> stages() override {
    const auto& [channels, height, width] = input_shape();
    return {{"embedding", embedding_, {channels, height, width}},
            {"encoder", encoder_, {visible_, size_.width}},
            {"to the decoder", torch::nn::Sequential(narrowing_), {visible_, size_.width}},
            {"decoder", decoder_, {grid_.patches(), narrowing_->options.out_features()}}};
  }

 private:
  // Which patches of each example the encoder sees.
  struct Mask {
    Tensor visible;  // N x V: their numbers
    Tensor places;   // N x patches: a patch's place among them, or V where it is none of them
  };

  Masked(const Options& options, const TransformerSize& size, const PatchGrid& grid)
      : Autoencoder(grid.image, {group_count(options.mask_ratio, grid) *
                                     group_size(options.mask_ratio, grid) * size.width,
                                 1, 1}),
        size_(size),
        grid_(grid),
        groups_(group_count(options.mask_ratio, grid)),
        group_size_(group_size(options.mask_ratio, grid)),
        visible_(visible_count(options.mask_ratio, grid.patches())) {
    make_layers({options.decoder_width, options.decoder_depth, size.heads});
    register_groups();
  }

  void make_layers(const TransformerSize& decoder_size) {
    check_transformer(size_, "width");
    check_transformer(decoder_size, "decoder-width");
    append_patch_embedding(embedding_, grid_, size_.width);
    append_blocks(encoder_, size_, Attention::kFused);
    narrowing_ = token_linear(size_.width, decoder_size.width);
    append_patch_decoder(decoder_, grid_, decoder_size);
    register_module("embedding", embedding_);
    register_module("encoder", encoder_);
    register_module("narrowing", narrowing_);
    register_module("decoder", decoder_);
    division_ = std::min({division_of(*embedding_), division_of(*encoder_), division_of(*decoder_)});
    mask_token_ = register_parameter("mask_token", torch::empty({1, 1, decoder_size.width}));
    torch::nn::init::normal_(mask_token_, 0, 0.02);
  }

  void register_groups() {
    const PatchGroups dealt = deal(grid_.patches(), groups_, group_size_);
    // The groups' tokens lie in a row, the mask token after each group.
    const Tensor starts = torch::arange(groups_).unsqueeze(1) * (group_size_ + 1);
    members_ = register_buffer("members", dealt.members.flatten());
    places_ = register_buffer("places", (dealt.places + starts).flatten());
    const Tensor hidden = hidden_pixels(dealt.places, group_size_).to(torch::kFloat32);
    weights_ = register_buffer("weights", hidden / hidden.sum(0, /*keepdim=*/true));
  }

  Tensor do_encode(const Tensor& input) override {
    const Tensor visible = forward_fused(embedding_, input).index_select(1, members_);
    const Tensor grouped = visible.unflatten(1, {groups_, group_size_}).flatten(0, 1);
    return forward_fused(encoder_, grouped).unflatten(0, {-1, groups_}).flatten(1);
  }

  Tensor do_decode(const Tensor& code) override {
    const Tensor tokens = code.unflatten(1, {groups_, group_size_, size_.width}).flatten(0, 1);
    const Tensor known = with_mask_token(tokens).unflatten(0, {-1, groups_}).flatten(1, 2);
    const Tensor all = known.index_select(1, places_).unflatten(1, {groups_, grid_.patches()});
    const Tensor predictions = forward_fused(decoder_, all.flatten(0, 1)).unflatten(0, {-1, groups_});
    return (predictions * weights_).sum(1);
  }

  // Mean over the pixels of an example that the encoder did not see, then over the batch. Patches that reach
  // over the edge have fewer pixels: how many are hidden differs from example to example.
  Loss do_loss(const Batch& batch, const Step& step) override {
    const Mask mask = draw_mask(batch.input.size(0), step.rng);
    const Tensor hidden = hidden_pixels(mask.places, visible_).expand_as(batch.target).to(torch::kFloat32);
    const Tensor error = (predict(batch.input, mask) - batch.target).square();
    const Tensor of_example = (error * hidden).flatten(1).sum(1) / hidden.flatten(1).sum(1);
    return {of_example.mean(), {}};
  }

  Mask draw_mask(int64_t count, const at::Generator& rng) const {
    const Tensor noise =
        torch::rand({count, grid_.patches()}, rng, mask_token_.options().requires_grad(false));
    const Tensor order = noise.argsort(int64_t{1});
    return {order.narrow(1, 0, visible_), order.argsort(int64_t{1}).clamp_max(visible_)};
  }

  // 1 x C x H x W: each example has other patches to see.
  Tensor predict_holes_of(const Tensor& example) {
    const Tensor is_hidden = patchify(example.isnan().to(torch::kFloat32), grid_).amax(2)[0] > 0;
    const Tensor visible = is_hidden.logical_not().nonzero().flatten();
    const int64_t count = visible.size(0);
    if (count == 0) {
      return torch::full_like(example, kMidGrey);
    }
    const Tensor places = torch::full({grid_.patches()}, count, visible.options());
    places.index_copy_(0, visible, torch::arange(count, visible.options()));
    const Tensor seen = scaled(example.nan_to_num(kMidGrey));
    return unscaled(predict(seen, {visible.unsqueeze(0), places.unsqueeze(0)}));
  }

  // N x C x H x W, float32, predicted from the visible patches; has a meaning where the others are.
  Tensor predict(const Tensor& input, const Mask& mask) {
    const Tensor visible = pick(forward_fused(embedding_, input), mask.visible);
    const Tensor known = with_mask_token(forward_fused(encoder_, visible));
    return forward_fused(decoder_, pick(known, mask.places)).to(torch::kFloat32);
  }

  // N x T x width of the encoder -> N x (T + 1) x width of the decoder.
  Tensor with_mask_token(const Tensor& tokens) {
    const Tensor narrowed = forward_fused(narrowing_, tokens);
    return torch::cat({narrowed, mask_token_.expand_as(narrowed.narrow(1, 0, 1))}, 1);
  }

  // N x T x width, N x K -> N x K x width.
  static Tensor pick(const Tensor& tokens, const Tensor& indices) {
    return tokens.gather(1, indices.unsqueeze(2).expand({-1, -1, tokens.size(2)}));
  }

  // Which pixels lie in patches whose place is `nowhere`: N x patches -> N x 1 x H x W, bool.
  Tensor hidden_pixels(const Tensor& places, int64_t nowhere) const {
    const PatchGrid plane = grid_.of_one_channel();
    const Tensor hidden = (places == nowhere).unsqueeze(2);
    return unpatchify(hidden.expand({-1, -1, plane.patch_size()}), plane);
  }

  TransformerSize size_;
  PatchGrid grid_;
  int64_t groups_;
  int64_t group_size_;  // patches
  int64_t visible_;     // patches that the encoder sees in training
  torch::nn::Sequential embedding_;
  torch::nn::Sequential encoder_;
  torch::nn::Linear narrowing_ = nullptr;  // from the encoder's width to the decoder's
  torch::nn::Sequential decoder_;
  Tensor mask_token_;  // 1 x 1 x the decoder's width: stands for what the encoder did not see
  Tensor members_;     // all groups' patches in a row
  Tensor places_;      // for each group and patch, where its token lies among all groups' tokens
  Tensor weights_;     // groups x 1 x H x W: a prediction's share in a pixel's reconstruction
  Division division_ = Division::kNone;
};

const FamilyRegistration<Masked> masked(
    "masked", "predicts three quarters of an image from the rest: features for other tasks", "transformer",
    {{"width", 64}, {"batch-size", 64}, {"learning-rate", 2e-3}, {"schedule", "cosine"}, {"warmup", 1}});

}  // namespace
}  // namespace autoencoder
