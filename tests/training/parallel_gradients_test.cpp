#include "training/parallel_gradients.h"

#include <atomic>

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/kernels/bfloat16.h"
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
    return engine().differentiate(loss_of(model), model.parameters(), batch, {make_generator(seed)});
  }

  static ParallelEngine engine() {
    return ParallelEngine([](const Batch& part) { return static_cast<double>(part.input.size(0)); });
  }

  static LossOf loss_of(Autoencoder& model) {
    return [&](const Batch& some, const Step& step) { return model.loss(some, step); };
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
    ASSERT_EQ(model->division(), Division::kFree) << name;
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

// Of several threads as of one: what is multiplied is rounded alike.
TEST_F(ParallelGradients, AreThoseOfTheWholeBatchInBfloat16) {
  for (const std::string name : {"dense", "conv", "contractive"}) {
    const auto model = make_model({{"model", name}}, kDividedShape);
    const Batch examples = batch(50);
    Bfloat16Weights weights;
    weights.refresh(model->parameters());
    const LossOf loss_in_bfloat16 = [&](const Batch& some, const Step& step) {
      const Bfloat16Products products(&weights);
      return model->loss(some, step);
    };
    const auto gradient_by = [&](int threads) {
      torch::set_num_threads(threads);
      engine().differentiate(loss_in_bfloat16, model->parameters(), examples, {make_generator(7)});
      return flat_gradient(*model);
    };
    differentiate(*model, examples, 1);
    const torch::Tensor exact = flat_gradient(*model);
    const torch::Tensor one = gradient_by(1);
    const torch::Tensor three = gradient_by(3);
    EXPECT_LT((three - one).norm().item<double>(), 0.01 * one.norm().item<double>()) << name;
    EXPECT_LT((one - exact).norm().item<double>(), 0.1 * exact.norm().item<double>()) << name;
    EXPECT_FALSE(torch::equal(one, exact)) << name;
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
    const Loss loss = engine().compute(loss_of(*model), examples, {make_generator(7)});
    EXPECT_EQ(loss.total.item<double>(), expected.total.item<double>()) << name;
    EXPECT_FALSE(loss.total.requires_grad()) << name;
    EXPECT_FALSE(model->parameters().front().grad().defined()) << name;
  }
}

TEST_F(ParallelGradients, MoveTheGeneratorOn) {
  const auto model = make_model({{"model", "dense"}}, kDividedShape);
  const at::Generator rng = make_generator(3);
  const torch::Tensor before = rng.get_state();
  engine().differentiate(loss_of(*model), model->parameters(), batch(4), {rng});
  EXPECT_FALSE(torch::equal(rng.get_state(), before));
}

// As many parts as there are threads, where each then has enough to do.
TEST_F(ParallelGradients, AreOfPartsWorthAThread) {
  torch::set_num_threads(3);
  const auto parts = [](int64_t count, int64_t side) {
    std::atomic<int64_t> calls = 0;
    const LossOf counts = [&](const Batch& part, const Step&) -> Loss {
      ++calls;
      return {part.input.mean(), {}};
    };
    const torch::Tensor images = torch::rand({count, 1, side, side});
    engine().compute(counts, {images, images, {}}, {make_generator(3)});
    return calls.load();
  };
  EXPECT_EQ(parts(31, 28), 1);
  EXPECT_EQ(parts(32, 28), 2);
  EXPECT_EQ(parts(31, 32), 1);
  EXPECT_EQ(parts(8, 64), 2);
  EXPECT_EQ(parts(3, 128), 3);
  EXPECT_EQ(parts(500, 128), 3);
}

TEST_F(ParallelGradients, ReportWhatGoesWrongInAThread) {
  const auto model = make_model({{"model", "dense"}}, kDividedShape);
  torch::set_num_threads(2);
  const LossOf fails = [](const Batch&, const Step&) -> Loss { throw std::runtime_error("no loss"); };
  EXPECT_THROW(engine().differentiate(fails, model->parameters(), batch(64), {make_generator(3)}),
               std::runtime_error);
}

Division division_of_model(const Json& options) { return make_model(options, kDividedShape)->division(); }

TEST(DivisionOfAModel, IsTogetherWhereExamplesSeeEachOther) {
  EXPECT_EQ(division_of_model({{"model", "dense"}}), Division::kFree);
  EXPECT_EQ(division_of_model({{"model", "dense"}, {"batch-norm", true}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "dense"}, {"dropout", 0.2}}), Division::kFree);
  EXPECT_EQ(division_of_model({{"model", "vae"}, {"free-bits", 0.1}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "sparse-kl"}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "k-sparse"}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "batch-topk"}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "concrete"}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "conv"}, {"norm", "batch"}}), Division::kTogether);
  EXPECT_EQ(division_of_model({{"model", "conv"}, {"norm", "group"}}), Division::kFree);
}

