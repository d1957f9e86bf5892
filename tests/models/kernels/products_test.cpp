// By the library of this process; ctest runs all of it with each.

#include "models/kernels/products.h"

#include <functional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using torch::Tensor;

struct Size {
  int64_t rows, inner, columns;
};

const std::vector<Size> kSizes = {{1, 1, 1},   {1, 7, 5},     {7, 5, 1},    {5, 1, 7},
                                  {3, 17, 31}, {33, 129, 65}, {128, 784, 9}};

// Matrices of random numbers that lie in memory in each of the ways there are.
std::vector<Tensor> layouts(int64_t rows, int64_t columns) {
  return {torch::randn({rows, columns}), torch::randn({columns, rows}).t(),
          torch::randn({rows + 2, columns + 3}).narrow(0, 1, rows).narrow(1, 2, columns),
          torch::randn({rows, 2 * columns}).slice(1, 0, 2 * columns, 2),
          torch::randn({1, columns}).expand({rows, columns})};
}

Tensor exact(const Tensor& a, const Tensor& b) { return a.to(torch::kFloat64).mm(b.to(torch::kFloat64)); }

// By as much as sums of so many numbers, of a size with those of a and b, are rounded.
void expect_near(const Tensor& found, const Tensor& expected, const Tensor& a, const Tensor& b) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  const double error = (found.to(torch::kFloat64) - expected).abs().max().item<double>();
  EXPECT_LE(error, 2e-6 * (1 + exact(a.abs(), b.abs()).max().item<double>())) << a.sizes() << b.sizes();
}

void for_all_factors(const std::function<void(const Tensor& a, const Tensor& b)>& visit) {
  torch::manual_seed(5);
  for (const Size& size : kSizes) {
    for (const Tensor& a : layouts(size.rows, size.inner)) {
      for (const Tensor& b : layouts(size.inner, size.columns)) {
        visit(a, b);
      }
    }
  }
}

TEST(Products, AreThoseOfFloat64HoweverTheFactorsLie) {
  for_all_factors([](const Tensor& a, const Tensor& b) { expect_near(product(a, b), exact(a, b), a, b); });
}

// The middle of a larger matrix, whose rows have other numbers between them.
TEST(Products, ArePutIntoTheirPlaceOrAddedToIt) {
  for_all_factors([](const Tensor& a, const Tensor& b) {
    const Tensor frame = torch::full({a.size(0) + 2, b.size(1) + 5}, 0.5);
    Tensor place = frame.narrow(0, 1, a.size(0)).narrow(1, 2, b.size(1));
    put_product(a, b, place);
    expect_near(place, exact(a, b), a, b);
    add_product(a, b, place);
    expect_near(place, 2 * exact(a, b), a, b);
    place.fill_(0.5);
    EXPECT_TRUE(torch::equal(frame, torch::full_like(frame, 0.5)));
  });
}

TEST(Products, HaveABiasInEachRow) {
  torch::manual_seed(6);
  const Tensor a = torch::randn({5, 9});
  const Tensor b = torch::randn({9, 7});
  const Tensor bias = torch::randn({7});
  expect_near(product_plus(bias, a, b), exact(a, b) + bias, a, b);
  EXPECT_EQ(product_plus(bias, a.narrow(0, 0, 0), b).size(0), 0);
}

TEST(Products, OfSeveralThreadsAtOnceAreEachItsOwn) {
  constexpr int kThreads = 4;
  torch::manual_seed(7);
  const Tensor a = torch::randn({kThreads, 65, 130});
  const Tensor b = torch::randn({kThreads, 47, 130});
  std::vector<Tensor> sums(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      sums[i] = torch::zeros({65, 47});
      for (int step = 0; step < 20; ++step) {
        add_product(a[i], b[i].t(), sums[i]);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (int i = 0; i < kThreads; ++i) {
    expect_near(sums[i] / 20, exact(a[i], b[i].t()), a[i], b[i].t());
  }
}

TEST(Products, OfNoNumbersAreZero) {
  EXPECT_TRUE(torch::equal(product(torch::ones({3, 0}), torch::ones({0, 2})), torch::zeros({3, 2})));
  EXPECT_THAT(product(torch::ones({0, 3}), torch::ones({3, 2})).sizes(), ::testing::ElementsAre(0, 2));
  Tensor kept = torch::ones({3, 2});
  add_product(torch::ones({3, 0}), torch::ones({0, 2}), kept);
  EXPECT_TRUE(torch::equal(kept, torch::ones({3, 2})));
}

TEST(Products, OfOtherTypesAreLibTorchs) {
  const Tensor a = torch::randn({5, 9}, torch::kFloat64);
  const Tensor b = torch::randn({9, 7}, torch::kFloat64);
  EXPECT_TRUE(torch::equal(product(a, b), a.mm(b)));
}

TEST(Products, AreRefusedWhereMatricesDoNotFit) {
  const auto refusal = [](const std::function<void()>& call) { return testing::error_of<c10::Error>(call); };
  const Tensor a = torch::ones({3, 4});
  EXPECT_THAT(refusal([&] { product(a, a); }), ::testing::HasSubstr("no product of CPUFloatType [3, 4]"));
  EXPECT_NE(refusal([&] { product(a, a.t().to(torch::kFloat64)); }), "");
  Tensor small = torch::ones({3, 2});
  EXPECT_NE(refusal([&] { put_product(a, a.t(), small); }), "");
}

TEST(Products, HaveNoGradient) {
  const Tensor a = torch::ones({3, 4}).requires_grad_();
  EXPECT_NE(testing::error_of<c10::Error>([&] { product(a, torch::ones({4, 2})); }), "");
  const torch::NoGradGuard no_grad;
  EXPECT_FALSE(product(a, torch::ones({4, 2})).requires_grad());
}

}  // namespace
}  // namespace autoencoder
