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

TEST(Products, ArePutIntoAPlaceOfColumns) {
  for_all_factors([](const Tensor& a, const Tensor& b) {
    const Tensor frame = torch::full({b.size(1) + 2, a.size(0) + 5}, 0.5);
    Tensor place = frame.narrow(0, 1, b.size(1)).narrow(1, 2, a.size(0)).t();
    put_product(a, b, place);
    expect_near(place, exact(a, b), a, b);
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

Tensor in_bfloat16(const Tensor& matrix) {
  // As it lies: to() would put rows in order.
  const Tensor copy =
      torch::empty_strided(matrix.sizes(), matrix.strides(), torch::TensorOptions(torch::kBFloat16));
  return copy.copy_(matrix.contiguous());
}

TEST(Products, OfBfloat16AreSummedUpInFloat32HoweverTheFactorsLie) {
  for_all_factors([](const Tensor& a, const Tensor& b) {
    const Tensor half_a = in_bfloat16(a.stride(0) == 0 ? a.contiguous() : a);
    const Tensor half_b = in_bfloat16(b.stride(0) == 0 ? b.contiguous() : b);
    const Tensor expected = exact(half_a, half_b);
    const Tensor found = product(half_a, half_b);
    EXPECT_EQ(found.scalar_type(), torch::kFloat32);
    expect_near(found, expected, half_a, half_b);
    Tensor sum = torch::ones_like(found);
    add_product(half_a, half_b, sum);
    expect_near(sum, 1 + expected, half_a, half_b);
    Tensor rounded = torch::empty_like(found, torch::kBFloat16);
    put_product(half_a, half_b, rounded);
    EXPECT_TRUE(torch::allclose(rounded.to(torch::kFloat64), expected, 1.0 / 256, 1e-4));
  });
}

TEST(Products, OfBfloat16LieInTheirPlaceAlone) {
  torch::manual_seed(8);
  const Tensor a = torch::randn({5, 33}).to(torch::kBFloat16);
  const Tensor b = torch::randn({33, 7}).to(torch::kBFloat16);
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    const Tensor frame = torch::full({7, 12}, 0.5, type);
    Tensor place = frame.narrow(0, 1, 5).narrow(1, 2, 7);
    put_product(a, b, place);
    EXPECT_TRUE(torch::allclose(place.to(torch::kFloat64), exact(a, b), 1.0 / 256, 1e-4)) << type;
    place.fill_(0.5);
    EXPECT_TRUE(torch::equal(frame, torch::full_like(frame, 0.5))) << type;
  }
}

TEST(Products, OfBfloat16AreALayerInOnePass) {
  torch::manual_seed(9);
  const Tensor a = torch::randn({65, 130}).to(torch::kBFloat16);
  const Tensor b = torch::randn({47, 130}).to(torch::kBFloat16).t();
  const Tensor bias = torch::randn({94}).slice(0, 0, 94, 2);
  const Tensor sums = exact(a, b) + bias;
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    Tensor output = torch::empty({65, 47}, type);
    put_layer(bias, a, b, /*is_rectified=*/false, output);
    EXPECT_TRUE(torch::allclose(output.to(torch::kFloat64), sums, 1.0 / 256, 1e-4)) << type;
    put_layer(bias, a, b, /*is_rectified=*/true, output);
    EXPECT_TRUE(torch::allclose(output.to(torch::kFloat64), sums.relu(), 1.0 / 256, 1e-4)) << type;
  }
  Tensor none = torch::empty({0, 47});
  put_layer(bias, a.narrow(0, 0, 0), b, /*is_rectified=*/true, none);
}

TEST(Products, OfSeveralThreadsAtOnceAreEachItsOwn) {
  constexpr int kThreads = 4;
  torch::manual_seed(7);
  const Tensor a = torch::randn({kThreads, 65, 130});
  const Tensor b = torch::randn({kThreads, 47, 130});
  const Tensor half_a = a.to(torch::kBFloat16);
  const Tensor half_b = b.to(torch::kBFloat16);
  std::vector<Tensor> sums(kThreads);
  std::vector<Tensor> halves(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      sums[i] = torch::zeros({65, 47});
      halves[i] = torch::zeros({65, 47});
      for (int step = 0; step < 20; ++step) {
        add_product(a[i], b[i].t(), sums[i]);
        add_product(half_a[i], half_b[i].t(), halves[i]);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (int i = 0; i < kThreads; ++i) {
    expect_near(sums[i] / 20, exact(a[i], b[i].t()), a[i], b[i].t());
    expect_near(halves[i] / 20, exact(half_a[i], half_b[i].t()), a[i], b[i].t());
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
