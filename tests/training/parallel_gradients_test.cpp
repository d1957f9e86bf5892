#include "training/parallel_gradients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "common/random.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr ImageShape kDividedShape = {1, 12, 12};

class ParallelGradients : public ::testing::Test {
 protected:
  ParallelGradients() : threads_(torch::get_num_threads()) { torch::manual_seed(2); }
  ~ParallelGradients() override { torch::set_num_threads(threads_); }

  // Loss and gradients of a batch, computed by so many threads.
  static Loss differentiate(Autoencoder& model, const Batch& batch, int threads, uint64_t seed = 7) {
    torch::set_num_threads(threads);
    return differentiate_in_parallel(
        model.parameters(), batch, {make_generator(seed)},
        [&](const Batch& some, const Step& step) { return model.loss(some, step); });
  }

  static torch::Tensor flat_gradient(const Autoencoder& model) {
    std::vector<torch::Tensor> parts;
    for (const torch::Tensor& parameter : model.parameters()) {
      parts.push_back(parameter.grad().flatten());
    }
    return torch::cat(parts);
  }

  static Batch batch(int64_t count) {
    const torch::Tensor images =
        torch::rand({count, kDividedShape.channels, kDividedShape.height, kDividedShape.width});
    return {images, images, {}};
  }

 private:
  int threads_;
};

TEST_F(ParallelGradients, AreThoseOfTheWholeBatch) {
  for (const std::string name : {"dense", "conv", "contractive", "sparse-l1"}) {
    const auto model = make_model({{"model", name}}, kDividedShape);
    ASSERT_TRUE(model->is_separable()) << name;
    const Batch examples = batch(50);  // no multiple of 3
    const Loss whole = model->loss(examples, {make_generator(1)});
    whole.total.backward();
    const torch::Tensor expected = flat_gradient(*model);
    for (const int threads : {1, 3}) {
      const Loss loss = differentiate(*model, examples, threads);
      EXPECT_NEAR(loss.total.item<double>(), whole.total.item<double>(), 1e-5) << name;
      EXPECT_TRUE(torch::allclose(flat_gradient(*model), expected, 1e-3, 1e-6)) << name;
      ASSERT_EQ(loss.terms.size(), whole.terms.size());
      for (size_t term = 0; term < loss.terms.size(); ++term) {
        EXPECT_EQ(loss.terms[term].name, whole.terms[term].name);
        EXPECT_NEAR(loss.terms[term].value.item<double>(), whole.terms[term].value.item<double>(), 1e-4);
      }
    }
  }
}

TEST_F(ParallelGradients, AreTheSameForTheSameNoise) {
  const auto model = make_model({{"model", "vae"}}, kDividedShape);
  const Batch examples = batch(64);
  const double loss = differentiate(*model, examples, 2).total.item<double>();
  const torch::Tensor gradient = flat_gradient(*model);
  EXPECT_EQ(differentiate(*model, examples, 2).total.item<double>(), loss);
  EXPECT_TRUE(torch::equal(flat_gradient(*model), gradient));
  EXPECT_NE(differentiate(*model, examples, 2, 8).total.item<double>(), loss);
}

TEST_F(ParallelGradients, AreNotComputedForTheLossAlone) {
  for (const std::string name : {"dense", "conv", "contractive", "vae"}) {
    const auto model = make_model({{"model", name}}, kDividedShape);
    const Batch examples = batch(50);
    const Loss expected = differentiate(*model, examples, 3);
    model->zero_grad();
    const torch::NoGradGuard no_grad;
    const Loss loss =
        compute_in_parallel(examples, {make_generator(7)},
                            [&](const Batch& some, const Step& step) { return model->loss(some, step); });
    EXPECT_EQ(loss.total.item<double>(), expected.total.item<double>()) << name;
    EXPECT_FALSE(loss.total.requires_grad()) << name;
    EXPECT_FALSE(model->parameters().front().grad().defined()) << name;
  }
}

TEST_F(ParallelGradients, MoveTheGeneratorOn) {
  const auto model = make_model({{"model", "dense"}}, kDividedShape);
  const at::Generator rng = make_generator(3);
  const torch::Tensor before = rng.get_state();
  differentiate_in_parallel(model->parameters(), batch(4), {rng},
                            [&](const Batch& some, const Step& step) { return model->loss(some, step); });
  EXPECT_FALSE(torch::equal(rng.get_state(), before));
}

TEST_F(ParallelGradients, ReportWhatGoesWrongInAThread) {
  const auto model = make_model({{"model", "dense"}}, kDividedShape);
  torch::set_num_threads(2);
  EXPECT_THROW(differentiate_in_parallel(
                   model->parameters(), batch(64), {make_generator(3)},
                   [](const Batch&, const Step&) -> Loss { throw std::runtime_error("no loss"); }),
               std::runtime_error);
}

TEST(Separable, IsNoModelWhoseExamplesSeeEachOther) {
  const auto is_separable = [](const Json& options) {
    return make_model(options, kDividedShape)->is_separable();
  };
  EXPECT_TRUE(is_separable({{"model", "dense"}}));
  EXPECT_FALSE(is_separable({{"model", "dense"}, {"batch-norm", true}}));
  EXPECT_FALSE(is_separable({{"model", "dense"}, {"dropout", 0.2}}));
  EXPECT_FALSE(is_separable({{"model", "vae"}, {"free-bits", 0.1}}));
  EXPECT_FALSE(is_separable({{"model", "sparse-kl"}}));
  EXPECT_FALSE(is_separable({{"model", "batch-topk"}}));
  EXPECT_FALSE(is_separable({{"model", "concrete"}}));
}

// Second derivatives of convolutions are LibTorch's, which threads may not compute at the same time.
TEST(Separable, IsNoPenaltyOnTheDerivativesOfConvolutions) {
  for (const std::string backbone : {"conv", "conv-pool", "residual"}) {
    const auto model =
        make_model({{"model", "contractive"}, {"backbone", backbone}, {"channels", {8, 8}}}, kDividedShape);
    EXPECT_FALSE(model->is_separable()) << backbone;
  }
  EXPECT_TRUE(make_model({{"model", "contractive"}, {"hidden", {16, 8}}}, kDividedShape)->is_separable());
  EXPECT_TRUE(
      make_model({{"model", "contractive"}, {"backbone", "transformer"}}, kDividedShape)->is_separable());
}

TEST(Separable, AreModelsOnAllBackbones) {
  for (const std::string& backbone : backbone_names()) {
    for (const std::string model : {"plain", "variational"}) {
      EXPECT_TRUE(make_model({{"model", model}, {"backbone", backbone}}, kDividedShape)->is_separable())
          << model << " " << backbone;
    }
  }
  EXPECT_TRUE(make_model({{"model", "dense"}, {"tied-weights", true}}, kDividedShape)->is_separable());
}

TEST(Separable, AreTheseModels) {
  std::vector<std::string> separable;
  for (const std::string& name : model_names()) {
    if (make_model({{"model", name}}, kDividedShape)->is_separable()) {
      separable.push_back(name);
    }
  }
  EXPECT_THAT(separable,
              ::testing::ElementsAre("beta-vae", "contractive", "conv", "conv-pool", "conv-vae", "deep",
                                     "denoising", "dense", "iwae", "linear", "masked", "pca", "plain",
                                     "residual", "shallow", "sparse-l1", "vae", "variational"));
}

}  // namespace
}  // namespace autoencoder
