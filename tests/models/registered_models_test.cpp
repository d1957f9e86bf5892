// What every registered model must do, whatever its family and backbone. A new model is tested here by being
// registered.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "common/random.h"
#include "export/torchscript.h"
#include "models/registry.h"
#include "run/saved_model.h"
#include "tests/support/blobs.h"
#include "tests/support/repeated_draws.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/train.h"

namespace autoencoder {
namespace {

using testing::spots;
using testing::TemporaryFolder;

struct Case {
  std::string model;
  ImageShape shape;

  friend void PrintTo(const Case& printed, std::ostream* out) {
    *out << printed.model << " " << printed.shape.text();
  }
};

std::vector<Case> cases(const std::vector<ImageShape>& shapes) {
  std::vector<Case> all;
  for (const std::string& model : model_names()) {
    for (const ImageShape& shape : shapes) {
      all.push_back({model, shape});
    }
  }
  return all;
}

class RegisteredModel : public ::testing::TestWithParam<Case> {
 protected:
  RegisteredModel() {
    torch::manual_seed(5);
    model_ = make_model({{"model", GetParam().model}}, GetParam().shape);
  }

  torch::Tensor images(int64_t count) const {
    const auto& [channels, height, width] = GetParam().shape;
    return torch::rand({count, channels, height, width});
  }

  Batch batch(int64_t count) const {
    const torch::Tensor input = images(count);
    return {input, input, {}};
  }

  // Trains on one batch, as the trainer does.
  void overfit(const torch::Tensor& input, int steps) {
    {
      const torch::NoGradGuard no_grad;
      model_->prepare(input);
    }
    testing::train(*model_, input, steps, 3e-3);
  }

  // Twenty pixels say little of so few images (concrete), no code is the one that the bound is about (iwae),
  // no pixel is told from itself (masked): these are held to what they learn in tests of their own.
  static bool reconstructs_in_passing() {
    const std::string& model = GetParam().model;
    return model == "concrete" || model == "iwae" || model == "masked";
  }

