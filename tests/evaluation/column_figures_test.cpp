#include "evaluation/column_figures.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

TableSchema people() {
  TableSchema schema;
  schema.columns = {{.name = "age"},
                    {.name = "city", .kind = ColumnKind::kCategory, .words = {"Basel", "Bern"}},
                    {.name = "height"}};
  return schema;
}

TEST(ColumnFigures, NumbersHaveErrorsAndWordsHaveShares) {
  const torch::Tensor truth = torch::tensor({{10.0F, 1.0F, 0.0F, 0.0F, 0.0F},
                                             {20.0F, 1.0F, 0.0F, 0.0F, 0.0F},
                                             {30.0F, 0.0F, 1.0F, 0.0F, 0.0F},
                                             {40.0F, 1.0F, 0.0F, 0.0F, 0.0F}});
  const torch::Tensor guess = torch::tensor({{13.0F, 0.9F, 0.1F, 0.0F, 0.0F},
                                             {24.0F, 0.9F, 0.1F, 0.0F, 0.0F},
                                             {0.0F, 0.4F, 0.6F, 0.0F, 0.0F},
                                             {0.0F, 0.0F, 0.0F, 0.0F, 0.0F}});
  const torch::Tensor judged = torch::tensor(
      {{true, false, false}, {true, false, false}, {false, true, false}, {false, false, false}});
  const std::vector<ColumnFigure> figures = column_figures(people(), truth, guess, judged);
  ASSERT_EQ(figures.size(), 2);
  EXPECT_NEAR(figures[0].value, std::sqrt((9.0 + 16) / 2), 1e-6);
  // The cells that are known have a mean of 35.
  EXPECT_NEAR(figures[0].baseline, std::sqrt((25.0 * 25 + 15 * 15) / 2), 1e-6);
  EXPECT_NEAR(figures[0].spread, 5, 1e-6);
  EXPECT_TRUE(figures[1].is_share);
  EXPECT_EQ(figures[1].value, 1);
  EXPECT_EQ(figures[1].baseline, 0);
}

}  // namespace
}  // namespace autoencoder
