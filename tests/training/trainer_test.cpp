#include "training/trainer.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "common/files.h"
#include "common/random.h"
#include "models/registry.h"
#include "tests/support/blobs.h"
#include "tests/support/expect_error.h"
#include "tests/support/models.h"
#include "tests/support/tape.h"
#include "tests/support/temporary_folder.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

using testing::error_of;
using testing::expect_equal_weights;
using ::testing::HasSubstr;
using testing::spots;
using testing::Tape;
using testing::TemporaryFolder;

constexpr uint64_t kSeed = 11;

// Stops training after so many steps in all.
class StopAfter : public Observer {
 public:
  explicit StopAfter(int64_t steps) : left_(steps) {}
  Decision step_done(TrainingState& /*state*/) override {
    return --left_ == 0 ? Decision::kStop : Decision::kContinue;
  }

 private:
  int64_t left_;
};

// Everything that a trainer needs, made from one seed.
struct Session {
  explicit Session(const Json& model_options, const TrainerOptions& trainer_options = small_options(),
                   const torch::Device& device = torch::kCPU)
      : options(trainer_options),
        train(to_device(spots(64, 1), device)),
        held_out(to_device(spots(16, 2), device)) {
    torch::manual_seed(kSeed);
    saved = {make_model(model_options, train.shape()), model_options};
    saved.model->to(device);
    optimizer = make_optimizer(options.optimizer, saved.model->parameters());
    batches = shuffled_batches(train, options.batch_size, kSeed);
    validation = sequential_batches(held_out, options.batch_size);
    state.noise = make_generator(derive_seed(kSeed, "noise"), device);
  }

  static TrainerOptions small_options() {
    TrainerOptions options;
    options.epochs = 3;
    options.batch_size = 10;
    return options;
  }

  Outcome run(const std::vector<Observer*>& observers = {}, Recorder* recorder = nullptr) {
    Trainer trainer({*saved.model, *optimizer, *batches, validation.get(), recorder}, options, kSeed);
    return trainer.run(state, observers);
  }

  TrainerOptions options;
  Dataset train;  // 64 examples: 7 batches of 10
  Dataset held_out;
  SavedModel saved;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  std::unique_ptr<Batches> batches;
  std::unique_ptr<Batches> validation;
  TrainingState state;
};

// The usual models made small; the others as they are.
Json small(const std::string& model) {
  if (model == "dense" || model == "vae") {
    return {{"model", model}, {"latent-dim", 3}, {"hidden", {16}}, {"dropout", model == "dense" ? 0.1 : 0}};
  }
  if (model == "conv" || model == "conv-vae") {
    return {{"model", model}, {"latent-dim", 3}, {"channels", {4}}};
  }
  return {{"model", model}};
}

// What a history says, without the time that it took.
std::vector<double> losses_of(const History& history) {
  std::vector<double> losses;
  for (const EpochRecord& record : history) {
    losses.push_back(record.train.total);
    losses.push_back(record.validation->total);
    losses.push_back(record.learning_rate);
  }
  return losses;
}

// What a trainer tells a model of its steps.
class Listener : public Autoencoder {
 public:
  Listener() : Autoencoder({1, 12, 12}, {1, 1, 1}) { register_parameter("weight", torch::ones({1})); }
  void after_step(const Step& step) override { after.push_back(step.progress.item<float>()); }
  std::vector<Stage> stages() override { return {}; }

  std::vector<float> progress;  // of each loss in training
  std::vector<float> in_validation;
  std::vector<float> after;
  bool target_is_clean = true;
  bool input_is_corrupted = true;

 private:
  Tensor do_encode(const Tensor& input) override { return input.flatten(1).mean(1, true); }
  Tensor do_decode(const Tensor& code) override { return code.view({-1, 1, 1, 1}).expand({-1, 1, 12, 12}); }
  Loss do_loss(const Batch& batch, const Step& step) override {
    (is_training() ? progress : in_validation).push_back(step.progress.item<float>());
    target_is_clean = target_is_clean && batch.target.min().item<float>() == 0;
    input_is_corrupted = input_is_corrupted && !torch::equal(batch.input, batch.target);
    return {(named_parameters()["weight"] * batch.target.mean()).sum(), {}};
  }
};

