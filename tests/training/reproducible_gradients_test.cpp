#include "training/reproducible_gradients.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <ostream>
#include <stdexcept>
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
#include "training/part_shares.h"

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
  torch::Tensor exchange(int64_t partner, const torch::Tensor& own) override {
    return place_.gather(rank_, own)[partner].clone();
  }
  std::string name() const override { return "threads"; }

 private:
  MeetingPlace& place_;
  int64_t rank_;
};

// Does the work in so many at once.
void in_processes(int64_t count, const std::function<void(Communicator& process)>& work) {
  MeetingPlace place(count);
  std::vector<std::jthread> threads;
  for (int64_t rank = 0; rank < count; ++rank) {
    threads.emplace_back([&, rank] {
      ThreadAsProcess process(place, rank);
      work(process);
    });
  }
}

struct StepResult {
  torch::Tensor gradient;
  torch::Tensor buffers;
  std::vector<double> losses;

  bool operator==(const StepResult& other) const {
    return torch::equal(gradient, other.gradient) && torch::equal(buffers, other.buffers) &&
           losses == other.losses;
  }
};

struct Case {
  std::string name;
  Json options;
  bool draws_by_part = false;

  friend void PrintTo(const Case& printed, std::ostream* out) { *out << printed.name; }
};

class ReproducibleGradients : public ::testing::TestWithParam<Case> {
 protected:
  ReproducibleGradients() : threads_(torch::get_num_threads()) {}
  ~ReproducibleGradients() override { torch::set_num_threads(threads_); }

  static std::shared_ptr<Autoencoder> new_model() {
    torch::manual_seed(3);
    auto model = make_model(GetParam().options, kShape);
    start_with_dead_units(*model);
    return model;
  }

