#include "data/split.h"

#include <numeric>
#include <set>

#include <torch/types.h>

#include "tests/support/expect_error.h"
#include "tests/support/numbered.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::numbered;

// Image i has the value i everywhere, and the label i.
DataSource without_test(int64_t count) { return {"numbers", numbered(count), {}}; }
DataSource with_test(int64_t count, int64_t test) {
  return {"numbers", numbered(count), numbered(test, 100)};
}

std::set<int64_t> as_set(const torch::Tensor& indices) {
  const auto* data = indices.const_data_ptr<int64_t>();
  return {data, data + indices.numel()};
}

TEST(Split, DividesWithoutOverlapAndWithoutRest) {
  const Split split = split_source(without_test(100),
                                   {.validation_fraction = 0.2, .test_fraction = 0.1, .limit = 0, .seed = 3});
  EXPECT_EQ(split.train.size(0), 70);
  EXPECT_EQ(split.validation.size(0), 20);
  EXPECT_EQ(split.test.size(0), 10);
  std::set<int64_t> all = as_set(torch::cat({split.train, split.validation, split.test}));
  EXPECT_EQ(all.size(), 100);
  EXPECT_EQ(*all.begin(), 0);
  EXPECT_EQ(*all.rbegin(), 99);
}

TEST(Split, IsAPermutationThatTheSeedDecides) {
  const auto train = [](uint64_t seed) {
    return split_source(without_test(100),
                        {.validation_fraction = 0.2, .test_fraction = 0.2, .limit = 0, .seed = seed})
        .train;
  };
  EXPECT_TRUE(torch::equal(train(1), train(1)));
  EXPECT_FALSE(torch::equal(train(1), train(2)));
  EXPECT_FALSE(torch::equal(train(1), torch::arange(60)));
}

TEST(Split, ASourcesOwnValidationSplitIsHeldOutAndNothingElseIs) {
  DataSource source = without_test(50);
  source.validation = torch::arange(40, 50);
  const Split split =
      split_source(source, {.validation_fraction = 0.5, .test_fraction = 0.25, .limit = 20, .seed = 0});
  EXPECT_EQ(as_set(split.validation), as_set(source.validation));
  EXPECT_EQ(split.train.size(0), 15);
  EXPECT_EQ(split.test.size(0), 5);
  EXPECT_LT(torch::cat({split.train, split.test}).max().item<int64_t>(), 40);
}

TEST(Split, APartHasItsMasks) {
  DataSource source = with_test(6, 4);
  source.test.masks = torch::arange(4).to(torch::kUInt8).view({4, 1, 1, 1}).expand({4, 1, 8, 8}).clone();
  const Dataset chosen = chosen_examples(source.test, torch::tensor({3, 1}));
  EXPECT_EQ(chosen.masks.all().select(1, 0).select(1, 0).select(1, 0).sum().item<int64_t>(), 4);
  EXPECT_FALSE(select_split(source, split_source(source, {}), "all").masks.defined());
  source.train.masks = torch::zeros({6, 1, 8, 8}, torch::kUInt8);
  EXPECT_EQ(select_split(source, split_source(source, {}), "all").masks.size(), 10);
}

TEST(Split, ASourcesOwnTestSplitStaysWholeAndItsTrainingDataServesTraining) {
  const DataSource source = with_test(50, 10);
  const Split split =
      split_source(source, {.validation_fraction = 0.2, .test_fraction = 0.5, .limit = 0, .seed = 0});
  EXPECT_EQ(split.train.size(0), 40);
  EXPECT_EQ(split.validation.size(0), 10);
  EXPECT_TRUE(torch::equal(select_split(source, split, "test").labels, source.test.labels));
}

TEST(Split, SelectsImagesWithTheirLabels) {
  const DataSource source = with_test(50, 10);
  const Split split = split_source(source, {});
  for (const char* name : {"train", "validation"}) {
    const Dataset part = select_split(source, split, name);
    EXPECT_TRUE(
        torch::equal(part.images.all().select(1, 0).select(1, 0).select(1, 0).to(torch::kInt64), part.labels))
        << name;
  }
  EXPECT_EQ(as_set(select_split(source, split, "validation").labels), as_set(split.validation));
  EXPECT_EQ(select_split(source, split, "all").size(), 60);
}

