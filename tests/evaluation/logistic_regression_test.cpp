#include "evaluation/logistic_regression.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/scattered_points.h"

namespace autoencoder {
namespace {

using testing::digits_of;
using testing::scattered_points;

constexpr LogisticRegressionOptions kExact = {.max_steps = 1000, .tolerance = 1e-10};

torch::Tensor exact_numbers(const std::vector<double>& numbers) {
  return torch::tensor(numbers, torch::kFloat64);
}

// Numbers of scikit-learn 1.9.1, points as in tests/support/scattered_points.h:
//   s = StandardScaler().fit(x[tr])
//   m = LogisticRegression(C=1, tol=1e-12, max_iter=10000).fit(s.transform(x[tr]), y[tr])
//   m.coef_, m.intercept_, m.predict_log_proba(s.transform(x[te]))[:2], m.predict(s.transform(x[te]))
TEST(LogisticRegression, ThreeClassesAsScikitLearn) {
  const auto [train, test, labels, ignored] = scattered_points();
  const LogisticRegression fitted = fit_logistic_regression(train, labels, kExact);
  EXPECT_TRUE(fitted.converged);
  const torch::Tensor weight = exact_numbers({-1.041513, -1.210889, -1.722117, -0.097154, 0.221053, 0.225214,
                                              -0.327901, 0.117359, 0.820461, 0.985675, 2.050018, -0.020205});
  EXPECT_TRUE(torch::allclose(fitted.weight, weight.view({3, 4}), 0, 2e-6));
  EXPECT_TRUE(torch::allclose(fitted.bias, exact_numbers({0.276449, 1.529888, -1.806338}), 0, 2e-6));
  const torch::Tensor expected =
      exact_numbers({-0.905336, -0.532957, -4.741309, -2.013136, -0.278555, -2.211334});
  EXPECT_TRUE(
      torch::allclose(fitted.log_probabilities(test).narrow(0, 0, 2), expected.view({2, 3}), 0, 5e-6));
  EXPECT_TRUE(torch::equal(fitted.classify(test), digits_of("1101111011120112101101120111011011110100")));
}

// The same with y = np.minimum(y, 1).
TEST(LogisticRegression, TwoClassesAsScikitLearn) {
  const auto [train, test, labels, ignored] = scattered_points();
  const LogisticRegression fitted = fit_logistic_regression(train, labels.clamp_max(1), kExact);
  EXPECT_TRUE(torch::allclose(fitted.weight[1] - fitted.weight[0],
                              exact_numbers({1.244014, 1.432196, 1.51554, 0.178209}), 0, 2e-6));
  EXPECT_NEAR((fitted.bias[1] - fitted.bias[0]).item<double>(), 1.345067, 2e-6);
}

TEST(LogisticRegression, InFloat32TheSameToFourDigits) {
  const auto [train, test, labels, ignored] = scattered_points();
  const LogisticRegression exact = fit_logistic_regression(train, labels, kExact);
  const LogisticRegression fitted = fit_logistic_regression(train.to(torch::kFloat32), labels);
  EXPECT_TRUE(fitted.converged);
  const torch::Tensor found = fitted.log_probabilities(test.to(torch::kFloat32));
  EXPECT_TRUE(torch::allclose(found.to(torch::kFloat64), exact.log_probabilities(test), 0, 5e-3));
}

TEST(LogisticRegression, LabelsMayBeAnyNumbers) {
  const torch::Tensor features = torch::tensor({{0.0F}, {0.1F}, {5.0F}, {5.1F}});
  const torch::Tensor labels = torch::tensor({70, 70, -3, -3});
  const LogisticRegression fitted = fit_logistic_regression(features, labels);
  EXPECT_TRUE(torch::equal(fitted.classes, torch::tensor({-3, 70})));
  EXPECT_TRUE(torch::equal(fitted.classify(features), labels));
}

// What rounding leaves of a constant, 0.1 and the next float32 above it, would be amplified a million times.
TEST(LogisticRegression, AConstantFeatureIsNoObstacle) {
  const auto [train, test, labels, ignored] = scattered_points();
  const auto with_constant = [](const torch::Tensor& features, double value) {
    torch::Tensor constant = torch::full({features.size(0), 1}, value, torch::kFloat32);
    constant.slice(0, 0, features.size(0), 2) += 7.5e-9;
    return torch::cat({features.to(torch::kFloat32), constant}, 1);
  };
  const LogisticRegression without = fit_logistic_regression(train.to(torch::kFloat32), labels);
  const LogisticRegression fitted = fit_logistic_regression(with_constant(train, 0.1), labels);
  EXPECT_EQ(fitted.standardisation.deviation[4].item<float>(), 1);
  EXPECT_TRUE(
      torch::equal(fitted.classify(with_constant(test, 0.1001)), without.classify(test.to(torch::kFloat32))));
}

TEST(LogisticRegression, TheScaleOfAFeatureDoesNotMatter) {
  const auto [train, test, labels, ignored] = scattered_points();
  const torch::Tensor scales = exact_numbers({1, 1000, 0.001, 1});
  const LogisticRegression fitted = fit_logistic_regression(train, labels, kExact);
  const LogisticRegression scaled = fit_logistic_regression(train * scales + 5, labels, kExact);
  EXPECT_TRUE(
      torch::allclose(scaled.log_probabilities(test * scales + 5), fitted.log_probabilities(test), 0, 1e-6));
}

TEST(LogisticRegression, TheSameDataGiveTheSameWeights) {
  const auto [train, test, labels, ignored] = scattered_points();
  EXPECT_TRUE(torch::equal(fit_logistic_regression(train, labels).weight,
                           fit_logistic_regression(train, labels).weight));
}

TEST(LogisticRegression, SaysWhetherItHasConverged) {
  const auto [train, test, labels, ignored] = scattered_points();
  EXPECT_TRUE(fit_logistic_regression(train, labels).converged);
  EXPECT_FALSE(fit_logistic_regression(train, labels, {.max_steps = 2}).converged);
}

TEST(LogisticRegression, OneClassIsAMistakeOfTheProgram) {
  EXPECT_THROW(fit_logistic_regression(torch::rand({3, 2}), torch::tensor({1, 1, 1})), c10::Error);
}

}  // namespace
}  // namespace autoencoder
