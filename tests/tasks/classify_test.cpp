// What classifiers make of a small run's codes.

#include "tasks/classify.h"

#include <filesystem>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/error.h"
#include "tests/support/expect_error.h"
#include "tests/support/failure.h"
#include "tests/support/shared_run.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using testing::failure_of;
using ::testing::HasSubstr;
using testing::SharedRun;
using testing::SharedRunTest;
using testing::spots;
using testing::write_idx;

class Classify : public SharedRunTest {
 protected:
  static void SetUpTestSuite() {
    const Json options = {{"hidden", {16}}, {"latent-dim", 4}, {"epochs", 3}};
    shared_ = std::make_unique<SharedRun>(400, 100, options);
  }

  Classify() : request_(request_for<ClassifyRequest>(shared_->copied_to(path("run")))) {}

  ClassifyRequest request_;
};

TEST_F(Classify, ComparesCodesWithPixelsAndPrincipalComponents) {
  const ClassifyResult result = classify_run(request_);
  EXPECT_EQ(result.run, path("run"));
  EXPECT_EQ(result.data, "test split of spots, 100 images");
  EXPECT_EQ(result.class_names.size(), 4);
  EXPECT_EQ(result.neighbours, 5);
  EXPECT_EQ(result.layout, ProbeLayout::kOneCount);
  EXPECT_TRUE(result.confusion.empty());
  ASSERT_EQ(result.outcomes.size(), 3);
  const ProbeOutcome& codes = result.outcomes[0];
  EXPECT_EQ(codes.features, "codes");
  EXPECT_EQ(codes.dimensions, 4);
  EXPECT_EQ(result.outcomes[1].features, "pixels");
  EXPECT_EQ(result.outcomes[1].dimensions, 144);
  EXPECT_EQ(result.outcomes[2].features, "PCA");
  EXPECT_EQ(result.outcomes[2].dimensions, 4);
  for (const ProbeOutcome& outcome : result.outcomes) {
    EXPECT_EQ(outcome.labels, 320) << outcome.features;
  }
  for (const size_t easy : {1, 2}) {
    EXPECT_EQ(result.outcomes[easy].nearest_neighbours.mean, 1) << result.outcomes[easy].features;
    EXPECT_EQ(result.outcomes[easy].logistic_regression.mean, 1) << result.outcomes[easy].features;
  }
}

TEST_F(Classify, JsonHasEveryFigure) {
  request_.confusion = true;
  const Json json = classify_run(request_).to_json();
  EXPECT_EQ(json.at("images"), 100);
  EXPECT_EQ(json.at("classes"), Json({"0", "1", "2", "3"}));
  ASSERT_EQ(json.at("results").size(), 6);
  const Json& codes = json.at("results").at(1);
  EXPECT_EQ(codes.at("classifier"), "logistic_regression");
  EXPECT_EQ(codes.at("features"), "codes");
  EXPECT_EQ(codes.at("labels"), 320);
  EXPECT_FALSE(codes.contains("standard_deviation"));
  int64_t right = 0;
  for (size_t i = 0; i < 4; ++i) {
    right += json.at("confusion").at(i).at(i).get<int64_t>();
  }
  EXPECT_NEAR(codes.at("accuracy").get<double>(), static_cast<double>(right) / 100, 1e-9);
}

TEST_F(Classify, TheConfusionMatrixHasARowForEachClass) {
  request_.confusion = true;
  const auto confusion = classify_run(request_).confusion;
  ASSERT_EQ(confusion.size(), 4);
  int64_t all = 0;
  for (const std::vector<int64_t>& row : confusion) {
    ASSERT_EQ(row.size(), 4);
    all += row[0] + row[1] + row[2] + row[3];
  }
  EXPECT_EQ(all, 100);
}

