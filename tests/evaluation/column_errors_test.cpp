#include "evaluation/column_errors.h"

#include <cmath>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "models/registry.h"
#include "tests/support/holes.h"

namespace autoencoder {
namespace {

using testing::kHole;

std::shared_ptr<Autoencoder> model_of(const std::string& layout) {
  return make_model({{"model", "dense"}, {"layout", layout}, {"output-activation", "none"}},
                    {1, 1, RowLayout(layout).width()});
}

torch::Tensor row(const std::vector<float>& entries) {
  return torch::tensor(entries).view({1, 1, 1, static_cast<int64_t>(entries.size())});
}

TEST(ColumnErrors, EachKindHasItsMeasure) {
  const auto model = model_of("number,yes-no,category:3,count,time:2");
  const torch::Tensor original = row({3, 1, 0, 1, 0, 7, 4, 0});
  const torch::Tensor output = row({1, 0.8F, 0.2F, 0.5F, 0.3F, 3, 1, 1});
  const torch::Tensor expected = torch::tensor(
      {4.0, 0.04, 0.5 * (0.04 + 0.25 + 0.09), std::pow(std::log(2.0), 2), 0.5 * (9 + 1)}, torch::kFloat32);
  EXPECT_TRUE(torch::allclose(column_errors(*model, original, output).flatten(), expected, 1e-5));
}

TEST(ColumnErrors, WithoutSquaresEachKindHasTheSameMeasure) {
  const auto model = model_of("number,yes-no,category:3,count,time:2");
  const torch::Tensor original = row({3, 1, 0, 1, 0, 7, 4, 0});
  const torch::Tensor output = row({1, 0.8F, 0.2F, 0.5F, 0.3F, 3, 1, 1});
  const double expected = (2 + 0.2 + 0.5 * (0.2 + 0.5 + 0.3) + std::log(2.0) + 0.5 * (3 + 1)) / 5;
  EXPECT_NEAR(absolute_errors(*model, original, output).item<double>(), expected, 1e-5);
}

TEST(ColumnErrors, NumbersCountInUnitsOfTheModelsScale) {
  const auto model = model_of("number*2");
  model->set_scaling({torch::zeros({1, 1, 2}), torch::tensor({10.0F, 0.5F}).view({1, 1, 2})});
  const torch::Tensor errors = column_errors(*model, row({0, 0}), row({10, 1}));
  EXPECT_TRUE(torch::allclose(errors.flatten(), torch::tensor({1.0F, 4.0F})));
}

TEST(ColumnErrors, HolesDoNotCount) {
  const auto model = model_of("number*3");
  EXPECT_FLOAT_EQ(reconstruction_errors(*model, row({1, kHole, 3}), row({2, 100, 6})).item<float>(), 5);
  EXPECT_EQ(reconstruction_errors(*model, row({kHole, kHole, kHole}), row({2, 100, 6})).item<float>(), 0);
}

TEST(ColumnErrors, OfAnythingElseItIsTheMeanSquaredError) {
  const auto model = make_model({{"model", "dense"}}, {1, 2, 2});
  const torch::Tensor black = torch::zeros({1, 1, 2, 2});
  EXPECT_FLOAT_EQ(reconstruction_errors(*model, black, black + 2).item<float>(), 4);
}

}  // namespace
}  // namespace autoencoder
