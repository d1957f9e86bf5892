#include "service/batcher.h"

#include <atomic>
#include <future>
#include <latch>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "service/problem.h"
#include "tests/support/models.h"

namespace autoencoder::service {
namespace {

std::shared_ptr<const ServedModel> served() {
  return std::make_shared<ServedModel>(
      ServedModel{.name = "small",
                  .run = {RunDirectory(""), Json::object(), autoencoder::testing::small_model()},
                  .version = "1",
                  .loaded = ""});
}

// Doubles numbers; a batch with a negative one fails. Waits at its gate while that is closed.
struct Doubling {
  Operation operation;
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::vector<int64_t> sizes;

  Doubling() {
    operation.name = "double";
    operation.compute = [this](const ServedModel&, const torch::Tensor& input) {
      opened.wait();
      sizes.push_back(input.size(0));
      if (input.lt(0).any().item<bool>()) {
        throw std::runtime_error("negative");
      }
      return std::vector<Part>{{"doubled", Content::kNumbers, 2 * input}};
    };
  }
};

class BatcherTest : public ::testing::Test {
 protected:
  Batcher& with(const BatchLimits& limits) {
    return batcher_.emplace(
        limits, [] {}, [this](int64_t jobs, int64_t, double) { jobs_ += jobs; });
  }

  std::future<torch::Tensor> submit(const std::vector<float>& numbers) { return submit(numbers, client_); }

  std::future<torch::Tensor> submit(const std::vector<float>& numbers,
                                    const std::shared_ptr<const int>& client) {
    const auto promise = std::make_shared<std::promise<torch::Tensor>>();
    batcher_->submit({.served = served_,
                      .operation = &doubling_.operation,
                      .input = torch::tensor(numbers),
                      .awaited = client,
                      .done = [promise](std::vector<Part> parts, std::exception_ptr failure) {
                        failure ? promise->set_exception(failure) : promise->set_value(parts[0].values);
                      }});
    return promise->get_future();
  }

  // Until the first job has been taken: what comes now waits.
  void wait_until_taken() const {
    while (batcher_->waiting() > 0) {
      std::this_thread::yield();
    }
  }

  std::shared_ptr<const int> client_ = std::make_shared<const int>();
  std::shared_ptr<const ServedModel> served_ = served();
  Doubling doubling_;
  std::atomic<int64_t> jobs_ = 0;
  std::optional<Batcher> batcher_;
};

TEST_F(BatcherTest, WhatComesMeanwhileIsComputedTogether) {
  with({.examples = 4});
  auto first = submit({1});
  wait_until_taken();
  std::vector<std::future<torch::Tensor>> others;
  for (float number = 2; number < 8; ++number) {
    others.push_back(submit({number}));
  }
  doubling_.gate.set_value();
  EXPECT_EQ(first.get()[0].item<float>(), 2);
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_EQ(others[i].get()[0].item<float>(), 2 * static_cast<float>(i + 2));
  }
  batcher_->stop();
  EXPECT_EQ(doubling_.sizes, (std::vector<int64_t>{1, 4, 2}));
  EXPECT_EQ(jobs_, 7);
}

TEST_F(BatcherTest, AJobThatIsLargerThanABatchIsDivided) {
  with({.examples = 4});
  doubling_.gate.set_value();
  EXPECT_TRUE(torch::equal(submit({1, 2, 3, 4, 5, 6, 7, 8, 9}).get(), 2 * torch::arange(1.F, 10.F)));
  EXPECT_EQ(doubling_.sizes, (std::vector<int64_t>{4, 4, 1}));
}

TEST_F(BatcherTest, TheGuiltyOneFailsAlone) {
  with({.examples = 8});
  auto first = submit({1});
  wait_until_taken();
  auto good = submit({2});
  auto bad = submit({-1});
  auto also_good = submit({3});
  doubling_.gate.set_value();
  EXPECT_EQ(good.get()[0].item<float>(), 4);
  EXPECT_THROW(bad.get(), std::runtime_error);
  EXPECT_EQ(also_good.get()[0].item<float>(), 6);
}

TEST_F(BatcherTest, MoreThanMayWaitIsTurnedAway) {
  with({.examples = 4, .waiting = 3});
  auto first = submit({1});
  wait_until_taken();
  auto second = submit({1, 2});
  try {
    submit({1, 2});
    FAIL() << "no problem";
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status(), 429);
  }
  auto third = submit({1});
  doubling_.gate.set_value();
  third.get();
  EXPECT_EQ(submit({1, 2, 3, 4, 5}).get().size(0), 5);  // nothing waits: any size is taken
}

TEST_F(BatcherTest, WhatNobodyWaitsForIsNotComputed) {
  with({.examples = 1});
  auto first = submit({1});
  wait_until_taken();
  auto client = std::make_shared<const int>();
  auto late = submit({2}, client);
  client.reset();
  auto last = submit({3});
  doubling_.gate.set_value();
  last.get();
  EXPECT_EQ(doubling_.sizes.size(), 2);
}

TEST_F(BatcherTest, WhatNobodyWaitsForTakesNoPlace) {
  with({.examples = 4, .waiting = 3});
  auto first = submit({1});
  wait_until_taken();
  auto client = std::make_shared<const int>();
  auto late = submit({1, 2, 3}, client);
  EXPECT_THROW(submit({1, 2}), Problem);
  client.reset();
  auto last = submit({1, 2});
  EXPECT_EQ(batcher_->waiting(), 2);
  doubling_.gate.set_value();
  EXPECT_EQ(last.get().size(0), 2);
}

TEST_F(BatcherTest, StopsWhenWhatWaitsIsComputed) {
  with({.examples = 1});
  auto first = submit({1});
  auto second = submit({2});
  doubling_.gate.set_value();
  batcher_->stop();
  EXPECT_EQ(second.get()[0].item<float>(), 4);
  try {
    submit({1});
    FAIL() << "no problem";
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status(), 503);
  }
}

TEST_F(BatcherTest, WaitsForOthersWhereItIsToldTo) {
  with({.examples = 3, .wait = std::chrono::seconds(20)});
  doubling_.gate.set_value();
  auto first = submit({1});
  auto second = submit({2});
  auto third = submit({3});  // full: it goes at once
  EXPECT_EQ(third.get()[0].item<float>(), 6);
  EXPECT_EQ(doubling_.sizes, (std::vector<int64_t>{3}));
}

TEST_F(BatcherTest, WhatIsDrawnAtRandomIsComputedAlone) {
  doubling_.operation.is_shared = [](const ServedModel&) { return false; };
  with({.examples = 8});
  auto first = submit({1});
  wait_until_taken();
  auto second = submit({2});
  auto third = submit({3});
  doubling_.gate.set_value();
  third.get();
  EXPECT_EQ(doubling_.sizes, (std::vector<int64_t>{1, 1, 1}));
}

}  // namespace
}  // namespace autoencoder::service
