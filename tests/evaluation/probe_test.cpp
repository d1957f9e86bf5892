#include "evaluation/probe.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "evaluation/features.h"
#include "models/registry.h"
#include "tests/support/blobs.h"

namespace autoencoder {
namespace {

// 900 of class 0, 90 of class 1, 10 of class 2, in that order.
torch::Tensor uneven_labels() {
  return torch::repeat_interleave(torch::arange(3), torch::tensor({900, 90, 10}));
}

std::vector<int64_t> drawn_of_each(int64_t count) {
  const torch::Tensor drawn = stratified_draw(uneven_labels(), count, make_generator(1));
  const torch::Tensor counts = torch::bincount(uneven_labels().index_select(0, drawn), {}, 3);
  return {counts.const_data_ptr<int64_t>(), counts.const_data_ptr<int64_t>() + 3};
}

TEST(StratifiedDraw, ClassesKeepTheirSharesAfterOneOfEach) {
  EXPECT_EQ(drawn_of_each(1000), (std::vector<int64_t>{900, 90, 10}));
  EXPECT_EQ(drawn_of_each(100), (std::vector<int64_t>{90, 9, 1}));
  EXPECT_EQ(drawn_of_each(10), (std::vector<int64_t>{8, 1, 1}));
  EXPECT_EQ(drawn_of_each(3), (std::vector<int64_t>{1, 1, 1}));
  EXPECT_EQ(drawn_of_each(0), (std::vector<int64_t>{0, 0, 0}));
}

TEST(StratifiedDraw, IsARandomOneOfDifferentExamples) {
  const torch::Tensor drawn = stratified_draw(uneven_labels(), 100, make_generator(1));
  EXPECT_EQ(std::get<0>(at::_unique(drawn)).size(0), 100);
  EXPECT_TRUE(torch::equal(stratified_draw(uneven_labels(), 100, make_generator(1)), drawn));
  EXPECT_FALSE(torch::equal(stratified_draw(uneven_labels(), 100, make_generator(2)), drawn));
  EXPECT_GT(drawn.max().item<int64_t>(), 980);
  EXPECT_LT(drawn.min().item<int64_t>(), 100);
}

// Four corners, told apart with ease; the fifth class is seen in the test alone.
TEST(Probe, CountsRightAnswersOfEachDraw) {
  const Dataset train = testing::spots(400, 1);
  const Dataset test = testing::spots(100, 2);
  torch::Tensor test_labels = test.labels.clone();
  test_labels.narrow(0, 0, 10).fill_(4);
  const ProbeResult result =
      probe({"pixels", all_numbers(train), all_numbers(test)}, {train.labels, test_labels, 5},
            {.labels = 40, .draws = 3, .neighbours = 3});
  EXPECT_EQ(result.nearest_neighbours, (std::vector<double>{0.9, 0.9, 0.9}));
  EXPECT_EQ(result.logistic_regression, (std::vector<double>{0.9, 0.9, 0.9}));
  EXPECT_EQ(result.stopped_early, 0);
  const torch::Tensor& confusion = result.confusion;
  EXPECT_EQ(confusion.sum().item<int64_t>(), 300);
  EXPECT_EQ(confusion.trace().item<int64_t>(), 270);
  EXPECT_EQ(confusion[4].sum().item<int64_t>(), 30);
  EXPECT_EQ(confusion.select(1, 4).sum().item<int64_t>(), 0);
}

TEST(Probe, SeedsAndDrawsTellTheExamplesApart) {
  torch::manual_seed(0);
  const torch::Tensor noise = torch::randn({500, 3});
  const ProbeLabels labels = {torch::arange(300) % 2, torch::arange(200) % 2, 2};
  const ProbeFeatures features = {"noise", noise.narrow(0, 0, 300), noise.narrow(0, 300, 200)};
  const auto accuracies = [&](uint64_t seed) {
    return probe(features, labels, {.labels = 20, .draws = 3, .neighbours = 1, .seed = seed})
        .nearest_neighbours;
  };
  EXPECT_EQ(accuracies(1), accuracies(1));
  EXPECT_NE(accuracies(1), accuracies(2));
  const std::vector<double> draws = accuracies(1);
  EXPECT_FALSE(draws[0] == draws[1] && draws[1] == draws[2]);
}

TEST(Features, ComeInTheDatasOrderAndPixelsInTheUnitRange) {
  const Dataset data = testing::spots(1100);
  const auto model = make_model({{"model", "dense"}, {"hidden", {8}}, {"latent-dim", 3}}, data.shape());
  model->eval();
  const torch::Tensor features = all_features(*model, data);
  ASSERT_EQ(features.sizes(), (std::vector<int64_t>{1100, 3}));
  const torch::Tensor last = model->features(to_unit_range(data.images.all().narrow(0, 1090, 10)));
  EXPECT_TRUE(torch::allclose(features.narrow(0, 1090, 10), last, 1e-5, 1e-6));
  const torch::Tensor pixels = all_numbers(data);
  ASSERT_EQ(pixels.sizes(), (std::vector<int64_t>{1100, 144}));
  EXPECT_TRUE(torch::equal(pixels[7], data.images.all()[7].flatten() / 255.0F));
}

}  // namespace
}  // namespace autoencoder
