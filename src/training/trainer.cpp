#include "training/trainer.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "common/stopwatch.h"
#include "models/evaluation_mode.h"
#include "training/mixed_precision.h"
#include "training/tensor_lists.h"

namespace autoencoder {
namespace {

template <typename Call>
Decision ask(const std::vector<Observer*>& observers, Call call) {
  Decision decision = Decision::kContinue;
  for (Observer* observer : observers) {
    decision = call(*observer) == Decision::kStop ? Decision::kStop : decision;
  }
  return decision;
}

std::vector<Tensor> parameters_of(const std::vector<Objective>& objectives) {
  std::vector<Tensor> all;
  for (const Objective& objective : objectives) {
    all.insert(all.end(), objective.parameters.begin(), objective.parameters.end());
  }
  return all;
}

// The losses of all objectives as one: that of the first, and the others' among its terms.
template <typename LossOfObjective>
Loss joined(const std::vector<Objective>& objectives, LossOfObjective loss_of) {
  Loss whole = loss_of(objectives.front());
  for (size_t i = 1; i < objectives.size(); ++i) {
    const Loss loss = loss_of(objectives[i]);
    whole.terms.push_back({objectives[i].name, loss.total.detach()});
    whole.terms.insert(whole.terms.end(), loss.terms.begin(), loss.terms.end());
  }
  return whole;
}

}  // namespace

void TrainerOptions::visit(OptionVisitor& visitor) {
  visitor.option("epochs", epochs, "passes over the training data", between(1, kMostEpochs));
  visitor.option("batch-size", batch_size, "examples in a step", between(1, kMostExamples));
  visitor.option("augment", augment,
                 "change training pictures afresh in every step: none, or some of flip, rotate:DEGREES, "
                 "crop:PIXELS, brightness:SHARE, noise:DEVIATION, with commas between");
  input.visit(visitor);
  optimizer.visit(visitor);
  schedule.visit(visitor);
  visitor.option("clip-norm", clip_norm, "largest norm of the gradient; 0: no limit",
                 between(0, kLargestWeight));
  visitor.option("patience", patience,
                 "stop after so many epochs without a smaller validation loss; 0: never",
                 between(0, kMostEpochs));
  visit_precision(visitor, precision);
  visitor.choice("cuda-graph", cuda_graph,
                 "launch each step on a GPU as one CUDA graph: on, off, or auto, with adam and adamw",
                 {{"auto", CudaGraph::kAuto}, {"on", CudaGraph::kOn}, {"off", CudaGraph::kOff}});
  visitor.option("reproducible", reproducible,
                 "the same bits for any number of threads (several processes always train so)");
}

bool TrainerOptions::uses_cuda_graph(const torch::Device& device) const {
  const OptimizerKind kind = optimizer.optimizer;
  const bool has_rate_on_device = kind == OptimizerKind::kAdam || kind == OptimizerKind::kAdamW;
  if (cuda_graph == CudaGraph::kOn && !device.is_cuda()) {
    throw Error("--cuda-graph on needs a GPU, but the device is the CPU; leave it away");
  }
  if (cuda_graph == CudaGraph::kOn && !has_rate_on_device) {
    throw Error(fmt::format("--cuda-graph on needs --optimizer adam or adamw, not {}",
                            name_of(optimizer_kinds(), kind)));
  }
  return cuda_graph != CudaGraph::kOff && device.is_cuda() && has_rate_on_device;
}

Trainer::Trainer(TrainingParts parts, const TrainerOptions& options, uint64_t seed)
    : parts_(parts),
      options_(options),
      augmentation_(options.augment),
      corruption_(
          Corruption(options.input.corruption).of(parts.model.row_layout(), parts.model.scaling().factor)),
      device_(parts.model.parameters().front().device()),
      precision_(parts.model, options.precision),
      objectives_(parts.model.objectives()),
      learned_(parameters_of(objectives_)),
      validation_seed_(derive_seed(seed, "validation noise")) {}

Outcome Trainer::run(TrainingState& state, const std::vector<Observer*>& observers) {
  engine_ = choose_engine(parts_.model, options_.precision, learned_.empty() ? nullptr : parts_.recorder,
                          {parts_.processes, options_.reproducible});
  if (engine_->plays_back()) {
    state.noise = as_global_generator(state.noise);
  }
  progress_ = torch::zeros({}, engine_->plays_back() ? device_ : torch::Device(torch::kCPU));
  if (ask(observers, [&](Observer& each) { return each.begin(workload(), state); }) == Decision::kStop) {
    return Outcome::kFinished;
  }
  while (state.epoch < options_.epochs) {
    if (train_epoch(state, observers) == Outcome::kInterrupted) {
      return Outcome::kInterrupted;
    }
    state.history.push_back(finish_epoch(state));
    if (ask(observers, [&](Observer& each) { return each.epoch_done(state); }) == Decision::kStop) {
      break;
    }
  }
  return Outcome::kFinished;
}

Outcome Trainer::train_epoch(TrainingState& state, const std::vector<Observer*>& observers) {
  const Stopwatch watch;
  const double seconds_before = state.seconds;
  parts_.model.train();
  parts_.train.start_epoch(state.epoch, state.batch);
  while (const auto batch = parts_.train.next()) {
    train_step(state, *batch);
    if (ask(observers, [&](Observer& each) { return each.step_done(state); }) == Decision::kStop) {
      require_finite(state);
      state.seconds = seconds_before + watch.seconds();
      return Outcome::kInterrupted;
    }
  }
  require_finite(state);
  state.seconds = seconds_before + watch.seconds();
  return Outcome::kFinished;
}

void Trainer::train_step(TrainingState& state, const Batch& batch) {
  set_learning_rate(parts_.optimizer, learning_rate(state));
  progress_.fill_(training_progress(position(state)));
  engine_->run([&state, this](const Batch& given) { advance(state, given); }, batch);
  ++state.batch;
}

// What may be recorded: from a batch to the next weights.
void Trainer::advance(TrainingState& state, const Batch& batch) {
  precision_.take_weights();
  const Step step = {state.noise, progress_};
  const Loss loss = differentiate(batch, step);
  state.meter.add(loss, batch.size(), state.batch + 1);
  if (device_.is_cpu()) {
    require_finite(state);  // costs nothing where there is no queue to wait for
  }
  if (!learned_.empty()) {
    learn();
  }
  const torch::NoGradGuard no_grad;
  parts_.model.after_step(step);
}

// The losses of a batch; their gradients are then with what each objective moves.
Loss Trainer::differentiate(const Batch& batch, const Step& step) {
  return joined(objectives_, [&](const Objective& each) {
    const LossOf loss = loss_of(each, augmentation_);
    return each.parameters.empty() ? engine_->compute(loss, batch, step)
                                   : engine_->differentiate(loss, each.parameters, batch, step);
  });
}

void Trainer::learn() {
  if (options_.clip_norm > 0) {
    clip_norm(gradients_of(learned_), options_.clip_norm);
  }
  parts_.optimizer.step();
}

EpochRecord Trainer::finish_epoch(TrainingState& state) {
  EpochRecord record;
  record.learning_rate = learning_rate(state);
  record.epoch = ++state.epoch;
  record.train = state.meter.means();
  record.train_seconds = state.seconds;
  record.images_per_second = static_cast<double>(parts_.train.example_count()) / state.seconds;
  if (parts_.validation != nullptr) {
    record.validation = validate();
  }
  state.batch = 0;
  state.seconds = 0;
  state.meter.reset();
  return record;
}

LossMeans Trainer::validate() {
  const EvaluationMode evaluation(parts_.model);
  LossMeter meter;
  const Augmentation none;
  const at::Generator noise = make_generator(validation_seed_, device_);
  precision_.take_weights();
  parts_.validation->start_epoch(0);
  for (int64_t step = 1; const auto batch = parts_.validation->next(); ++step) {
    const Loss loss = joined(objectives_, [&](const Objective& each) {
      return engine_->compute(loss_of(each, none), *batch, {noise});
    });
    meter.add(loss, batch->size(), step);
  }
  return meter.means();
}

LossOf Trainer::loss_of(const Objective& objective, const Augmentation& augmentation) {
  return [&, this](const Batch& batch, const Step& step) {
    const Batch augmented = augmentation.apply(batch, step.rng);
    const Batch seen = seen_by_model(augmented, corruption_, options_.input.binarize, step.rng);
    const auto products = precision_.scope();
    return parts_.model.loss(objective, seen, step);
  };
}

Workload Trainer::workload() const {
  return {options_.epochs, parts_.train.batch_count(), parts_.train.example_count(),
          parts_.model.input_shape().noun()};
}

Position Trainer::position(const TrainingState& state) const {
  return {state.epoch, state.batch, parts_.train.batch_count(), options_.epochs};
}

double Trainer::learning_rate(const TrainingState& state) const {
  return base_learning_rate(options_.optimizer) *
         learning_rate_factor(options_.schedule, position(state), state.history);
}

void Trainer::require_finite(const TrainingState& state) const {
  if (const auto step = state.meter.first_bad_step()) {
    throw Error(fmt::format(
        "the loss is not finite in epoch {}, step {}, at learning rate {:g}; lower --learning-rate, set "
        "--clip-norm 1, or add --warmup 1; the checkpoint before is kept",
        state.epoch + 1, *step, learning_rate(state)));
  }
}

}  // namespace autoencoder