TEST(Split, NoValidationWhereTheFractionIsZero) {
  const DataSource source = without_test(10);
  const Split split =
      split_source(source, {.validation_fraction = 0, .test_fraction = 0, .limit = 0, .seed = 0});
  EXPECT_EQ(split.train.size(0), 10);
  EXPECT_THAT(error_of([&] { select_split(source, split, "validation"); }),
              HasSubstr("validation split of numbers is empty"));
}

TEST(Split, TheLimitTakesARandomPartOfTheTrainingDataOnly) {
  const DataSource source = with_test(100, 10);
  const Split split =
      split_source(source, {.validation_fraction = 0.2, .test_fraction = 0.2, .limit = 20, .seed = 0});
  EXPECT_EQ(split.train.size(0) + split.validation.size(0), 20);
  EXPECT_GT(*as_set(split.train).rbegin(), 20);
  EXPECT_EQ(select_split(source, split, "test").size(), 10);
}

TEST(Split, RefusesToLeaveNothingToLearnFrom) {
  EXPECT_THAT(error_of([] {
                split_source(without_test(2),
                             {.validation_fraction = 0.5, .test_fraction = 0.5, .limit = 0, .seed = 0});
              }),
              HasSubstr("2 examples, less 1 for validation and 1 for test, leave none to learn from"));
}

TEST(Split, RefusesASourceThatHasChangedSinceItWasSplit) {
  const Split split = split_source(without_test(100), {});
  EXPECT_THAT(error_of([&] { select_split(without_test(99), split, "train"); }),
              HasSubstr("has 99 training and 0 test examples now"));
}

TEST(Split, OnlyExamplesOfTheWantedLabelsAreLearnedFrom) {
  DataSource source = without_test(100);
  source.train.labels = torch::arange(100).remainder(5);
  const Split split = split_source(source, {.only_labels = {"1", "4"}});
  for (const torch::Tensor& part : {split.train, split.validation}) {
    const torch::Tensor labels = source.train.labels.index_select(0, part);
    EXPECT_GT(part.size(0), 0);
    EXPECT_TRUE(((labels == 1) | (labels == 4)).all().item<bool>());
  }
  EXPECT_EQ(split.train.size(0) + split.validation.size(0) +
                (source.train.labels.index_select(0, split.test) % 3 == 1).sum().item<int64_t>(),
            40);
  EXPECT_EQ(split.test.size(0), 20);
}

TEST(Split, LabelsThatAreNotThereAreNoted) {
  DataSource source = without_test(10);
  source.train.labels = torch::Tensor();
  EXPECT_THAT(error_of([&] { split_source(source, {.only_labels = {"1"}}); }), HasSubstr("no labels"));
  source.train.labels = torch::arange(10);
  EXPECT_THAT(error_of([&] { split_source(source, {.only_labels = {"12"}}); }),
              HasSubstr("only-labels names the label 12, which is not there"));
}

TEST(Split, ASourceThatChangedIsRefusedThoughItIsAsLarge) {
  DataSource source = without_test(10);
  source.train.responses = torch::rand({10});
  Split split = split_source(source, {});
  split.source_digest = digest_of(source);
  check_source(source, split);

  DataSource reordered = source;
  reordered.train.images = source.train.images.all().flip({0});
  DataSource relabelled = source;
  relabelled.train.labels = source.train.labels + 1;
  DataSource retargeted = source;
  retargeted.train.responses = source.train.responses * 2;
  for (const DataSource& changed : {reordered, relabelled, retargeted}) {
    EXPECT_THAT(error_of([&] { check_source(changed, split); }),
                HasSubstr("but other ones, or in another order"));
  }
}

TEST(Split, AColumnMayBeCalledTheLabelLater) {
  DataSource source = without_test(10);
  source.train.labels = torch::Tensor();
  Split split = split_source(source, {});
  split.source_digest = digest_of(source);
  source.train.labels = torch::arange(10);
  EXPECT_NO_THROW(check_source(source, split));
}

TEST(Split, ADigestDoesNotDependOnHowTheExamplesLieInMemory) {
  const DataSource source = without_test(10);
  DataSource strided = source;
  strided.train.images = torch::cat({source.train.images.all(), source.train.images.all()}, 3)
                             .narrow(3, 0, source.train.images.all().size(3));
  EXPECT_EQ(digest_of(strided), digest_of(source));
}

}  // namespace
}  // namespace autoencoder
