#include "tasks/training_session.h"

#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/random.h"
#include "data/augmentation.h"
#include "data/feature_statistics.h"
#include "data/scaling.h"
#include "data/split_file.h"
#include "models/registry.h"
#include "run/checkpoint_index.h"
#include "tasks/device.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

Split make_split(const TrainPlan& plan, const DataSource& source) {
  const auto seed = static_cast<uint64_t>(plan.options.seed);
  Split split = split_source(source, plan.options.data.split_request(seed));
  split.source_digest = digest_of(source);
  return split;
}

Split restored_split(const RunDirectory& run, const DataSource& source) {
  Split split = read_split(run.split());
  check_source(source, split);
  return split;
}

// `resumed`: the run whose checkpoint to go on from; null where training begins.
TrainingData load_training_data(const TrainPlan& plan, const RunDirectory* resumed,
                                const torch::Device& device) {
  const DataSource source = open_source(plan.options.data.source);
  TrainingData data{source.name,
                    source.notes,
                    resumed != nullptr ? restored_split(*resumed, source) : make_split(plan, source),
                    {},
                    {}};
  data.train = to_device(select_split(source, data.split, "train"), device);
  if (data.split.validation.size(0) > 0) {
    data.validation = to_device(select_split(source, data.split, "validation"), device);
  }
  return data;
}

void copy_weights(const Autoencoder& from, Autoencoder& to, const std::string& run) {
  const torch::NoGradGuard no_grad;
  const auto copy = [&](const auto& sources, const auto& targets) {
    for (const auto& target : targets) {
      const torch::Tensor* source = sources.find(target.key());
      if (source == nullptr || source->sizes() != target.value().sizes()) {
        throw Error(fmt::format(
            "init-from {}: its model has no {} of the same shape; choose the same --model and sizes", run,
            target.key()));
      }
      target.value().copy_(*source);
    }
  };
  copy(from.named_parameters(), to.named_parameters());
  copy(from.named_buffers(), to.named_buffers());
}

std::string interval_text(const Interval& interval) {
  return std::isinf(interval.max) ? fmt::format("{:g} and more", interval.min)
                                  : fmt::format("{:g} to {:g}", interval.min, interval.max);
}

// Throws Error where the model cannot come near the data, whatever it learns.
void check_reach(const Autoencoder& model, const Dataset& train) {
  constexpr double kRounding = 1e-3;
  const torch::NoGradGuard no_grad;
  const FeatureRange range = range_of(train.images.pass());
  const double min = model.scaled(range.min.to(train.images.device())).min().item<double>();
  const double max = model.scaled(range.max.to(train.images.device())).max().item<double>();
  const Interval reach = model.reach();
  if (min < reach.min - kRounding || max > reach.max + kRounding) {
    throw Error(fmt::format(
        "the data{} goes from {:g} to {:g}, but behind its --output-activation the model puts out {}; choose "
        "--scale minmax, or --output-activation none --loss mse",
        model.has_scaling() ? ", scaled," : "", min, max, interval_text(reach)));
  }
}

// Layers draw their first weights from LibTorch's global generator.
std::shared_ptr<Autoencoder> make_fresh_model(const TrainPlan& plan, const ImageShape& shape) {
  const GlobalGeneratorLoan loan(
      make_generator(derive_seed(static_cast<uint64_t>(plan.options.seed), "weights")));
  return make_model(plan.model, shape);
}

SavedModel make_initial_model(const TrainPlan& plan, const Dataset& train) {
  const torch::Device device = train.images.device();
  SavedModel saved = {make_fresh_model(plan, train.shape()), plan.model};
  if (const ScalingKind scale = plan.options.data.scale; scale != ScalingKind::kNone) {
    saved.model->set_scaling(fit_scaling(scale, train.images));
  }
  saved.model->to(device);
  check_reach(*saved.model, train);
  const torch::NoGradGuard no_grad;
  if (const std::string& run = plan.options.init_from; !run.empty()) {
    copy_weights(*load_best_model(open_run(run), device).model, *saved.model, run);
  } else {
    saved.model->prepare(train.images);
  }
  return saved;
}

// Null where steps are launched operation by operation.
std::unique_ptr<Recorder> make_recorder(const TrainerOptions& options, const torch::Device& device) {
  auto recorder = options.uses_cuda_graph(device) ? make_cuda_graph(device) : nullptr;
  if (options.cuda_graph == CudaGraph::kOn && recorder == nullptr) {
    throw Error("--cuda-graph on: this LibTorch has no CUDA graphs; leave it away");
  }
  return recorder;
}

}  // namespace

TrainingSession open_session(const TrainPlan& plan, const RunDirectory* resumed) {
  const torch::Device device = use_device(plan.options.device);
  auto recorder = make_recorder(plan.options.trainer, device);
  TrainingData data = load_training_data(plan, resumed, device);
  Augmentation(plan.options.trainer.augment).check(data.train.shape());
  SavedModel saved = resumed != nullptr ? load_model(last_checkpoint(*resumed), device)
                                        : make_initial_model(plan, data.train);
  auto optimizer = make_optimizer(plan.options.trainer.optimizer, saved.model->parameters());
  TrainingState state;
  state.noise = make_generator(derive_seed(static_cast<uint64_t>(plan.options.seed), "noise"), device);
  if (resumed != nullptr) {
    load_checkpoint(last_checkpoint(*resumed), device, *optimizer, state);
  }
  return {
      plan, std::move(recorder), std::move(data), std::move(saved), std::move(optimizer), std::move(state)};
}

}  // namespace autoencoder
