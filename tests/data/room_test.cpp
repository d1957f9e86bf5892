// Data that does not fit into the memory that it may take.

#include "data/room.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/mapped_file.h"
#include "common/memory.h"
#include "data/batches.h"
#include "data/examples.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;

class BoundedMemory : public ::testing::Test {
 protected:
  BoundedMemory() { set_memory_bound(1 << 20); }
  ~BoundedMemory() override { set_memory_bound(0); }

  // More than the bound: each example has its number in all pixels.
  static torch::Tensor numbered_on_disk(int64_t count, torch::ScalarType type = torch::kFloat32) {
    torch::Tensor room = room_for({count, 1, 16, 16}, type);
    room.copy_(torch::arange(count).view({-1, 1, 1, 1}).expand_as(room));
    return room;
  }
};

TEST_F(BoundedMemory, HoldsWhatFitsAndLaysTheRestOnADisk) {
  EXPECT_FALSE(is_mapped(room_for({1 << 18}, torch::kFloat32).const_data_ptr()));
  const torch::Tensor large = numbered_on_disk(2000);
  EXPECT_TRUE(is_mapped(large.const_data_ptr()));
  EXPECT_TRUE(is_mapped(static_cast<const char*>(large.const_data_ptr()) + large.nbytes() - 1));
  EXPECT_EQ(large[1999][0][3][3].item<float>(), 1999);
}

TEST_F(BoundedMemory, KeepsWhatWasWrittenWhenItIsForgotten) {
  const torch::Tensor large = numbered_on_disk(2000);
  forget_mapped(large.const_data_ptr(), large.nbytes());
  EXPECT_EQ(large[777][0][0][0].item<float>(), 777);
  torch::Tensor in_memory = torch::ones({1000});
  forget_mapped(in_memory.const_data_ptr(), in_memory.nbytes());
  EXPECT_EQ(in_memory.sum().item<float>(), 1000) << "memory that is no file's is left alone";
}

TEST_F(BoundedMemory, ReadsTheSameFromTheFileAsFromMemory) {
  const torch::Tensor indices = torch::tensor({1500, 3, 3, 0, 1999});
  for (const auto type : {torch::kFloat32, torch::kUInt8, torch::kFloat64, torch::kInt32}) {
    const torch::Tensor room = numbered_on_disk(9000, type);
    const Examples on_disk(room);
    ASSERT_TRUE(on_disk.may_wait());
    const Examples in_memory(room.clone());
    ASSERT_FALSE(in_memory.may_wait());
    EXPECT_TRUE(torch::equal(on_disk.read(indices), in_memory.read(indices))) << type;
    EXPECT_TRUE(torch::equal(on_disk.stored(indices), in_memory.stored(indices))) << type;
    EXPECT_TRUE(torch::equal(on_disk.range(5, 9), in_memory.range(5, 9))) << type;
  }
  const Examples part(numbered_on_disk(2000).slice(0, 500, 1000));
  EXPECT_EQ(part.read(torch::tensor({0}))[0][0][0][0].item<float>(), 500);
  EXPECT_THROW(part.read(torch::tensor({500})), c10::Error);
}

TEST_F(BoundedMemory, ReadsPicturesWhoseChannelsComeLast) {
  torch::Tensor room = room_for({500, 16, 16, 3}, torch::kFloat32);
  room.copy_(torch::rand(room.sizes()));
  const torch::Tensor pictures = room.permute({0, 3, 1, 2});
  const torch::Tensor indices = torch::tensor({499, 0, 7});
  EXPECT_TRUE(torch::equal(Examples(pictures).read(indices), pictures.index_select(0, indices)));
}

TEST_F(BoundedMemory, IsRefusedByADiskThatIsTooSmall) {
  EXPECT_THAT(testing::error_of([] { ScratchMemory(uint64_t{1} << 55); }), HasSubstr("no room for"));
}

TEST_F(BoundedMemory, BatchesOfBlocksShowEveryExampleOnceAndNeighboursTogether) {
  constexpr int64_t kCount = 4100;
  constexpr int64_t kBuffer = 1024;
  // A view in an order drawn at random, as a training split is.
  const torch::Tensor drawn = torch::randperm(kCount);
  const Dataset data = {Examples(numbered_on_disk(kCount)).chosen(drawn), {}, {}};
  const auto batches = shuffled_batches(data, 256, 1, kBuffer);
  const auto numbers_of_epoch = [&](int64_t epoch, int64_t skip) {
    std::vector<int64_t> numbers;
    batches->start_epoch(epoch, skip);
    while (const auto batch = batches->next()) {
      const torch::Tensor firsts = batch->input.select(3, 0).select(2, 0).flatten().to(torch::kInt64);
      numbers.insert(numbers.end(), firsts.const_data_ptr<int64_t>(),
                     firsts.const_data_ptr<int64_t>() + firsts.numel());
    }
    return numbers;
  };
  const std::vector<int64_t> first = numbers_of_epoch(0, 0);
  std::vector<int64_t> sorted = first;
  std::ranges::sort(sorted);
  ASSERT_EQ(std::ssize(sorted), kCount);
  for (int64_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(sorted[static_cast<size_t>(i)], i);
  }
  EXPECT_NE(first, sorted);
  EXPECT_NE(first, numbers_of_epoch(1, 0));
  EXPECT_EQ(first, numbers_of_epoch(0, 0));
  const std::vector<int64_t> rest = numbers_of_epoch(0, 3);
  EXPECT_TRUE(std::equal(rest.begin(), rest.end(), first.begin() + ptrdiff_t{3} * 256));
  // A block is a megabyte, 1024 examples: the first 1024 drawn lie together.
  const auto [least, most] = std::minmax_element(first.begin(), first.begin() + kBuffer);
  EXPECT_LE(*most - *least, kBuffer);
}

}  // namespace
}  // namespace autoencoder
