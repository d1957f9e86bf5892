#include "data/batches.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/numbered.h"

namespace autoencoder {
namespace {

using testing::numbered;

// Image i has the value i everywhere, and the label i.
// The labels of an epoch, in the order in which they come.
std::vector<int64_t> labels_of(Batches& batches, int64_t epoch, int64_t skip = 0) {
  std::vector<int64_t> labels;
  batches.start_epoch(epoch, skip);
  while (const auto batch = batches.next()) {
    const auto* data = batch->label.const_data_ptr<int64_t>();
    labels.insert(labels.end(), data, data + batch->label.numel());
  }
  return labels;
}

TEST(Batches, EveryExampleComesOnceAnEpoch) {
  const auto batches = shuffled_batches(numbered(10), 4, 0);
  std::vector<int64_t> labels = labels_of(*batches, 0);
  EXPECT_NE(labels, (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  std::sort(labels.begin(), labels.end());
  EXPECT_EQ(labels, (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Batches, TheLastBatchHoldsTheRest) {
  const auto batches = shuffled_batches(numbered(10), 4, 0);
  EXPECT_EQ(batches->batch_count(), 3);
  EXPECT_EQ(batches->example_count(), 10);
  std::vector<int64_t> sizes;
  batches->start_epoch(0);
  while (const auto batch = batches->next()) {
    sizes.push_back(batch->input.size(0));
  }
  EXPECT_EQ(sizes, (std::vector<int64_t>{4, 4, 2}));
}

TEST(Batches, NoBatchOfOneExampleAmongLargerOnes) {
  const auto batches = shuffled_batches(numbered(9), 4, 0);
  EXPECT_EQ(batches->batch_count(), 2);
  EXPECT_EQ(batches->example_count(), 8);
  EXPECT_EQ(labels_of(*batches, 0).size(), 8);
  EXPECT_EQ(shuffled_batches(numbered(1), 4, 0)->example_count(), 1);
  EXPECT_EQ(shuffled_batches(numbered(3), 1, 0)->example_count(), 3);
}

TEST(Batches, ImagesAreScaledToOneAndStayWithTheirLabels) {
  const auto batches = shuffled_batches(numbered(10), 4, 0);
  batches->start_epoch(0);
  const auto batch = batches->next();
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->input.dtype(), torch::kFloat32);
  EXPECT_TRUE(torch::allclose(batch->input.mean({1, 2, 3}), batch->label.to(torch::kFloat32) / 255));
  EXPECT_TRUE(torch::equal(batch->input, batch->target));
}

TEST(Batches, TheOrderIsAFunctionOfSeedAndEpoch) {
  const auto batches = shuffled_batches(numbered(100), 7, 5);
  const auto again = shuffled_batches(numbered(100), 7, 5);
  const auto other = shuffled_batches(numbered(100), 7, 6);
  const auto first = labels_of(*batches, 0);
  EXPECT_NE(first, labels_of(*batches, 1));
  EXPECT_EQ(first, labels_of(*again, 0));
  EXPECT_NE(first, labels_of(*other, 0));
}

TEST(Batches, SkippingGoesOnWhereAnEpochWasLeft) {
  const auto batches = shuffled_batches(numbered(10), 4, 5);
  const auto whole = labels_of(*batches, 2);
  EXPECT_EQ(labels_of(*batches, 2, 1), std::vector<int64_t>(whole.begin() + 4, whole.end()));
  EXPECT_TRUE(labels_of(*batches, 2, 3).empty());
}

TEST(Batches, AnEpochLeftInTheMiddleDoesNotReachIntoTheNext) {
  const auto batches = shuffled_batches(numbered(10), 4, 5);
  const auto whole = labels_of(*batches, 1);
  batches->start_epoch(0);
  batches->next();
  EXPECT_EQ(labels_of(*batches, 1), whole);
}

TEST(Batches, SequentialKeepsTheDatasOrder) {
  const auto batches = sequential_batches(numbered(5), 2);
  EXPECT_EQ(labels_of(*batches, 0), (std::vector<int64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(labels_of(*batches, 9), (std::vector<int64_t>{0, 1, 2, 3, 4}));
}

TEST(Batches, DataWithoutLabelsHasBatchesWithout) {
  const auto batches = sequential_batches({numbered(5).images, {}, {}}, 2);
  batches->start_epoch(0);
  EXPECT_FALSE(batches->next()->label.defined());
}

// Two of those in the middle of each batch.
Rows middle(int64_t examples) { return {(examples - 1) / 2, examples / 2 + 1}; }

TEST(Batches, HaveTheRowsThatAreWanted) {
  for (const auto& batches : {sequential_batches(numbered(10), 4, middle),
                              prefetched(sequential_batches(numbered(10), 4, middle))}) {
    EXPECT_EQ(labels_of(*batches, 0), (std::vector<int64_t>{1, 2, 5, 6, 8, 9}));
    EXPECT_EQ(batches->example_count(), 10);
    batches->start_epoch(0);
    const auto batch = batches->next();
    EXPECT_EQ(batch->before, 1);
    EXPECT_EQ(batch->behind, 1);
    EXPECT_EQ(batch->size(), 4);
  }
}

TEST(Batches, HaveTheSameOrderWhicheverRowsAreRead) {
  const std::vector<int64_t> all = labels_of(*shuffled_batches(numbered(8), 4, 0), 1);
  EXPECT_EQ(labels_of(*shuffled_batches(numbered(8), 4, 0, 0, middle), 1),
            (std::vector<int64_t>{all[1], all[2], all[5], all[6]}));
}

// Batches that fail when they come to the second.
class BrokenBatches : public Batches {
 public:
  void start_epoch(int64_t /*epoch*/, int64_t /*skip*/) override { read_ = 0; }
  std::optional<Batch> next() override {
    TORCH_CHECK(++read_ < 2, "no second batch");
    return Batch{torch::zeros({1}), {}, {}};
  }
  int64_t batch_count() const override { return 2; }
  int64_t example_count() const override { return 2; }

 private:
  int64_t read_ = 0;
};

TEST(Prefetched, GivesTheSameBatchesInTheSameOrder) {
  const auto plain = shuffled_batches(numbered(30), 4, 0);
  const auto ahead = prefetched(shuffled_batches(numbered(30), 4, 0));
  EXPECT_EQ(ahead->batch_count(), plain->batch_count());
  EXPECT_EQ(ahead->example_count(), plain->example_count());
  for (const int64_t epoch : {0, 1}) {
    EXPECT_EQ(labels_of(*ahead, epoch), labels_of(*plain, epoch));
  }
  EXPECT_EQ(labels_of(*ahead, 3, 5), labels_of(*plain, 3, 5));
  EXPECT_FALSE(ahead->next()) << "an epoch that is over";
}

TEST(Prefetched, CanBeginAnotherEpochInTheMiddleOfOne) {
  const auto plain = shuffled_batches(numbered(30), 4, 0);
  const auto ahead = prefetched(shuffled_batches(numbered(30), 4, 0));
  ahead->start_epoch(0);
  EXPECT_TRUE(ahead->next());
  EXPECT_EQ(labels_of(*ahead, 1), labels_of(*plain, 1));
  ahead->start_epoch(2);  // and can go in the middle of one
}

TEST(Prefetched, ThrowsWhatReadingThrows) {
  const auto ahead = prefetched(std::make_unique<BrokenBatches>());
  ahead->start_epoch(0);
  EXPECT_TRUE(ahead->next());
  EXPECT_THROW(ahead->next(), c10::Error);
}

}  // namespace
}  // namespace autoencoder