TEST(Trainer, TellsTheModelHowFarItIsAndShowsItCorruptedInput) {
  Session session(small("dense"));
  Listener model;
  TrainerOptions options = Session::small_options();
  options.input.corruption = "masking:0.5";
  const auto optimizer = make_optimizer(options.optimizer, model.parameters());
  Trainer trainer({model, *optimizer, *session.batches, session.validation.get()}, options, kSeed);
  trainer.run(session.state, {});
  ASSERT_EQ(model.progress.size(), 21);
  EXPECT_FLOAT_EQ(model.progress[0], 0);
  EXPECT_FLOAT_EQ(model.progress[7], 1.0 / 3);
  EXPECT_FLOAT_EQ(model.progress[20], 20.0 / 21);
  EXPECT_EQ(model.after, model.progress);
  EXPECT_THAT(model.in_validation, ::testing::Each(1));
  EXPECT_TRUE(model.target_is_clean);
  EXPECT_TRUE(model.input_is_corrupted);
}

TEST(Trainer, Learns) {
  TrainerOptions options = Session::small_options();
  options.epochs = 30;
  options.optimizer.learning_rate = 1e-2;
  Session session(small("dense"), options);
  EXPECT_EQ(session.run(), Outcome::kFinished);
  ASSERT_EQ(session.state.history.size(), 30);
  const EpochRecord& first = session.state.history.front();
  const EpochRecord& last = session.state.history.back();
  EXPECT_EQ(last.epoch, 30);
  EXPECT_LT(last.train.total, 0.25 * first.train.total);
  EXPECT_LT(last.validation->total, 0.25 * first.validation->total);
}

TEST(Trainer, TheTrainingLossOfAFrozenModelIsItsLossOnTheWholeSet) {
  TrainerOptions options = Session::small_options();
  options.optimizer.optimizer = OptimizerKind::kSgd;
  options.optimizer.learning_rate = 1e-30;
  options.epochs = 1;
  Session session(small("conv"), options);
  session.run();
  const torch::Tensor images = to_unit_range(session.train.images.all());
  const double expected = (session.saved.model->forward(images) - images).square().mean().item<double>();
  EXPECT_NEAR(session.state.history[0].train.total, expected, 1e-6);
}

TEST(Trainer, ValidationNoiseIsTheSameInEveryEpoch) {
  TrainerOptions options = Session::small_options();
  options.optimizer.optimizer = OptimizerKind::kSgd;
  options.optimizer.learning_rate = 1e-30;
  Session session(small("vae"), options);
  session.run();
  EXPECT_EQ(session.state.history[0].validation->total, session.state.history[2].validation->total);
  EXPECT_NE(session.state.history[0].train.total, session.state.history[2].train.total);
}

TEST(Trainer, TermsAddUpToTheLossOfAVariationalModel) {
  Json model = small("vae");
  model["beta"] = 0.5;
  Session session(model);
  session.run();
  const LossMeans& means = session.state.history.back().train;
  ASSERT_EQ(means.terms.size(), 2);
  EXPECT_EQ(means.terms[0].first, "reconstruction");
  EXPECT_EQ(means.terms[1].first, "kl");
  EXPECT_NEAR(means.total, means.terms[0].second + 0.5 * means.terms[1].second, 1e-4);
}

class EveryModelKind : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryModelKind, TheSameSeedGivesTheSameWeightsBitForBit) {
  Session first(small(GetParam()));
  Session second(small(GetParam()));
  first.run();
  second.run();
  expect_equal_weights(*first.saved.model, *second.saved.model);
  EXPECT_EQ(losses_of(first.state.history), losses_of(second.state.history));
}

// Stopped in the middle of the second epoch, saved, loaded into fresh objects, and gone on with.
void expect_to_resume_bit_for_bit(const Json& model, const TrainerOptions& options) {
  Session whole(model, options);
  whole.run();

  const TemporaryFolder folder;
  {
    Session stopped(model, options);
    StopAfter stop(7 + 3);
    EXPECT_EQ(stopped.run({&stop}), Outcome::kInterrupted);
    EXPECT_EQ(stopped.state.epoch, 1);
    EXPECT_EQ(stopped.state.batch, 3);
    save_checkpoint(folder / "last.pt", stopped.saved, *stopped.optimizer, stopped.state);
  }
  Session resumed(model, options);
  torch::manual_seed(999);
  resumed.saved = load_model(folder / "last.pt", torch::kCPU);
  resumed.optimizer = make_optimizer(options.optimizer, resumed.saved.model->parameters());
  load_checkpoint(folder / "last.pt", torch::kCPU, *resumed.optimizer, resumed.state);
  EXPECT_EQ(resumed.run(), Outcome::kFinished);

  expect_equal_weights(*resumed.saved.model, *whole.saved.model);
  EXPECT_EQ(losses_of(resumed.state.history), losses_of(whole.state.history));
}

