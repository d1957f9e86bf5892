// Codes as whole numbers.
#include "compression/quantization.h"

#include <limits>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

TEST(Quantization, StepsAreKeptToASixteenthOfAnOctave) {
  const torch::Tensor steps = torch::tensor({1e-6, 0.01, 0.1, 1.0, 3.0, 100.0}, torch::kFloat64);
  const torch::Tensor ratio = bytes_to_steps(steps_to_bytes(steps)) / steps;
  EXPECT_LE(torch::log2(ratio).abs().max().item<double>(), 1.0 / 16 + 1e-9);
}

TEST(Quantization, AStepThatIsInfiniteBecomesTheCoarsest) {
  const torch::Tensor steps = torch::tensor({std::numeric_limits<double>::infinity(), 0.0}, torch::kFloat64);
  EXPECT_TRUE(torch::equal(steps_to_bytes(steps), torch::tensor({255, 0}, torch::kUInt8)));
}

TEST(Quantization, RoundsToTheNearestStep) {
  const torch::Tensor steps = torch::tensor({0.5, 2.0}, torch::kFloat64);
  const torch::Tensor codes = torch::tensor({{0.74F, -3.1F}, {-0.76F, 0.9F}});
  const torch::Tensor symbols = quantize(codes, steps);
  EXPECT_TRUE(torch::equal(symbols, torch::tensor({{1, -2}, {-2, 0}}, torch::kInt32)));
  EXPECT_TRUE(torch::allclose(dequantize(symbols, steps),
                              torch::tensor({{0.5, -4.0}, {-1.0, 0.0}}, torch::kFloat64)));
}

TEST(Quantization, RoundsUpAsItRoundsDown) {
  const torch::Tensor steps = torch::tensor({0.5, 2.0}, torch::kFloat64);
  EXPECT_TRUE(torch::equal(quantize(torch::tensor({{0.76F, -2.9F}}), steps),
                           torch::tensor({{2, -1}}, torch::kInt32)));
}

// The decoder of a linear model is a matrix: its gains are the squared lengths of the columns.
TEST(Quantization, GainsAreTheSquaredColumnsOfALinearDecoder) {
  torch::manual_seed(0);
  const auto model = make_model({{"model", "linear"}, {"latent-dim", 3}}, {1, 8, 8});
  model->eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor origin = model->decode(torch::zeros({1, 3}));
  const torch::Tensor columns = (model->decode(torch::eye(3)) - origin).flatten(1);
  const torch::Tensor expected = columns.square().sum(1).to(torch::kFloat64);
  const torch::Tensor gains = decoder_gains(*model, torch::randn({500, 3}), make_generator(1));
  EXPECT_TRUE(torch::allclose(gains, expected, 0.1)) << gains << expected;
}

// Gains 1 and 4, 8 pixels, 0.01 a pixel: 0.04 for each number, so steps sqrt(0.48) and sqrt(0.12).
TEST(Quantization, StepsShareTheErrorEvenly) {
  const torch::Tensor steps = step_sizes(torch::tensor({1.0, 4.0}, torch::kFloat64), 0.01, 8);
  EXPECT_TRUE(torch::allclose(steps, torch::tensor({0.6928203, 0.3464102}, torch::kFloat64)));
}

}  // namespace
}  // namespace autoencoder