  // Where a family counts them, so that its auxiliary loss has something to revive.
  static void start_with_dead_units(Autoencoder& model) {
    for (const auto& buffer : model.named_buffers()) {
      if (buffer.key() == "idle_steps") {
        buffer.value().narrow(0, 0, 40).fill_(10'000);
      }
    }
  }

  static Batch batch(int64_t count) {
    torch::manual_seed(5);
    const torch::Tensor images = torch::rand({count, kShape.channels, kShape.height, kShape.width});
    return {images, images, {}};
  }

  // Of a batch of which each process has read its own rows.
  static StepResult step(Communicator& processes, int64_t examples,
                         Precision precision = Precision::kFloat32) {
    static std::mutex drawing;  // weights and data are drawn from LibTorch's one generator
    std::unique_lock<std::mutex> lock(drawing);
    const auto model = new_model();
    const Batch own = narrow_to(batch(examples), own_rows(processes, examples, kShape));
    lock.unlock();
    ReproducibleEngine engine([](const Batch& part) { return static_cast<double>(part.input.size(0)); },
                              model->division(), processes);
    MixedPrecision mixed(*model, precision);
    mixed.take_weights();
    const auto loss_of = [&](const Batch& some, const Step& at) {
      const auto products = mixed.scope();
      return model->loss(some, at);
    };
    const Loss loss =
        engine.differentiate(loss_of, model->parameters(), own, {make_generator(7), torch::zeros({})});
    StepResult result = {gradient_of(*model), buffers_of(*model), {loss.total.item<double>()}};
    for (const Term& term : loss.terms) {
      result.losses.push_back(term.value.item<double>());
    }
    return result;
  }

  // Running statistics, counters.
  static torch::Tensor buffers_of(const Autoencoder& model) {
    std::vector<torch::Tensor> buffers = {torch::zeros({0})};
    for (const torch::Tensor& buffer : model.buffers()) {
      buffers.push_back(buffer.flatten().to(torch::kFloat32));
    }
    return torch::cat(buffers);
  }

  // As of one process, of each of so many.
  static void expect_same_bits(int64_t examples, const std::vector<int64_t>& counts) {
    torch::set_num_threads(1);
    const StepResult expected = step(alone(), examples);
    for (const int64_t count : counts) {
      std::vector<StepResult> results(static_cast<size_t>(count));
      in_processes(count, [&](Communicator& process) {
        results[static_cast<size_t>(process.rank())] = step(process, examples);
      });
      for (const StepResult& result : results) {
        EXPECT_EQ(result, expected) << count << " processes, " << examples << " examples";
      }
    }
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
  for (const int64_t examples : {20, 100, 128}) {
    expect_same_bits(examples, {2, 3, 4, 5, 8, 9});
  }
}

TEST_P(ReproducibleGradients, AreThoseOfTheWholeBatchWhereNothingIsDrawn) {
  if (GetParam().draws_by_part) {
    GTEST_SKIP() << "draws noise by parts";
  }
  const auto model = new_model();
  const Batch examples = batch(100);
  model->loss(examples, {make_generator(7), torch::zeros({})}).total.backward();
  const StepResult divided = step(alone(), 100);
  EXPECT_TRUE(torch::allclose(divided.gradient, gradient_of(*model), 1e-4, 1e-7));
  EXPECT_TRUE(torch::allclose(divided.buffers, buffers_of(*model), 1e-5, 1e-7));
}

// LibTorch's fused optimizers take both as they lie in memory.
TEST_P(ReproducibleGradients, LieAsTheirParametersDo) {
  const auto model = new_model();
  const LossOf loss_of = [&](const Batch& some, const Step& at) { return model->loss(some, at); };
  ReproducibleEngine engine([](const Batch& part) { return static_cast<double>(part.input.size(0)); },
                            model->division(), alone());
  engine.differentiate(loss_of, model->parameters(), batch(100), {make_generator(7), torch::zeros({})});
  for (const auto& parameter : model->named_parameters()) {
    EXPECT_TRUE(parameter.value().is_contiguous() && parameter.value().grad().is_contiguous())
        << parameter.key();
  }
}

// Tanh where there is batch normalisation: whether a ReLU is open would be decided by rounding.
INSTANTIATE_TEST_SUITE_P(
    Models, ReproducibleGradients,
    ::testing::Values(
        Case{"dense", {{"model", "dense"}}}, Case{"vae", {{"model", "vae"}}, true},
        Case{"conv", {{"model", "conv"}}}, Case{"contractive", {{"model", "contractive"}}},
        Case{"dropout", {{"model", "dense"}, {"dropout", 0.3}}, true},
        Case{"batch_norm",
             {{"model", "dense"}, {"hidden", {32, 16}}, {"batch-norm", true}, {"activation", "tanh"}}},
        Case{"conv_batch_norm", {{"model", "conv"}, {"norm", "batch"}, {"activation", "tanh"}}},
        Case{"free_bits", {{"model", "vae"}, {"free-bits", 0.05}}, true},
        Case{"sparse_kl", {{"model", "sparse-kl"}}}, Case{"k_sparse", {{"model", "k-sparse"}}},
        Case{"batch_topk", {{"model", "batch-topk"}}}, Case{"concrete", {{"model", "concrete"}}, true},
        Case{
            "contractive_conv", {{"model", "contractive"}, {"backbone", "conv"}, {"channels", {8, 8}}}, true},
        Case{"contractive_batch_norm",
             {{"model", "contractive"}, {"hidden", {32, 16}}, {"batch-norm", true}},
             true}),
    [](const auto& info) { return info.param.name; });

// Of which sixteen processes have a part each.
class GradientsOfALargeBatch : public ReproducibleGradients {};

TEST_P(GradientsOfALargeBatch, HaveTheSameBitsForAnyNumberOfProcesses) { expect_same_bits(2'048, {3, 16}); }

INSTANTIATE_TEST_SUITE_P(
    Models, GradientsOfALargeBatch,
    ::testing::Values(Case{"dense", {{"model", "dense"}}},
                      Case{"batch_norm", {{"model", "dense"}, {"hidden", {32, 16}}, {"batch-norm", true}}}),
    [](const auto& info) { return info.param.name; });

double bright_pixels(const Batch& part) { return (part.input > 0.4).sum().item<double>(); }

torch::Tensor sum_of_bright(const torch::Tensor& images) { return images.masked_select(images > 0.4).sum(); }

// The loss of a family that counts what an example tells: some examples more than others.
TEST(PartsOfABatch, CountByTheWeightOfWhatTheyTell) {
  torch::manual_seed(5);
  const torch::Tensor levels = torch::linspace(0, 1, 128).view({-1, 1, 1, 1});
  const torch::Tensor images = torch::rand({128, kShape.channels, kShape.height, kShape.width}) * levels;
  const Batch whole = {images, images, {}};
  const double expected = sum_of_bright(images).item<double>() / bright_pixels(whole);
  in_processes(3, [&](Communicator& process) {
    const torch::Tensor factor = torch::ones({}, torch::requires_grad());
    const LossOf loss_of = [&](const Batch& part, const Step&) -> Loss {
      return {factor * sum_of_bright(part.input) / std::max(1.0, bright_pixels(part)), {}};
    };
    ReproducibleEngine engine(bright_pixels, Division::kFree, process);
    for (const Batch& given : {whole, narrow_to(whole, own_rows(process, 128, kShape))}) {
      const Loss loss = engine.differentiate(loss_of, {factor}, given, {make_generator(7)});
      EXPECT_NEAR(loss.total.item<double>(), expected, 1e-4 * expected);
      EXPECT_NEAR(factor.grad().item<double>(), expected, 1e-4 * expected);
    }
  });
}

TEST(PartsOfABatch, AreAllReadByOneProcessEach) {
  for (const int64_t processes : {1, 2, 3, 5, 8}) {
    std::vector<int> readers(130, 0);
    std::mutex counting;
    in_processes(processes, [&](Communicator& process) {
      const Rows rows = own_rows(process, std::ssize(readers), kShape);
      const std::scoped_lock lock(counting);
      for (int64_t row = rows.begin; row < rows.end; ++row) {
        ++readers[static_cast<size_t>(row)];
      }
    });
    EXPECT_THAT(readers, ::testing::Each(1)) << processes;
  }
}

// The mean divergence of the whole batch is held above the free bits, whatever its parts draw.
TEST(FreeBits, AreThoseOfTheWholeBatch) {
  const auto penalty_of = [](const Loss& loss) {
    return loss.total.item<double>() - loss.terms.front().value.item<double>();
  };
  torch::manual_seed(3);
  const auto model = make_model({{"model", "vae"}, {"free-bits", 0.02}}, kShape);
  // The examples of a part are alike, those of different parts are not.
  const torch::Tensor levels = torch::linspace(0, 1, 128).view({-1, 1, 1, 1});
  const torch::Tensor images = levels.expand({-1, 1, kShape.height, kShape.width}).contiguous();
  const Batch whole = {images, images, {}};
  const LossOf loss_of = [&](const Batch& some, const Step& at) { return model->loss(some, at); };
  ReproducibleEngine engine([](const Batch& part) { return static_cast<double>(part.input.size(0)); },
                            model->division(), alone());
  const torch::NoGradGuard no_grad;
  const Step step = {make_generator(7), torch::ones({})};
  EXPECT_NEAR(penalty_of(engine.compute(loss_of, whole, step)), penalty_of(model->loss(whole, step)), 1e-4);
}

TEST(Meeting, TellsOfAPartThatFailsWhileTheOthersWait) {
  const auto model = make_model({{"model", "dense"}, {"batch-norm", true}}, kShape);
  const torch::Tensor images = torch::rand({128, kShape.channels, kShape.height, kShape.width});
  std::atomic<int> calls = 0;
  const LossOf fails_once = [&](const Batch& some, const Step& at) -> Loss {
    if (++calls == 3) {
      throw std::runtime_error("no loss");
    }
    return model->loss(some, at);
  };
  ReproducibleEngine engine([](const Batch& part) { return static_cast<double>(part.input.size(0)); },
                            model->division(), alone());
  try {
    engine.differentiate(fails_once, model->parameters(), {images, images, {}}, {make_generator(7)});
    FAIL() << "nothing thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no loss");
  }
}

}  // namespace
}  // namespace autoencoder
