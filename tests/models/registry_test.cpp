#include "models/registry.h"

#include "common/text.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::Contains;
using testing::error_of;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

TEST(Registry, HoldsFamiliesAndShortNames) {
  EXPECT_THAT(model_names(), IsSupersetOf({"plain", "variational", "dense", "conv", "vae", "conv-vae"}));
  EXPECT_THAT(backbone_names(), IsSupersetOf({"dense", "conv"}));
}

TEST(Registry, AShortNameIsItsFamilyOnItsBackbone) {
  const ImageShape shape = {1, 8, 8};
  for (const auto& [name, family, backbone] : {std::tuple{"dense", "plain", "dense"},
                                               {"conv", "plain", "conv"},
                                               {"conv-vae", "variational", "conv"}}) {
    const auto short_name = make_model({{"model", name}}, shape)->named_parameters().keys();
    const auto long_name =
        make_model({{"model", family}, {"backbone", backbone}}, shape)->named_parameters().keys();
    EXPECT_EQ(short_name, long_name) << name;
  }
}

TEST(Registry, DefaultsOfTheNameComeBetweenTheGeneralOnesAndTheGivenOnes) {
  EXPECT_EQ(resolve_model({{"model", "variational"}}).at("hidden"), Json({128}));
  EXPECT_EQ(resolve_model({{"model", "vae"}}).at("hidden"), Json({400}));
  EXPECT_EQ(resolve_model({{"model", "vae"}, {"hidden", {50}}}).at("hidden"), Json({50}));
  EXPECT_EQ(find_model("conv").defaults,
            Json({{"batch-size", 128}, {"learning-rate", 3e-3}, {"schedule", "cosine"}}));
}

TEST(Registry, ResolvedOptionsAreCompleteAndHoldNothingElse) {
  const Json resolved = resolve_model({{"model", "conv-vae"}, {"epochs", 5}});
  EXPECT_EQ(resolved.at("backbone"), "conv");
  EXPECT_EQ(resolved.at("beta"), 1.0);
  EXPECT_EQ(resolved.at("channels"), Json::array({0}));
  EXPECT_FALSE(resolved.contains("epochs"));
  EXPECT_FALSE(resolved.contains("hidden"));
}

TEST(Registry, SuggestsTheNearestName) {
  EXPECT_THAT(error_of([] { find_model("cov-vae"); }), HasSubstr("no model is called 'cov-vae'"));
  EXPECT_THAT(error_of([] { find_model("cov-vae"); }), HasSubstr("did you mean 'conv-vae'?"));
  EXPECT_THAT(error_of([] {
                resolve_model({{"model", "plain"}, {"backbone", "dens"}});
              }),
              HasSubstr("no backbone is called 'dens' (there are " + join(backbone_names()) +
                        "); did you mean 'dense'?"));
}

TEST(Registry, AFamilyMayHaveOneBackboneAlone) {
  EXPECT_THAT(error_of([] {
                resolve_model({{"model", "linear"}, {"backbone", "conv"}});
              }),
              HasSubstr("model linear learns with the dense backbone alone; leave --backbone away"));
}

TEST(Registry, AShortNameFixesItsBackbone) {
  EXPECT_EQ(
      error_of([] {
        resolve_model({{"model", "dense"}, {"backbone", "conv"}});
      }),
      "model dense is the plain family on the dense backbone; for conv use --model plain --backbone conv");
  EXPECT_EQ(resolve_model({{"model", "dense"}, {"backbone", "dense"}}).at("backbone"), "dense");
}

TEST(Registry, KnowsTheOptionsOfAllModelsOnce) {
  std::vector<std::string> names;
  for (const OptionSpec& spec : all_model_options()) {
    EXPECT_THAT(names, ::testing::Not(Contains(spec.name)));
    names.push_back(spec.name);
  }
  EXPECT_THAT(names, IsSupersetOf({"latent-dim", "hidden", "channels", "activation", "code-activation",
                                   "output-activation", "loss", "beta"}));
}

TEST(Registry, CrossEntropyNeedsASigmoid) {
  EXPECT_THAT(error_of([] {
                make_model({{"model", "dense"}, {"loss", "bce"}, {"output-activation", "none"}}, {1, 8, 8});
              }),
              HasSubstr("loss bce needs output-activation sigmoid, not none"));
}

}  // namespace
}  // namespace autoencoder
