#include "data/examples.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/image_shape.h"

namespace autoencoder {
namespace {

// Example i is 2 x 3 numbers of i.
torch::Tensor counted(int64_t count, int64_t first = 0) {
  return torch::arange(first, first + count).to(torch::kUInt8).view({-1, 1, 1, 1}).expand({-1, 1, 2, 3});
}

std::vector<int64_t> first_numbers(const torch::Tensor& examples) {
  const torch::Tensor numbers = examples.flatten(1).select(1, 0).to(torch::kInt64).contiguous();
  return {numbers.const_data_ptr<int64_t>(), numbers.const_data_ptr<int64_t>() + numbers.numel()};
}

TEST(Examples, BytesAreStoredAsTheyAreAndReadAsSharesOfTheirRange) {
  const Examples examples = counted(10);
  EXPECT_EQ(examples.size(), 10);
  EXPECT_EQ(examples.shape(), (ImageShape{1, 2, 3}));
  EXPECT_EQ(examples.type(), torch::kUInt8);
  const torch::Tensor indices = torch::tensor({7, 2});
  EXPECT_TRUE(torch::equal(examples.stored(indices), counted(10).index_select(0, indices)));
  EXPECT_TRUE(torch::equal(examples.read(indices), examples.stored(indices).to(torch::kFloat32) / 255));
  EXPECT_EQ(first_numbers(examples.range(8, 20)), (std::vector<int64_t>{8, 9}));
}

TEST(Examples, NumbersOfAnyKindAreGivenAsFloat32) {
  const Examples examples = counted(4).to(torch::kFloat64) / 3;
  EXPECT_EQ(examples.type(), torch::kFloat32);
  for (const torch::Tensor& given : {examples.all(), examples.read(torch::arange(4))}) {
    EXPECT_TRUE(torch::equal(given, (counted(4).to(torch::kFloat64) / 3).to(torch::kFloat32)));
  }
}

TEST(Examples, OneThatIsNotThereIsRefused) {
  const Examples examples = counted(10);
  EXPECT_THROW(examples.stored(torch::tensor({10})), c10::Error);
  EXPECT_THROW(examples.read(torch::tensor({10})), c10::Error);
  EXPECT_THROW(examples.chosen(torch::arange(3)).stored(torch::tensor({3})), c10::Error);
  EXPECT_THROW(Examples(torch::rand({3, 4})), c10::Error);
}

TEST(Examples, AViewShowsThoseChosenInTheirOrderAndCopiesNothing) {
  torch::Tensor numbers = counted(10).contiguous();
  const Examples view = Examples(numbers).chosen(torch::tensor({9, 4, 5})).chosen(torch::tensor({2, 0}));
  EXPECT_EQ(view.size(), 2);
  EXPECT_EQ(first_numbers(view.all()), (std::vector<int64_t>{5, 9}));
  EXPECT_EQ(first_numbers(view.stored(torch::tensor({1, 1, 0}))), (std::vector<int64_t>{9, 9, 5}));
  numbers[5].fill_(77);
  EXPECT_EQ(first_numbers(view.all()), (std::vector<int64_t>{77, 9}));
}

TEST(Examples, AFewOutOfManyDoNotKeepTheOthersInMemory) {
  const torch::Tensor numbers = counted(100).contiguous();
  const auto owners_of = [&](int64_t count) {
    const Examples chosen = Examples(numbers).chosen(torch::arange(count));
    EXPECT_EQ(first_numbers(chosen.stored(torch::tensor({count - 1}))), std::vector<int64_t>{count - 1});
    return numbers.use_count() - 1;
  };
  EXPECT_EQ(owners_of(25), 0);
  EXPECT_GT(owners_of(26), 0);
}

TEST(Examples, TwoSetsAreOneBehindTheOther) {
  const Examples both = Examples(counted(3)).followed_by(counted(4, 100));
  EXPECT_EQ(both.size(), 7);
  EXPECT_EQ(first_numbers(both.all()), (std::vector<int64_t>{0, 1, 2, 100, 101, 102, 103}));
  const torch::Tensor indices = torch::tensor({6, 0, 3, 2, 3});
  EXPECT_EQ(first_numbers(both.stored(indices)), (std::vector<int64_t>{103, 0, 100, 2, 100}));
  EXPECT_TRUE(torch::equal(both.read(indices), both.stored(indices).to(torch::kFloat32) / 255));
  EXPECT_EQ(first_numbers(both.stored(torch::tensor({1}))), (std::vector<int64_t>{1}));
  EXPECT_THROW(both.stored(torch::tensor({7})), c10::Error);
  EXPECT_THROW(Examples(counted(3)).followed_by(torch::zeros({2, 1, 2, 3})), c10::Error);
}

TEST(Examples, APassShowsAllOfThemOnceSomeAtATime) {
  const Examples examples = torch::arange(kExamplesInPass + 10).view({-1, 1, 1, 1}).to(torch::kFloat32);
  std::vector<torch::Tensor> seen;
  examples.pass()([&](const torch::Tensor& some) { seen.push_back(some); });
  ASSERT_EQ(seen.size(), 2);
  EXPECT_EQ(seen[0].size(0), kExamplesInPass);
  EXPECT_TRUE(torch::equal(torch::cat(seen), examples.all()));
}

TEST(Examples, OnlyThoseOfAFileMayHaveToWait) {
  EXPECT_FALSE(Examples(counted(3)).may_wait());
  EXPECT_TRUE(mapped_examples(counted(3)).may_wait());
  EXPECT_TRUE(mapped_examples(counted(3)).chosen(torch::arange(2)).may_wait());
  EXPECT_TRUE(Examples(counted(3)).followed_by(mapped_examples(counted(3))).may_wait());
}

}  // namespace
}  // namespace autoencoder
