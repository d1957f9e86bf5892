// The plain autoencoder: a code of few numbers and the reconstruction error alone (Rumelhart, Hinton &
// Williams 1986; Hinton & Salakhutdinov 2006).

#include <torch/nn/init.h>

#include "models/backbone_autoencoder.h"
#include "models/initialisation.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class Plain : public BackboneAutoencoder {
 public:
  struct Options : BackboneAutoencoderOptions {
    Activation code_activation = Activation::kNone;

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.choice("code-activation", code_activation, "activation of the code", activations());
    }
  };

  Plain(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape), code_activation_(options.code_activation) {
    if (code_activation_ == Activation::kRelu) {
      keep_units_alive();
    }
  }

  Division division() const override { return division_of_layers(); }

 private:
  // LibTorch's own weights and biases start a quarter of such a code below 0 for every example, where nothing
  // is learned. Glorot's weights (Glorot & Bengio 2010, eq. 16) without biases do not.
  void keep_units_alive() {
    initialise(*this, [](const Tensor& weight) { torch::nn::init::xavier_uniform_(weight); });
  }

  Tensor do_encode(const Tensor& input) override { return activate(code_activation_, run_encoder(input)); }

  // Mean over pixels and batch.
  Loss do_loss(const Batch& batch, const Step& /*step*/) override {
    return {mean_error(do_encode(batch.input), batch.target), {}};
  }

  Activation code_activation_;
};

const FamilyRegistration<Plain> plain("plain", "reconstruction error alone");
const ModelRegistration dense({"dense", "plain, fully connected: 784-128-32-128-784 on MNIST", "plain",
                               "dense"});
const ModelRegistration shallow({"shallow",
                                 "plain, one ReLU layer each way: 784-32-784 on MNIST",
                                 "plain",
                                 "dense",
                                 {{"hidden", Json::array()}, {"code-activation", "relu"}}});
const ModelRegistration deep({"deep",
                              "plain, fully connected: 784-256-128-32-128-256-784 on MNIST",
                              "plain",
                              "dense",
                              {{"hidden", {256, 128}}}});
const ModelRegistration conv({"conv",
                              "plain, convolutional: strided convolutions to a code of 32",
                              "plain",
                              "conv",
                              {{"batch-size", 128}, {"learning-rate", 3e-3}, {"schedule", "cosine"}}});
const ModelRegistration conv_pool(
    {"conv-pool",
     "plain, convolutions with max pooling: the code of MNIST is a picture of 7x7",
     "plain",
     "conv-pool",
     {{"channels", {16, 32}},
      {"code-channels", 1},
      {"output-activation", "none"},
      {"batch-size", 128},
      {"learning-rate", 3e-3},
      {"schedule", "cosine"}}});
const ModelRegistration residual({"residual",
                                  "plain, residual blocks with group normalisation: the best reconstruction",
                                  "plain",
                                  "residual",
                                  {{"activation", "silu"},
                                   {"batch-size", 128},
                                   {"learning-rate", 2e-3},
                                   {"schedule", "cosine"},
                                   {"warmup", 1}}});
const ModelRegistration denoising(
    {"denoising",
     "plain, convolutional: restores images from noise of 0.3",
     "plain",
     "conv",
     {{"corruption", "gaussian:0.3"}, {"batch-size", 128}, {"learning-rate", 3e-3}, {"schedule", "cosine"}}});
// Denoising at every level of noise is learning the gradient of the density at every scale (Vincent 2011;
// Song & Ermon 2019, section 3): what is changed in an example tells where others would lie.
const ModelRegistration outliers(
    {"outliers",
     "plain, for rows of numbers: restores them from noise of any level, to find "
     "those that are strange",
     "plain",
     "dense",
     {{"hidden", {128}},
      {"latent-dim", 64},
      {"activation", "gelu"},
      {"output-activation", "none"},
      {"loss", "mse"},
      {"scale", "standard"},
      {"corruption", "gaussian:0.1..1"},
      {"batch-size", 128},
      {"schedule", "cosine"}}});

}  // namespace
}  // namespace autoencoder