TEST_P(EveryModelKind, ResumedEqualsUninterruptedBitForBit) {
  TrainerOptions options = Session::small_options();
  options.schedule.schedule = ScheduleKind::kCosine;
  options.input.corruption = "gaussian:0.3";
  expect_to_resume_bit_for_bit(small(GetParam()), options);
}

TEST(Trainer, ResumesAugmentedAndNormalisedOnesBitForBit) {
  TrainerOptions options = Session::small_options();
  options.augment = "flip,rotate:10,crop:10,brightness:0.1,noise:0.02";
  for (const char* norm : {"batch", "group"}) {
    Json model = small("conv");
    model["norm"] = norm;
    expect_to_resume_bit_for_bit(model, options);
  }
}

TEST(Trainer, ChangesTrainingPicturesAfreshInEveryEpochAndThoseOfValidationNever) {
  TrainerOptions options = Session::small_options();
  options.optimizer.optimizer = OptimizerKind::kSgd;
  options.optimizer.learning_rate = 1e-30;
  Session plain(small("conv"), options);
  plain.run();
  options.augment = "brightness:0.5";
  Session changed(small("conv"), options);
  changed.run();
  EXPECT_NE(changed.state.history[0].train.total, plain.state.history[0].train.total);
  EXPECT_NE(changed.state.history[0].train.total, changed.state.history[1].train.total);
  EXPECT_EQ(changed.state.history[0].validation->total, plain.state.history[0].validation->total);
}

TEST_P(EveryModelKind, TrainsInBfloat16) {
  TrainerOptions options = Session::small_options();
  options.epochs = 1;
  options.precision = Precision::kBfloat16;
  Session session(small(GetParam()), options);
  EXPECT_EQ(session.run(), Outcome::kFinished);
  EXPECT_TRUE(std::isfinite(session.state.history.back().validation->total));
}