// Second derivatives of convolutions are LibTorch's, which threads may not compute at the same time.
TEST(DivisionOfAModel, IsInTurnWithAPenaltyOnTheDerivativesOfConvolutions) {
  for (const std::string backbone : {"conv", "conv-pool", "residual"}) {
    EXPECT_EQ(division_of_model({{"model", "contractive"}, {"backbone", backbone}, {"channels", {8, 8}}}),
              Division::kInTurn)
        << backbone;
  }
  EXPECT_EQ(division_of_model({{"model", "contractive"}, {"hidden", {16, 8}}}), Division::kFree);
  EXPECT_EQ(division_of_model({{"model", "contractive"}, {"backbone", "transformer"}}), Division::kFree);
}

TEST(DivisionOfAModel, IsFreeOnAllBackbones) {
  for (const std::string& backbone : backbone_names()) {
    for (const std::string model : {"plain", "variational"}) {
      EXPECT_EQ(division_of_model({{"model", model}, {"backbone", backbone}}), Division::kFree)
          << model << " " << backbone;
    }
  }
  EXPECT_EQ(division_of_model({{"model", "dense"}, {"tied-weights", true}}), Division::kFree);
}

TEST(DivisionOfAModel, IsFreeForThese) {
  std::vector<std::string> free;
  for (const std::string& name : model_names()) {
    if (division_of_model({{"model", name}}) == Division::kFree) {
      free.push_back(name);
    }
  }
  EXPECT_THAT(free, ::testing::ElementsAre("beta-vae", "contractive", "conv", "conv-pool", "conv-vae",
                                           "conv1d", "conv1d-vae", "deep", "denoising", "dense", "iwae",
                                           "linear", "masked", "outliers", "pca", "plain", "residual",
                                           "shallow", "sparse-l1", "vae", "variational"));
}

// So that several processes can train it.
TEST(DivisionOfAModel, IsThereForEach) {
  for (const std::string& name : model_names()) {
    EXPECT_NE(division_of_model({{"model", name}}), Division::kNone) << name;
  }
}

// The mean error over the numbers that are there, the others being 0: of some examples more than of others.
class WithHoles : public Autoencoder {
 public:
  WithHoles() : Autoencoder(kDividedShape, {1, 1, 1}) {}
  Division division() const override { return Division::kFree; }
  double weight(const Batch& batch) const override { return (batch.target > 0).sum().item<double>(); }
  std::vector<Stage> stages() override { return {}; }

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1).mean(1, true); }
  Tensor do_decode(const Tensor& code) override { return code; }
  Loss do_loss(const Batch& batch, const Step& /*step*/) override {
    const Tensor errors = (factor_ - batch.target).square() * (batch.target > 0);
    return {errors.sum() / weight(batch), {}};
  }

  Tensor factor_ = register_parameter("factor", torch::full({1}, 0.2));
};

TEST_F(ParallelGradients, PartsCountByTheModelsOwnWeight) {
  WithHoles model;
  Batch examples = batch(48);
  const torch::Tensor shares = torch::linspace(0, 1, 48).view({-1, 1, 1, 1});
  examples.target = examples.target * (examples.target < shares);
  const Loss whole = model.loss(examples, {make_generator(1)});
  whole.total.backward();
  const torch::Tensor expected = flat_gradient(model);
  torch::set_num_threads(3);
  const auto engine = choose_engine(model, Precision::kFloat32, nullptr);
  const Loss loss = engine->differentiate(loss_of(model), model.parameters(), examples, {make_generator(1)});
  EXPECT_NEAR(loss.total.item<double>(), whole.total.item<double>(), 1e-6);
  EXPECT_TRUE(torch::allclose(flat_gradient(model), expected, 1e-4));
}

}  // namespace
}  // namespace autoencoder