  std::shared_ptr<Autoencoder> model_;
};

TEST_P(RegisteredModel, ShapesGoThereAndBack) {
  const torch::Tensor input = images(5);
  model_->eval();
  const torch::Tensor code = model_->encode(input);
  EXPECT_EQ(code.sizes(), (std::vector<int64_t>{5, model_->latent_dim()}));
  EXPECT_EQ(model_->decode(code).sizes(), input.sizes());
  EXPECT_TRUE(torch::equal(model_->forward(input), model_->decode(code)));
}

TEST_P(RegisteredModel, EncodingIsNotRandom) {
  const torch::Tensor input = images(3);
  model_->eval();
  EXPECT_TRUE(torch::equal(model_->encode(input), model_->encode(input)));
}

TEST_P(RegisteredModel, TheLossIsAFiniteScalarWhoseGradientReachesEveryParameter) {
  const Loss loss = model_->loss(batch(4), {make_generator(1)});
  EXPECT_EQ(loss.total.dim(), 0);
  EXPECT_TRUE(loss.total.isfinite().item<bool>());
  for (const Term& term : loss.terms) {
    EXPECT_EQ(term.value.dim(), 0) << term.name;
    EXPECT_FALSE(term.value.requires_grad()) << term.name;
  }
  if (GetParam().model == "pca") {  // solved, not learned by gradients
    EXPECT_FALSE(loss.total.requires_grad());
    return;
  }
  loss.total.backward();
  for (const auto& parameter : model_->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().sum().item<double>(), 0) << parameter.key();
  }
}

TEST_P(RegisteredModel, TheSameNoiseGivesTheSameLoss) {
  const Batch same = batch(4);
  const auto loss = [&] { return model_->loss(same, {make_generator(1)}).total.item<double>(); };
  EXPECT_EQ(loss(), loss());
}

TEST_P(RegisteredModel, OverfitsOneBatch) {
  const ImageShape& shape = GetParam().shape;
  const torch::Tensor input = to_unit_range(spots(8).images.all())
                                  .narrow(2, 0, shape.height)
                                  .narrow(3, 0, shape.width)
                                  .expand({-1, shape.channels, -1, -1})
                                  .contiguous();
  const auto error = [&] {
    const torch::NoGradGuard no_grad;
    model_->eval();
    const double mean = (model_->forward(input) - input).square().mean().item<double>();
    model_->train();
    return mean;
  };
  const double before = error();
  overfit(input, 300);
  const double of_mean_image = (input - input.mean(0, /*keepdim=*/true)).square().mean().item<double>();
  EXPECT_LT(error(), reconstructs_in_passing() ? 0.5 * before : 0.2 * of_mean_image);
}

TEST_P(RegisteredModel, ScalingChangesTheUnitsOfTheDataAndNothingElse) {
  const torch::Tensor input = images(4);
  model_->eval();
  const torch::Tensor code = model_->encode(input);
  const torch::Tensor output = model_->decode(code);
  const auto& [channels, height, width] = GetParam().shape;
  const torch::Tensor offset = torch::full({channels, height, width}, 3.0);
  model_->set_scaling({offset, 2 * torch::ones_like(offset)});
  EXPECT_TRUE(torch::allclose(model_->encode(2 * input + 3), code, 1e-3, 1e-4));
  EXPECT_TRUE(torch::allclose(model_->decode(code), 2 * output + 3, 1e-4, 1e-5));
}

TEST_P(RegisteredModel, PanelsFiguresAndDiagnosticsFitTheData) {
  const torch::NoGradGuard no_grad;
  model_->prepare(images(30));
  model_->eval();
  if (Illustrated* illustrated = model_->illustrated()) {
    for (const Panel& panel : illustrated->panels(images(3), {make_generator(1)})) {
      EXPECT_EQ(panel.images.size(0), 3) << panel.caption;
      EXPECT_TRUE(panel.images.isfinite().all().item<bool>()) << panel.caption;
    }
    for (const Illustration& illustration : illustrated->illustrations(images(30))) {
      EXPECT_EQ(illustration.images.size(2), GetParam().shape.height) << illustration.name;
      EXPECT_GE(illustration.images.min().item<float>(), 0) << illustration.name;
      EXPECT_LE(illustration.images.max().item<float>(), 1) << illustration.name;
    }
    for (const Metric& metric : illustrated->diagnostics(images(30))) {
      EXPECT_TRUE(std::isfinite(metric.value)) << metric.name;
    }
  }
  EXPECT_EQ(model_->features(images(3)).size(0), 3);
}

TEST_P(RegisteredModel, SavedAndLoadedIsEqual) {
  const TemporaryFolder folder;
  write_archive(folder / "model", archive_of({model_, {{"model", GetParam().model}}}));
  const SavedModel loaded = load_model(folder / "model", torch::kCPU);
  const torch::Tensor input = images(3);
  model_->eval();
  EXPECT_TRUE(torch::equal(loaded.model->forward(input), model_->forward(input)));
}

TEST_P(RegisteredModel, ExportedIsEqual) {
  const TemporaryFolder folder;
  EXPECT_LT(export_torchscript(*model_, folder / "model.pt", {}).largest_difference, 1e-5);
  EXPECT_TRUE(model_->is_training());
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.model + "_" + info.param.shape.text();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, RegisteredModel,
                         ::testing::ValuesIn(cases({ImageShape{1, 12, 12}, ImageShape{3, 9, 11}})), name_of);

// Sides that patches, strides and pools divide, and such that they do not.
class FreelyDividedModel : public RegisteredModel {
 protected:
  // Loss, terms and gradients of some examples of a batch, as one row of numbers.
  torch::Tensor results(const Batch& batch, int64_t start, int64_t count) {
    const torch::Tensor some = batch.input.narrow(0, start, count);
    const Loss loss = model_->loss({some, some, {}}, {make_generator(1)});
    std::vector<torch::Tensor> numbers = {loss.total.detach().view(1)};
    for (const Term& term : loss.terms) {
      numbers.push_back(term.value.view(1));
    }
    if (loss.total.requires_grad()) {
      for (const torch::Tensor& gradient : torch::autograd::grad({loss.total}, model_->parameters())) {
        numbers.push_back(gradient.flatten());
      }
    }
    return torch::cat(numbers);
  }
};

TEST_P(FreelyDividedModel, PartsOfABatchAddUpToTheWhole) {
  if (model_->division() != Division::kFree) {
    GTEST_SKIP() << "not free";
  }
  const Batch examples = batch(6);
  testing::RepeatedDraws draws;
  const torch::Tensor whole = results(examples, 0, 6);
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{6}, {1, 3, 2}, {1, 1, 1, 1, 1, 1}}) {
    torch::Tensor sum = torch::zeros_like(whole);
    int64_t start = 0;
    for (const int64_t size : sizes) {
      draws.repeat(start, size);
      sum += results(examples, start, size) * size / 6;
      start += size;
    }
    EXPECT_LT((sum - whole).norm().item<double>(), 1e-5 * whole.norm().item<double>()) << sizes.size();
    EXPECT_NEAR(sum[0].item<double>(), whole[0].item<double>(), 1e-5 * std::abs(whole[0].item<double>()));
  }
}

TEST_P(FreelyDividedModel, LeavesItselfAndTheGlobalGeneratorAlone) {
  if (model_->division() != Division::kFree) {
    GTEST_SKIP() << "not free";
  }
  std::vector<torch::Tensor> before;
  for (const torch::Tensor& buffer : model_->buffers()) {
    before.push_back(buffer.clone());
  }
  const Batch examples = batch(3);
  const torch::Tensor generator = at::globalContext().defaultGenerator(torch::kCPU).get_state();
  model_->loss(examples, {make_generator(1)});
  EXPECT_TRUE(torch::equal(at::globalContext().defaultGenerator(torch::kCPU).get_state(), generator));
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_TRUE(torch::equal(model_->buffers()[i], before[i])) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(All, FreelyDividedModel,
                         ::testing::ValuesIn(cases({ImageShape{1, 12, 12}, ImageShape{1, 9, 11},
                                                    ImageShape{3, 9, 11}, ImageShape{1, 13, 10},
                                                    ImageShape{3, 13, 10}})),
                         name_of);

}  // namespace
}  // namespace autoencoder