INSTANTIATE_TEST_SUITE_P(All, EveryModelKind, ::testing::ValuesIn(model_names()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Trainer, ObserversStopItAfterAnEpoch) {
  struct StopAtTwo : Observer {
    Decision epoch_done(TrainingState& state) override {
      return state.epoch == 2 ? Decision::kStop : Decision::kContinue;
    }
  } stop;
  Session session(small("dense"));
  EXPECT_EQ(session.run({&stop}), Outcome::kFinished);
  EXPECT_EQ(session.state.history.size(), 2);
}

TEST(Trainer, ClippingBoundsTheStepOfPlainGradientDescent) {
  TrainerOptions options = Session::small_options();
  options.optimizer.optimizer = OptimizerKind::kSgd;
  options.optimizer.learning_rate = 1;
  options.optimizer.momentum = 0;
  options.clip_norm = 1e-3;
  Session session(small("dense"), options);
  const auto norm = [&] {
    torch::Tensor sum = torch::zeros({});
    for (const auto& parameter : session.saved.model->parameters()) {
      sum += parameter.detach().square().sum();
    }
    return sum;
  };
  std::vector<torch::Tensor> before;
  for (const auto& parameter : session.saved.model->parameters()) {
    before.push_back(parameter.detach().clone());
  }
  ASSERT_GT(norm().item<double>(), 0);
  StopAfter one(1);
  session.run({&one});
  torch::Tensor moved = torch::zeros({});
  for (size_t i = 0; i < before.size(); ++i) {
    moved += (session.saved.model->parameters()[i].detach() - before[i]).square().sum();
  }
  EXPECT_NEAR(moved.sqrt().item<double>(), 1e-3, 1e-5);
}

TEST(Trainer, ALossThatIsNotFiniteStopsItWithEpochAndStep) {
  Session session(small("dense"));
  struct Poison : Observer {
    explicit Poison(Autoencoder& poisoned) : model(poisoned) {}
    Decision step_done(TrainingState& state) override {
      if (state.epoch == 1 && state.batch == 2) {
        const torch::NoGradGuard no_grad;
        model.parameters()[0].fill_(std::numeric_limits<float>::quiet_NaN());
      }
      return Decision::kContinue;
    }
    Autoencoder& model;
  } poison(*session.saved.model);
  EXPECT_THAT(
      error_of([&] { session.run({&poison}); }),
      HasSubstr("the loss is not finite in epoch 2, step 3, at learning rate 0.001; lower --learning-rate"));
  EXPECT_EQ(session.state.history.size(), 1);
}

TEST(Trainer, Bfloat16ComesCloseToFloat32) {
  TrainerOptions options = Session::small_options();
  options.epochs = 10;
  options.optimizer.learning_rate = 1e-2;
  for (const char* model : {"dense", "conv-vae"}) {
    Session single(small(model), options);
    single.run();
    options.precision = Precision::kBfloat16;
    Session half(small(model), options);
    half.run();
    const double expected = single.state.history.back().validation->total;
    EXPECT_NEAR(half.state.history.back().validation->total, expected, 0.05 * expected) << model;
    EXPECT_NE(half.state.history.back().validation->total, expected) << model;
    options.precision = Precision::kFloat32;
  }
}

TEST(Trainer, ComesToTheSameWeightsWithRecordedSteps) {
  TrainerOptions options = Session::small_options();
  options.schedule.schedule = ScheduleKind::kCosine;
  options.input.corruption = "gaussian:0.1";
  for (const char* model : {"dense", "beta-vae", "batch-topk", "concrete"}) {
    Session plain(small(model), options);
    plain.run();
    Session recorded(small(model), options);
    Tape tape;
    recorded.run({}, &tape);
    expect_equal_weights(*recorded.saved.model, *plain.saved.model);
    EXPECT_EQ(losses_of(recorded.state.history), losses_of(plain.state.history)) << model;
    // 7 batches in each of 3 epochs, of which the last is smaller and the first three come before recording.
    EXPECT_EQ(tape.recordings, 1) << model;
    EXPECT_EQ(tape.replays, 15) << model;
  }
}

TEST(TrainerOptions, RefuseACudaGraphWhereThereCanBeNone) {
  TrainerOptions options;
  EXPECT_FALSE(options.uses_cuda_graph(torch::kCPU));
  EXPECT_TRUE(options.uses_cuda_graph(torch::kCUDA));
  options.cuda_graph = CudaGraph::kOn;
  EXPECT_THAT(error_of([&] { options.uses_cuda_graph(torch::kCPU); }), HasSubstr("needs a GPU"));
  options.optimizer.optimizer = OptimizerKind::kSgd;
  EXPECT_THAT(error_of([&] { options.uses_cuda_graph(torch::kCUDA); }),
              HasSubstr("needs --optimizer adam or adamw, not sgd"));
  options.cuda_graph = CudaGraph::kAuto;
  EXPECT_FALSE(options.uses_cuda_graph(torch::kCUDA));
}

TEST(GpuTrainer, ComesToTheSameWeightsWithCudaGraphs) {
  if (!torch::cuda::is_available()) {
    GTEST_SKIP() << "no CUDA GPU here";
  }
  const torch::Device device(torch::kCUDA, 0);
  TrainerOptions options = Session::small_options();
  options.schedule.schedule = ScheduleKind::kCosine;
  options.clip_norm = 1;
  for (const std::string& name : model_names()) {
    const auto graph = make_cuda_graph(device);
    Session recorded({{"model", name}}, options, device);
    ::testing::internal::CaptureStderr();
    recorded.run({}, graph.get());
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "") << name;
    Session plain({{"model", name}}, options, device);
    plain.run();
    const auto expected = plain.saved.model->named_parameters();
    for (const auto& parameter : recorded.saved.model->named_parameters()) {
      EXPECT_TRUE(torch::allclose(parameter.value(), expected[parameter.key()], 1e-2, 1e-4))
          << name << ' ' << parameter.key();
    }
  }
}

