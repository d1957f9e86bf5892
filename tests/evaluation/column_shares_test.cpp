#include "evaluation/column_shares.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "models/registry.h"

namespace autoencoder {
namespace {

TEST(ColumnShares, AreToldWithTheLargestFirst) {
  const ColumnShares shares = {{"age", "income", "hours"},
                               torch::tensor({{0.62F, 0.08F, 0.30F}, {0.999F, 0.0005F, 0.0005F}})};
  EXPECT_EQ(shares.text(0, 2), "age 62 %, hours 30 %");
  EXPECT_EQ(shares.text(1, 3), "age 100 %");
}

TEST(ColumnShares, GoByTheErrorOfEachColumn) {
  const auto model = make_model({{"model", "pca"}, {"latent-dim", 1}, {"layout", "number*2"}}, {1, 1, 2});
  const torch::NoGradGuard no_grad;
  // Along the first column alone: the second is reconstructed as its mean.
  torch::manual_seed(1);
  model->prepare(torch::cat({torch::randn({100, 1}), torch::zeros({100, 1})}, 1).view({100, 1, 1, 2}));
  model->eval();
  TableSchema schema;
  schema.columns = {{.name = "a"}, {.name = "b"}};
  Dataset data = {.images = torch::tensor({3.0F, 5.0F}).view({1, 1, 1, 2}), .labels = {}, .label_names = {}};
  data.schema = std::make_shared<const TableSchema>(schema);
  EXPECT_EQ(column_shares(*model, data).text(0, 2), "b 100 %");
}

}  // namespace
}  // namespace autoencoder
