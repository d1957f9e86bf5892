#include "evaluation/ranking.h"

#include <gtest/gtest.h>
#include <torch/types.h>

namespace autoencoder {
namespace {

// The example of scikit-learn's documentation of roc_auc_score and average_precision_score.
TEST(Ranking, GivesScikitLearnsFigures) {
  const Ranking ranking =
      rank(torch::tensor({0.1, 0.4, 0.35, 0.8}), torch::tensor({false, false, true, true}));
  EXPECT_NEAR(ranking.area_under_roc, 0.75, 1e-12);
  EXPECT_NEAR(ranking.average_precision, 0.8333333, 1e-6);
  ASSERT_EQ(ranking.points.size(), 4);
  EXPECT_NEAR(ranking.points[1].true_positive_rate, 0.5, 1e-12);
  EXPECT_NEAR(ranking.points[1].false_positive_rate, 0.5, 1e-12);
  EXPECT_NEAR(ranking.points[1].precision, 0.5, 1e-12);
}

TEST(Ranking, TiesCountHalf) {
  const Ranking ranking = rank(torch::ones({5}), torch::tensor({true, false, true, false, false}));
  EXPECT_NEAR(ranking.area_under_roc, 0.5, 1e-12);
  EXPECT_NEAR(ranking.average_precision, 0.4, 1e-12);
  EXPECT_EQ(ranking.points.size(), 1);
}

TEST(Ranking, TheBestF1IsFound) {
  const Ranking ranking =
      rank(torch::tensor({5.0, 4.0, 3.0, 2.0, 1.0}), torch::tensor({true, true, false, true, false}));
  // Thresholds 5 to 1: F1 of 1/2, 4/5, 2/3, 6/7, 3/4.
  EXPECT_EQ(ranking.best_f1().threshold, 2);
  EXPECT_NEAR(f1_of(ranking.best_f1()), 6.0 / 7, 1e-12);
}

TEST(Ranking, NeedsBothKinds) {
  EXPECT_THROW(rank(torch::rand({3}), torch::ones({3}, torch::kBool)), c10::Error);
}

}  // namespace
}  // namespace autoencoder
