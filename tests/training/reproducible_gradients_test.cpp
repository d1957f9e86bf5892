#include "training/reproducible_gradients.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "models/registry.h"
#include "training/mixed_precision.h"

namespace autoencoder {
namespace {

constexpr ImageShape kShape = {1, 12, 12};

// Where threads of one test meet in place of processes.
class MeetingPlace {
 public:
  explicit MeetingPlace(int64_t size) : given_(static_cast<size_t>(size)) {}

  torch::Tensor gather(int64_t rank, const torch::Tensor& own) {
    std::unique_lock<std::mutex> lock(mutex_);
    given_[static_cast<size_t>(rank)] = own.clone();
    const int64_t round = round_;
    if (++arrived_ == std::ssize(given_)) {
      gathered_ = torch::stack(given_);
      arrived_ = 0;
      ++round_;
      everybody_.notify_all();
    } else {
      everybody_.wait(lock, [&] { return round_ != round; });
    }
    return gathered_.clone();
  }

  int64_t size() const { return std::ssize(given_); }

 private:
  std::mutex mutex_;
  std::condition_variable everybody_;
  std::vector<torch::Tensor> given_;
  torch::Tensor gathered_;
  int64_t arrived_ = 0;
  int64_t round_ = 0;
};

class ThreadAsProcess : public Communicator {
 public:
  ThreadAsProcess(MeetingPlace& place, int64_t rank) : place_(place), rank_(rank) {}

  int64_t rank() const override { return rank_; }
  int64_t size() const override { return place_.size(); }
  torch::Tensor gather(const torch::Tensor& own) override { return place_.gather(rank_, own); }
  std::string name() const override { return "threads"; }

 private:
  MeetingPlace& place_;
  int64_t rank_;
};

struct StepResult {
  torch::Tensor gradient;
  std::vector<double> losses;

  bool operator==(const StepResult& other) const {
    return torch::equal(gradient, other.gradient) && losses == other.losses;
  }
};

class ReproducibleGradients : public ::testing::TestWithParam<std::string> {
 protected:
  ReproducibleGradients() : threads_(torch::get_num_threads()) {}
  ~ReproducibleGradients() override { torch::set_num_threads(threads_); }

  static std::shared_ptr<Autoencoder> new_model() {
    torch::manual_seed(3);
    return make_model({{"model", GetParam()}}, kShape);
  }

  static Batch batch(int64_t count) {
    torch::manual_seed(5);
    const torch::Tensor images = torch::rand({count, kShape.channels, kShape.height, kShape.width});
    return {images, images, {}};
  }

  static StepResult step(Communicator& processes, int64_t examples,
                         Precision precision = Precision::kFloat32) {
    static std::mutex drawing;  // weights and data are drawn from LibTorch's one generator
    std::unique_lock<std::mutex> lock(drawing);
    const auto model = new_model();
    const Batch whole = batch(examples);
    lock.unlock();
    ReproducibleEngine engine([](const Batch& part) { return static_cast<double>(part.input.size(0)); },
                              processes);
    MixedPrecision mixed(*model, precision);
    mixed.take_weights();
    const auto loss_of = [&](const Batch& some, const Step& at) {
      const auto products = mixed.scope();
      return model->loss(some, at);
    };
    const Loss loss =
        engine.differentiate(loss_of, model->parameters(), whole, {make_generator(7), torch::zeros({})});
    StepResult result = {gradient_of(*model), {loss.total.item<double>()}};
    for (const Term& term : loss.terms) {
      result.losses.push_back(term.value.item<double>());
    }
    return result;
  }

  static torch::Tensor gradient_of(const Autoencoder& model) {
    std::vector<torch::Tensor> gradients;
    for (const torch::Tensor& parameter : model.parameters()) {
      gradients.push_back(parameter.grad().flatten());
    }
    return torch::cat(gradients);
  }

 private:
  int threads_;
};

TEST_P(ReproducibleGradients, HaveTheSameBitsForAnyNumberOfThreads) {
  for (const int64_t examples : {7, 40, 100, 128}) {
    torch::set_num_threads(1);
    const StepResult expected = step(alone(), examples);
    for (const int threads : {2, 3}) {
      torch::set_num_threads(threads);
      EXPECT_EQ(step(alone(), examples), expected) << threads << " threads, " << examples << " examples";
    }
  }
}

TEST_P(ReproducibleGradients, HaveTheSameBitsForAnyNumberOfThreadsInBfloat16) {
  if (!suits_threads(Precision::kBfloat16)) {
    GTEST_SKIP() << "this processor has no instructions for bfloat16";
  }
  torch::set_num_threads(1);
  const StepResult expected = step(alone(), 100, Precision::kBfloat16);
  EXPECT_FALSE(expected == step(alone(), 100));
  for (const int threads : {2, 3}) {
    torch::set_num_threads(threads);
    EXPECT_EQ(step(alone(), 100, Precision::kBfloat16), expected) << threads << " threads";
  }
}

TEST_P(ReproducibleGradients, HaveTheSameBitsForAnyNumberOfProcesses) {
  torch::set_num_threads(1);
  for (const int64_t examples : {20, 100, 128}) {
    const StepResult expected = step(alone(), examples);
    for (const int64_t count : {2, 3, 4, 5, 8, 9}) {
      MeetingPlace place(count);
      std::vector<StepResult> results(static_cast<size_t>(count));
      std::vector<std::jthread> threads;
      for (int64_t rank = 0; rank < count; ++rank) {
        threads.emplace_back([&, rank] {
          ThreadAsProcess process(place, rank);
          results[static_cast<size_t>(rank)] = step(process, examples);
        });
      }
      threads.clear();
      for (const StepResult& result : results) {
        EXPECT_EQ(result, expected) << count << " processes, " << examples << " examples";
      }
    }
  }
}

TEST_P(ReproducibleGradients, AreThoseOfTheWholeBatchWhereNothingIsDrawn) {
  if (GetParam() == "vae") {
    GTEST_SKIP() << "draws noise by parts";
  }
  const auto model = new_model();
  const Batch examples = batch(100);
  model->loss(examples, {make_generator(7), torch::zeros({})}).total.backward();
  EXPECT_TRUE(torch::allclose(step(alone(), 100).gradient, gradient_of(*model), 1e-4, 1e-7));
}

INSTANTIATE_TEST_SUITE_P(Models, ReproducibleGradients,
                         ::testing::Values("dense", "vae", "conv", "contractive"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace autoencoder