TEST_F(Classify, CurvesHaveOutcomesForEachNumberOfLabels) {
  request_.curve = {8, 40, 320};
  request_.draws = 3;
  request_.neighbours = 3;
  const ClassifyResult result = classify_run(request_);
  EXPECT_EQ(result.layout, ProbeLayout::kCurve);
  ASSERT_EQ(result.outcomes.size(), 9);
  for (size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(result.outcomes[i].labels, request_.curve[i / 3]);
    EXPECT_TRUE(result.outcomes[i].nearest_neighbours.standard_deviation) << i;
    EXPECT_TRUE(result.outcomes[i].logistic_regression.standard_deviation) << i;
  }
  EXPECT_NEAR(*result.outcomes[6].nearest_neighbours.standard_deviation, 0, 5e-5);  // every draw is all of it
  EXPECT_NEAR(*result.outcomes[6].logistic_regression.standard_deviation, 0, 5e-5);
  request_ = request_for<ClassifyRequest>(request_.run);
  request_.curve = {8, 40};
  EXPECT_EQ(classify_run(request_).to_json().at("results").size(), 12);
}

TEST_F(Classify, TheSeedDrawsTheLabels) {
  request_.labels = 6;
  request_.draws = 4;
  request_.neighbours = 1;
  const auto figures = [&](int64_t seed) {
    request_.seed = seed;
    return classify_run(request_).to_json();
  };
  const Json first = figures(0);
  EXPECT_TRUE(first.at("results").at(0).contains("standard_deviation"));
  EXPECT_EQ(figures(0), first);
  EXPECT_NE(figures(1).at("results"), first.at("results"));
}

TEST_F(Classify, OtherDataBringTheirOwnExamplesToLearnFrom) {
  request_.source.data = write_spots("others", 50, 20);
  const ClassifyResult result = classify_run(request_);
  EXPECT_EQ(result.training_images, 50);
  EXPECT_EQ(result.images, 20);
  fs::remove(folder_ / "others/t10k-images-idx3-ubyte");
  fs::remove(folder_ / "others/t10k-labels-idx1-ubyte");
  EXPECT_THAT(error_of([&] { classify_run(request_); }), HasSubstr("the test split of others is empty"));
}

TEST_F(Classify, RefusesDataWithoutLabelsOrWithOneClass) {
  request_.source.data = write_spots("others", 50, 20);
  Dataset same = spots(50, 1);
  same.labels.fill_(3);
  write_idx(folder_ / "others", "train", same);
  EXPECT_THAT(failure_of([&] { classify_run(request_); }),
              HasSubstr("all 50 training examples are of class 3"));
  fs::remove(folder_ / "others/train-labels-idx1-ubyte");
  EXPECT_THAT(failure_of([&] { classify_run(request_); }),
              HasSubstr("train split of others, 50 images: no labels"));
}

TEST_F(Classify, RefusesMoreLabelsThanThereAreAndFewerThanVote) {
  const auto error = [&](int64_t labels) {
    request_.labels = labels;
    return error_of([&] { classify_run(request_); });
  };
  EXPECT_THAT(error(321), HasSubstr("321 labels are asked for, but the training split has 320"));
  EXPECT_THAT(error(4), HasSubstr("neighbours is 5, but there are only 4 labels"));
  EXPECT_THAT(error(1), HasSubstr("labels is 1; two classes need at least 2"));
  request_.labels = 0;
  request_.curve = {10, 1000};
  EXPECT_THAT(error_of([&] { classify_run(request_); }), HasSubstr("1,000 labels are asked for"));
}

TEST_F(Classify, RefusesOptionsThatWouldDoNothing) {
  ClassifyRequest twice = request_;
  twice.labels = 10;
  twice.curve = {10};
  EXPECT_THAT(error_of<UsageError>([&] { classify_run(twice); }),
              HasSubstr("--labels and --curve are both given"));
  request_.draws = 3;
  EXPECT_THAT(error_of<UsageError>([&] { classify_run(request_); }), HasSubstr("every draw is the same"));
}

}  // namespace
}  // namespace autoencoder
