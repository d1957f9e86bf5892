#include "tasks/training_session.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "data/augmentation.h"
#include "data/feature_statistics.h"
#include "data/scaling.h"
#include "data/split_file.h"
#include "data/windows.h"
#include "models/registry.h"
#include "run/checkpoint_index.h"
#include "tasks/device.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

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

// Some hundred rows are as many steps from a good model as a million: small batches, and as many passes as
// they take.
void suit_to_size(DataSource& source) {
  constexpr int64_t kBatch = 64;
  constexpr int64_t kSteps = 3000;
  constexpr int64_t kMostEpochs = 300;
  const int64_t usual_epochs = TrainerOptions().epochs;
  const int64_t steps = source.train.size() / TrainerOptions().batch_size + 1;
  const bool has_rows = !source.train.shape().is_image() && !source.train.windows.defined();
  if (!has_rows || steps * usual_epochs >= kSteps) {
    return;
  }
  const int64_t small_steps = source.train.size() / kBatch + 1;
  source.suited["batch-size"] = kBatch;
  source.suited["epochs"] = std::clamp(kSteps / small_steps, usual_epochs, kMostEpochs);
}

// With the means, spreads and missing shares of the training split.
std::shared_ptr<const TableSchema> measured_schema(const Dataset& train) {
  if (train.schema == nullptr) {
    return nullptr;
  }
  TableSchema schema = *train.schema;
  const Pass pass = train.images.pass();
  const torch::Tensor mean = mean_of(pass);
  const torch::Tensor spread = standard_deviation_of(pass, mean);
  const torch::Tensor missing = missing_share_of(pass);
  const FeatureRange range = range_of(pass);
  const std::vector<ColumnSpan> spans = schema.layout().spans();
  for (size_t i = 0; i < spans.size(); ++i) {
    const auto first_of = [&](const torch::Tensor& row) {
      return row.flatten()[spans[i].first].item<double>();
    };
    TableColumn& column = schema.columns[i];
    column.missing = first_of(missing);
    if (column.missing == 1) {
      continue;  // nothing is known
    }
    column.mean = first_of(mean);
    column.spread = first_of(spread);
    column.low = first_of(range.min);
    column.high = first_of(range.max);
  }
  return std::make_shared<const TableSchema>(std::move(schema));
}

// `resumed`: the run whose checkpoint to go on from; null where training begins.
TrainingData divide_data(DataSource source, const TrainPlan& plan, const RunDirectory* resumed,
                         const torch::Device& device) {
  TrainingData data = {
      .source_name = source.name,
      .notes = source.notes,
      .split = resumed != nullptr ? restored_split(*resumed, source) : make_split(plan, source),
      .has_holes = source.suited.contains("mask-input")};
  if (source.train.windows.defined()) {
    data.scales.emplace(select_split(source, data.split, "train").windows);
    source = standardised(source, *data.scales);
  }
  data.train = to_device(select_split(source, data.split, "train"), device);
  data.schema = measured_schema(data.train);
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

void check_takes_holes(const Autoencoder& model, const TrainPlan& plan, const TrainingData& data) {
  if (model.row_layout().empty() && data.has_holes) {
    throw Error(fmt::format(
        "the data has holes, which model {} cannot learn from; fill them, or choose dense, vae or "
        "another one on the dense backbone",
        plan.options.model));
  }
}

SavedModel make_initial_model(const TrainPlan& plan, const TrainingData& data) {
  const Dataset& train = data.train;
  const torch::Device device = train.images.device();
  SavedModel saved = {make_fresh_model(plan, train.shape()), plan.model,
                      data.schema ? data.schema->to_json() : Json()};
  check_takes_holes(*saved.model, plan, data);
  if (const auto scaling = fit_scaling(plan.options.data.scale, train.images, saved.model->row_layout())) {
    saved.model->set_scaling(*scaling);
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

// What learns, and how far it has come.
struct Learner {
  SavedModel saved;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  TrainingState state;
};

Learner learner_of(const TrainPlan& plan, SavedModel saved, const torch::Device& device) {
  const auto seed = static_cast<uint64_t>(plan.options.seed);
  auto optimizer = make_optimizer(plan.options.trainer.optimizer, saved.model->parameters());
  Learner learner = {std::move(saved), std::move(optimizer), {}};
  learner.state.noise = make_generator(derive_seed(seed, "noise"), device);
  return learner;
}

Learner restored_from(const fs::path& checkpoint, const TrainPlan& plan, const torch::Device& device) {
  Learner learner = learner_of(plan, load_model(checkpoint, device), device);
  load_checkpoint(checkpoint, device, *learner.optimizer, learner.state);
  return learner;
}

struct Restored {
  Learner learner;
  fs::path checkpoint;
  std::vector<std::string> notes = {};  // of those that come before it and are damaged
};

// From the last checkpoint that the disk has kept whole.
Restored restored(const RunDirectory& run, const TrainPlan& plan, const torch::Device& device) {
  std::vector<std::string> failures;
  for (const fs::path& checkpoint : checkpoints_to_resume(run)) {
    try {
      return {restored_from(checkpoint, plan, device), checkpoint, failures};
    } catch (const Error& failure) {
      failures.emplace_back(failure.what());
    }
  }
  throw Error(fmt::format("{}; no other checkpoint of the run is whole: train it anew, with --force --out {}",
                          failures.front(), run.path().string()));
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

TrainingSession open_session(const TrainPlan& asked, const RunDirectory* resumed) {
  const torch::Device device = use_device(asked.options.device);
  DataSource source = open_source(asked.options.data.source);
  suit_to_size(source);
  TrainPlan plan = asked.suited_to(source.suited);
  auto recorder = make_recorder(plan.options.trainer, device);
  TrainingData data = divide_data(source, plan, resumed, device);
  Augmentation(plan.options.trainer.augment).check(data.train.shape());
  Restored start = resumed != nullptr
                       ? restored(*resumed, plan, device)
                       : Restored{learner_of(plan, make_initial_model(plan, data), device), {}};
  data.notes.insert(data.notes.end(), start.notes.begin(), start.notes.end());
  if (std::string note = note_on(plan.options.trainer.precision, device); !note.empty()) {
    data.notes.push_back(std::move(note));
  }
  Learner& learner = start.learner;
  return {std::move(plan),          std::move(recorder),          std::move(data),
          std::move(learner.saved), std::move(learner.optimizer), std::move(learner.state),
          start.checkpoint};
}

}  // namespace autoencoder