TEST(GpuTrainer, GoesOnFromItsCheckpoint) {
  if (!torch::cuda::is_available()) {
    GTEST_SKIP() << "no CUDA GPU here";
  }
  const torch::Device device(torch::kCUDA, 0);
  const TemporaryFolder folder;
  Session stopped(small("vae"), Session::small_options(), device);
  StopAfter stop(7 + 3);
  stopped.run({&stop});
  save_checkpoint(folder / "last.pt", stopped.saved, *stopped.optimizer, stopped.state);
  for (const torch::Device& to : {device, torch::Device(torch::kCPU)}) {
    Session resumed(small("vae"), Session::small_options(), to);
    resumed.saved = load_model(folder / "last.pt", to);
    resumed.optimizer = make_optimizer(resumed.options.optimizer, resumed.saved.model->parameters());
    load_checkpoint(folder / "last.pt", to, *resumed.optimizer, resumed.state);
    EXPECT_EQ(resumed.run(), Outcome::kFinished);
    EXPECT_EQ(resumed.state.epoch, 3);
  }
}

TEST(GpuTrainer, ComesToTheLossesOfTheCpu) {
  if (!torch::cuda::is_available()) {
    GTEST_SKIP() << "no CUDA GPU here";
  }
  for (const char* model : {"dense", "conv"}) {
    Session cpu(small(model));
    Session gpu(small(model), Session::small_options(), torch::Device(torch::kCUDA, 0));
    cpu.run();
    gpu.run();
    const double expected = cpu.state.history.back().validation->total;
    EXPECT_NEAR(gpu.state.history.back().validation->total, expected, 0.01 * expected) << model;
  }
}

// Examples of bytes in a file, each read when it is asked for.
class FileStore : public ExampleStore {
 public:
  FileStore(std::filesystem::path path, int64_t size, const ImageShape& shape)
      : path_(std::move(path)), size_(size), shape_(shape) {}

  int64_t size() const override { return size_; }
  ImageShape shape() const override { return shape_; }
  torch::ScalarType type() const override { return torch::kUInt8; }
  bool may_wait() const override { return true; }
  torch::Tensor stored(const torch::Tensor& indices) const override {
    most_at_once = std::max(most_at_once, indices.size(0));
    std::ifstream file(path_, std::ios::binary);
    torch::Tensor read =
        torch::empty({indices.size(0), shape_.channels, shape_.height, shape_.width}, torch::kUInt8);
    for (int64_t i = 0; i < indices.size(0); ++i) {
      file.seekg(indices[i].item<int64_t>() * shape_.size());
      file.read(static_cast<char*>(read[i].mutable_data_ptr()), shape_.size());
    }
    return read;
  }

  mutable int64_t most_at_once = 0;

 private:
  std::filesystem::path path_;
  int64_t size_;
  ImageShape shape_;
};

TEST(Trainer, ComesToTheSameWeightsFromAFileAndHoldsNoMoreOfItThanABatch) {
  Session memory(small("conv-vae"));
  memory.run();

  Session session(small("conv-vae"));
  const TemporaryFolder folder;
  const torch::Tensor bytes = session.train.images.all();
  write_file(folder / "bytes", {static_cast<const char*>(bytes.const_data_ptr()), bytes.nbytes()});
  const auto store =
      std::make_shared<FileStore>(folder / "bytes", session.train.size(), session.train.shape());
  session.train.images = Examples(store);
  session.batches = prefetched(shuffled_batches(session.train, session.options.batch_size, kSeed));
  session.run();
  expect_equal_weights(*session.saved.model, *memory.saved.model);
  EXPECT_EQ(store->most_at_once, session.options.batch_size);
}

// The smallest adversarial autoencoder (Makhzani et al. 2015): a discriminator tells codes from normal noise,
// and the encoder learns to deceive it besides.
class Adversarial : public Autoencoder {
 public:
  Adversarial() : Autoencoder({1, 12, 12}, {2, 1, 1}) {
    register_module("encoder", encoder_);
    register_module("decoder", decoder_);
    register_module("discriminator", discriminator_);
  }

  std::vector<Objective> objectives() override {
    std::vector<Tensor> own = encoder_->parameters();
    for (const Tensor& parameter : decoder_->parameters()) {
      own.push_back(parameter);
    }
    return {{"", own, [this](const Batch& batch, const Step& step) { return do_loss(batch, step); }},
            {"discriminator", discriminator_->parameters(),
             [this](const Batch& batch, const Step& step) { return discriminator_loss(batch, step); }}};
  }

