#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

const ImageShape kContractiveShape = {1, 8, 8};

std::shared_ptr<Autoencoder> small_contractive(const Json& more) {
  torch::manual_seed(3);
  Json options = {{"model", "contractive"}, {"latent-dim", 6}};
  options.update(more);
  auto model = make_model(options, kContractiveShape);
  model->to(torch::kFloat64);
  return model;
}

torch::Tensor contractive_images(int64_t count) {
  return torch::rand({count, 1, 8, 8}, make_generator(5), torch::kFloat64);
}

// The squared norm of the Jacobian, mean over the batch, by central differences.
double finite_difference_penalty(Autoencoder& model, const torch::Tensor& input) {
  const torch::NoGradGuard no_grad;
  constexpr double kStep = 1e-5;
  double sum = 0;
  for (int64_t pixel = 0; pixel < 64; ++pixel) {
    const torch::Tensor nudge = torch::zeros({64}, torch::kFloat64);
    nudge[pixel] = kStep;
    const torch::Tensor by = nudge.view({1, 1, 8, 8});
    const torch::Tensor slope = (model.encode(input + by) - model.encode(input - by)) / (2 * kStep);
    sum += slope.square().sum().item<double>();
  }
  return sum / static_cast<double>(input.size(0));
}

double penalty_of(Autoencoder& model, const torch::Tensor& input) {
  return model.loss({input, input, {}}, {make_generator(1)}).terms.at(1).value.item<double>();
}

TEST(Contractive, ThePenaltyOfOneLayerIsExact) {
  for (const char* activation : {"sigmoid", "tanh", "softplus", "none"}) {
    const auto model = small_contractive({{"code-activation", activation}});
    const torch::Tensor input = contractive_images(4);
    EXPECT_NEAR(penalty_of(*model, input), finite_difference_penalty(*model, input), 1e-7) << activation;
  }
}

TEST(Contractive, ManyProbesOfADeepEncoderComeToTheJacobian) {
  for (const Json& backbone :
       {Json{{"hidden", {12}}, {"activation", "tanh"}},
        Json{{"backbone", "conv"}, {"channels", {4}}, {"activation", "tanh"}, {"hidden", nullptr}}}) {
    Json options = backbone;
    if (options.contains("backbone")) {
      options.erase("hidden");
    }
    options["probes"] = 3000;
    const auto model = small_contractive(options);
    const torch::Tensor input = contractive_images(2);
    const double expected = finite_difference_penalty(*model, input);
    EXPECT_NEAR(penalty_of(*model, input), expected, 0.05 * expected) << options;
  }
}

TEST(Contractive, ThePenaltysGradientReachesTheEncoder) {
  for (const Json& options : {Json{{"strength", 1}}, Json{{"strength", 1}, {"hidden", {12}}}}) {
    const auto gradient = [&](double strength) {
      Json with = options;
      with["strength"] = strength;
      const auto model = small_contractive(with);
      const torch::Tensor input = contractive_images(4);
      model->loss({input, input, {}}, {make_generator(1)}).total.backward();
      return model->named_parameters()["encoder.1.weight"].grad();
    };
    EXPECT_FALSE(torch::allclose(gradient(0), gradient(10), 1e-3));
  }
}

TEST(Contractive, ValidationKnowsThePenaltyToo) {
  for (const Json& options : {Json::object(), Json{{"hidden", {12}}}}) {
    const auto model = small_contractive(options);
    const double expected = penalty_of(*model, contractive_images(4));
    const torch::NoGradGuard no_grad;
    EXPECT_DOUBLE_EQ(penalty_of(*model, contractive_images(4)), expected);
  }
}

}  // namespace
}  // namespace autoencoder
