// The plain autoencoder: a code of few numbers and the reconstruction error alone (Rumelhart, Hinton &
// Williams 1986; Hinton & Salakhutdinov 2006).

#include "models/activation.h"
#include "models/backbone_autoencoder.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

class Plain : public BackboneAutoencoder {
 public:
  struct Options : BackboneAutoencoderOptions {
    std::string code_activation = "none";

    void visit(OptionVisitor& visitor) override {
      BackboneAutoencoderOptions::visit(visitor);
      visitor.option("code-activation", code_activation, "activation of the code",
                     one_of(activation_names()));
    }
  };

  Plain(const Options& options, const Backbone& backbone, const ImageShape& shape)
      : BackboneAutoencoder(options, backbone, shape, options.latent_dim),
        code_activation_(options.code_activation) {}

  Tensor encode(const Tensor& input) override { return activate(code_activation_, run_encoder(input)); }

  /// Mean over pixels and batch.
  Loss loss(const Batch& batch, const Step& /*step*/) override {
    return {pixel_errors(encode(batch.input), batch.target).mean(), {}};
  }

 private:
  std::string code_activation_;
};

const FamilyRegistration<Plain> plain("plain", "reconstruction error alone");
const ModelRegistration dense({"dense", "plain, fully connected: 784-128-32-128-784 on MNIST", "plain",
                               "dense"});
const ModelRegistration conv({"conv",
                              "plain, convolutional: two strided convolutions to a code of 32",
                              "plain",
                              "conv",
                              {{"batch-size", 128}}});

}  // namespace
}  // namespace autoencoder