  Division division() const override { return divides ? Division::kFree : Division::kNone; }
  std::vector<Stage> stages() override { return {}; }

  bool divides = false;

 private:
  Tensor do_encode(const Tensor& input) override { return encoder_->forward(input.flatten(1)); }
  Tensor do_decode(const Tensor& code) override { return decoder_->forward(code).view({-1, 1, 12, 12}); }

  Loss do_loss(const Batch& batch, const Step& /*step*/) override {
    const Tensor code = do_encode(batch.input);
    const Tensor error = (do_decode(code) - batch.target).square().mean();
    const Tensor unmasked = torch::softplus(-discriminator_->forward(code)).mean();
    return {error + 0.1 * unmasked, {{"reconstruction", error.detach()}}};
  }

  Loss discriminator_loss(const Batch& batch, const Step& step) {
    const Tensor code = do_encode(batch.input);
    const Tensor noise = torch::randn(code.sizes(), step.rng);
    return {
        (torch::softplus(discriminator_->forward(code)) + torch::softplus(-discriminator_->forward(noise)))
            .mean(),
        {}};
  }

  torch::nn::Linear encoder_{144, 2};
  torch::nn::Linear decoder_{2, 144};
  torch::nn::Linear discriminator_{2, 1};
};

std::shared_ptr<Adversarial> adversarial() {
  torch::manual_seed(kSeed);
  return std::make_shared<Adversarial>();
}

// Trains for one step of plain gradient descent, by 1.
TrainingState one_step(Adversarial& model) {
  TrainerOptions options = Session::small_options();
  options.batch_size = 64;
  options.epochs = 1;
  options.optimizer.optimizer = OptimizerKind::kSgd;
  options.optimizer.learning_rate = 1;
  options.optimizer.momentum = 0;
  Session session(small("dense"), options);
  const auto optimizer = make_optimizer(options.optimizer, model.parameters());
  Trainer(TrainingParts{model, *optimizer, *session.batches, session.validation.get()}, options, kSeed)
      .run(session.state, {});
  return std::move(session.state);
}

TEST(Trainer, EachObjectiveMovesItsOwnParametersAlone) {
  const auto model = adversarial();
  const auto expected = adversarial();
  const TrainingState state = one_step(*model);
  const torch::Tensor images = Session(small("dense")).train.images.read(torch::arange(64));
  const at::Generator noise = make_generator(derive_seed(kSeed, "noise"));
  const std::vector<Objective> trained = model->objectives();
  const std::vector<Objective> untrained = expected->objectives();
  for (size_t each = 0; each < trained.size(); ++each) {
    // All 64 examples in another order, which no loss depends on.
    const Loss loss = expected->loss(untrained[each], {images, images, {}}, {noise});
    const auto gradients = torch::autograd::grad({loss.total}, untrained[each].parameters);
    for (size_t i = 0; i < gradients.size(); ++i) {
      EXPECT_TRUE(torch::allclose(trained[each].parameters[i], untrained[each].parameters[i] - gradients[i],
                                  1e-4, 1e-6))
          << trained[each].name << i;
    }
  }
  ASSERT_EQ(state.history.size(), 1);
  const LossMeans& means = state.history[0].train;
  ASSERT_EQ(means.terms.size(), 2);
  EXPECT_EQ(means.terms[0].first, "reconstruction");
  EXPECT_EQ(means.terms[1].first, "discriminator");
  EXPECT_NEAR(means.terms[1].second, 2 * std::log(2), 0.5);
  EXPECT_EQ(state.history[0].validation->terms[1].first, "discriminator");
}

TEST(Trainer, ObjectivesAreDividedAmongThreadsAsALossIs) {
  const int threads = torch::get_num_threads();
  torch::set_num_threads(3);
  const auto whole = adversarial();
  const auto divided = adversarial();
  divided->divides = true;
  one_step(*whole);
  one_step(*divided);
  torch::set_num_threads(threads);
  const size_t own = whole->objectives().front().parameters.size();
  for (size_t i = 0; i < own; ++i) {  // the discriminator sees other noise
    EXPECT_TRUE(torch::allclose(divided->parameters()[i], whole->parameters()[i], 1e-4, 1e-6)) << i;
    EXPECT_FALSE(torch::equal(divided->parameters()[i], adversarial()->parameters()[i])) << i;
  }
}

}  // namespace
}  // namespace autoencoder
