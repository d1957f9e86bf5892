// autoencoder train: from data to a trained model, its pictures, its numbers and its TorchScript file.

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/environment.h"
#include "commands/model_export.h"
#include "commands/model_summary.h"
#include "commands/progress.h"
#include "commands/run_pictures.h"
#include "commands/run_report.h"
#include "commands/train_plan.h"
#include "commands/training_observers.h"
#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "common/text.h"
#include "data/scaling.h"
#include "models/registry.h"
#include "pictures/pictures.h"
#include "training/checkpoint.h"

namespace autoencoder {
namespace {

constexpr int64_t kLoggedReconstructions = 10;
constexpr int64_t kFigureExamples = 10'000;

// The parts of the data that training sees, on the device, and how the whole was divided.
struct TrainingData {
  std::string source_name;
  Split split;
  Dataset train;
  Dataset validation;  // empty where nothing is held out

  const Dataset& pictured() const { return validation.empty() ? train : validation; }
};

TrainingData load_training_data(const TrainPlan& plan, const torch::Device& device) {
  const DataSource source = open_source(plan.options.data.source);
  const auto seed = static_cast<uint64_t>(plan.options.seed);
  TrainingData data{source.name,
                    plan.resumes() ? read_split(RunDirectory(plan.options.resume).split())
                                   : split_source(source, plan.options.data.split_request(seed)),
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

SavedModel make_or_load_model(const TrainPlan& plan, const Dataset& train) {
  const torch::Device device = train.images.device();
  if (plan.resumes()) {
    return load_model(RunDirectory(plan.options.resume).last_checkpoint(), device);
  }
  torch::manual_seed(derive_seed(static_cast<uint64_t>(plan.options.seed), "weights"));
  SavedModel saved = {make_model(plan.model, train.shape()), plan.model};
  if (const std::string& scale = plan.options.data.scale; scale != "none") {
    saved.model->set_scaling(fit_scaling(scale, to_unit_range(train.images.cpu())));
  }
  saved.model->to(device);
  const torch::NoGradGuard no_grad;
  if (const std::string& run = plan.options.init_from; !run.empty()) {
    copy_weights(*load_model(open_run(run).best_checkpoint(), device).model, *saved.model, run);
  } else {
    saved.model->prepare([&] { return to_unit_range(train.images); });
  }
  return saved;
}

RunDirectory make_or_open_run(const TrainPlan& plan, const TrainingData& data) {
  if (plan.resumes()) {
    RunDirectory run = open_run(plan.options.resume);
    write_config(run, plan.config());
    write_environment(run, present_environment(data.train.images.device()));
    return run;
  }
  TrainPlan kept = plan;
  kept.options.data.source = located(plan.options.data.source);
  const std::string stem = plan.options.model + "-" + data.source_name;
  const auto path = plan.options.out.empty() ? next_run_path(stem) : std::filesystem::path(plan.options.out);
  RunDirectory run =
      create_run(path, kept.config(), plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
  write_split(run.split(), data.split);
  write_environment(run, present_environment(data.train.images.device()));
  return run;
}

// What only some families have to show: pictures of the model itself, lists of numbers.
void write_peculiarities(Log& log, const RunDirectory& run, Autoencoder& model, const Dataset& data) {
  for (const Listing& listing : model.listings()) {
    write_file(run.path() / (listing.name + ".txt"), fmt::format("{}\n", fmt::join(listing.numbers, "\n")));
    log.say(fmt::format("  {:<21} {} numbers", listing.name + ".txt", listing.numbers.size()));
  }
  if (!pictures_available()) {
    return;
  }
  const torch::Tensor examples = to_unit_range(first_images(data, kFigureExamples));
  for (const Figure& figure : model.figures(examples)) {
    write_grid(run.picture(figure.name), {{"", figure.images.cpu()}},
               {.layout = GridLayout::kRows,
                .columns = 0,
                .zoom = 0,
                .title = fmt::format("{}, {}", run.name(), figure.caption)});
    log.say(fmt::format("  {:<21} {}", figure.name + ".png", figure.caption));
  }
}

void draw_pictures(Log& log, const RunDirectory& run, Autoencoder& model, const TrainingData& data,
                   const History& history, const Corruption& corruption) {
  if (!pictures_available()) {
    log.say("  (no pictures: this build has no OpenCV)");
    return;
  }
  const Dataset& pictured = data.pictured();
  const torch::Tensor images = first_images(pictured, pictured_examples(pictured.shape()));
  write_reconstructions(
      run.picture("reconstructions"), reconstruct(model, images, corruption),
      {.layout = GridLayout::kRows,
       .columns = 0,
       .zoom = 0,
       .title = fmt::format("{}, {} {}s", run.name(), data.validation.empty() ? "training" : "validation",
                            pictured.shape().noun())});
  log.say("  reconstructions.png   originals over reconstructions");
  if (const auto samples = prior_samples(model)) {
    write_samples(run.picture("samples"), *samples, run.name() + ", samples from the prior");
    log.say("  samples.png           new images from the prior");
  }
  write_loss_chart(run, history);
  log.say("  loss.png              training and validation loss");
}

// After training has ended and all else is written: a page of the whole run.
void write_page(Log& log, const RunDirectory& directory, const SavedModel& best, const TrainingData& data) {
  OpenRun run = {directory, read_config(directory.config()), best};
  const char* part = data.validation.empty() ? "train" : "validation";
  const RunData watched = named_part(part, data.source_name, data.pictured());
  write_report(directory.report(), report_of(run, watched, kReportedExamples).page);
  log.say("  report.html           all of it on one page");
}

// Whether the model makes the same of everything, as one does whose output is stuck at black.
bool is_collapsed(Autoencoder& model, const Dataset& data) {
  constexpr int64_t kExamples = 256;
  constexpr double kLeastShare = 1e-3;  // of the data's own spread
  const torch::Tensor examples = first_images(data, kExamples);
  if (examples.size(0) < 2) {
    return false;
  }
  const Reconstruction result = reconstruct(model, examples, Corruption());
  const auto spread = [](const torch::Tensor& some) { return some.std(0).mean().item<double>(); };
  return spread(result.reconstructions) < kLeastShare * spread(result.originals);
}

// What a training run works with, put together from a plan.
struct Session {
  const TrainPlan& plan;
  std::unique_ptr<Recorder> recorder;
  TrainingData data;
  SavedModel saved;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  TrainingState state;
};

// Pictures, numbers and the TorchScript file, of the best epoch.
void write_results(Log& log, const RunDirectory& run, const Session& session) {
  const History& history = session.state.history;
  const TrainingData& data = session.data;
  const EpochRecord& best = history[best_record(history)];
  const SavedModel saved = load_model(run.best_checkpoint(), data.train.images.device());
  log.say(fmt::format("best epoch {}: {} loss {:.6g}\n\n{}", best.epoch,
                      best.validation ? "validation" : "training", best.monitored_loss(),
                      run.path().string()));
  const torch::NoGradGuard no_grad;
  if (is_collapsed(*saved.model, data.pictured())) {
    log.say(
        "  warning: it makes the same of every input; try more --epochs, a smaller --learning-rate or "
        "another --seed");
  }
  draw_pictures(log, run, *saved.model, data, history,
                Corruption(session.plan.options.trainer.input.corruption));
  write_peculiarities(log, run, *saved.model, data.pictured());
  const ExportCheck check = export_model(saved, run.exported_model());
  write_page(log, run, saved, data);
  log.say("  metrics.csv           losses and times, epoch by epoch");
  log.say(fmt::format("  model.pt              {} (differs by {:.0e})",
                      export_text(*saved.model, ExportPart::kWhole), check.largest_difference));
  log.say(fmt::format("\nnext: autoencoder evaluate {}", run.path().string()));
}

// Null where steps are launched operation by operation.
std::unique_ptr<Recorder> make_recorder(const TrainerOptions& options, const torch::Device& device) {
  auto recorder = options.uses_cuda_graph(device) ? make_cuda_graph(device) : nullptr;
  if (options.cuda_graph == "on" && recorder == nullptr) {
    throw Error("--cuda-graph on: this LibTorch has no CUDA graphs, or is older than 2.13; leave it away");
  }
  return recorder;
}

Session open_session(const TrainPlan& plan) {
  const torch::Device device = use_device(plan.options.device);
  auto recorder = make_recorder(plan.options.trainer, device);
  TrainingData data = load_training_data(plan, device);
  SavedModel saved = make_or_load_model(plan, data.train);
  auto optimizer = make_optimizer(plan.options.trainer.optimizer, saved.model->parameters());
  TrainingState state;
  state.noise = make_generator(derive_seed(static_cast<uint64_t>(plan.options.seed), "noise"), device);
  if (plan.resumes()) {
    load_checkpoint(RunDirectory(plan.options.resume).last_checkpoint(), device, *optimizer, state);
  }
  return {
      plan, std::move(recorder), std::move(data), std::move(saved), std::move(optimizer), std::move(state)};
}

void announce(Log& log, const Session& session) {
  const TrainingData& data = session.data;
  const std::string& model = session.plan.options.model;
  log.say(
      fmt::format("model {}: {}\n{}", model, find_model(model).description, summarise(*session.saved.model)));
  log.say(fmt::format(
      "data {}: {} training and {} of {}; device {}", data.source_name, with_thousands(data.train.size()),
      counted(data.validation.size(), fmt::format("validation {}", data.train.shape().noun())),
      data.train.shape().text(), device_text(data.train.images.device())));
  if (session.plan.resumes()) {
    log.say(fmt::format("going on with {} after epoch {}, step {}", session.plan.options.resume,
                        session.state.epoch, session.state.batch));
  }
}

// Trains to the end, or until a signal comes, which it returns; 0 otherwise.
int train(Session& session, Log& log, const RunDirectory& run) {
  const TrainerOptions& options = session.plan.options.trainer;
  const auto seed = static_cast<uint64_t>(session.plan.options.seed);
  const auto batches = shuffled_batches(session.data.train, options.batch_size, seed);
  const auto validation = session.data.validation.empty()
                              ? nullptr
                              : sequential_batches(session.data.validation, options.batch_size);

  const InterruptGuard interrupt;
  ProgressBar bar({options.epochs, batches->batch_count(), batches->example_count()});
  EpochLines lines(log, options.epochs);
  RunKeeper keeper(run, session.saved, *session.optimizer);
  EarlyStopping early_stopping(options.patience, log);
  Interruption interruption(interrupt);
  std::vector<Observer*> observers = {&lines, &keeper, &early_stopping, &interruption};
  if (!log.quiet() && ProgressBar::can_be_seen()) {
    observers.insert(observers.begin(), &bar);
  }

  std::optional<TensorBoardLog> tensorboard;
  if (session.plan.logs_to_tensorboard()) {
    tensorboard.emplace(run, *session.saved.model,
                        first_images(session.data.pictured(), kLoggedReconstructions));
    observers.push_back(&*tensorboard);
  }

  Trainer trainer(
      {*session.saved.model, *session.optimizer, *batches, validation.get(), session.recorder.get()}, options,
      seed);
  if (early_stopping.is_over(session.state)) {
    return 0;
  }
  const Outcome outcome = trainer.run(session.state, observers);
  if (outcome == Outcome::kInterrupted) {
    keeper.save_last(session.state);
  }
  const bool complete = outcome == Outcome::kFinished && session.state.epoch == options.epochs;
  return complete ? 0 : interrupt.signal();
}

int run_train(const Arguments& arguments) {
  const TrainPlan plan = plan_training(arguments);
  Log log(plan.options.quiet ? Log::Console::kQuiet : Log::Console::kShown);
  if (!plan.options.out.empty()) {
    check_run_path(plan.options.out, plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
  }
  Session session = open_session(plan);
  announce(log, session);
  const RunDirectory directory = make_or_open_run(plan, session.data);
  log.open_file(directory.log());
  if (const int signal = train(session, log, directory); signal != 0) {
    log.say(fmt::format("stopped in epoch {} after step {}; saved. Go on with: autoencoder train --resume {}",
                        session.state.epoch + 1, session.state.batch, directory.path().string()));
    return 128 + signal;
  }
  write_results(log, directory, session);
  return 0;
}

}  // namespace

Command train_command() {
  return {.name = "train",
          .summary = "trains a model and leaves a run: pictures, numbers, checkpoints, TorchScript",
          .synopsis = "",
          .min_words = 0,
          .max_words = 0,
          .examples = {"autoencoder train", "autoencoder train --model vae --epochs 20",
                       "autoencoder train --model conv --data ~/pictures --image-size 64 --latent-dim 128",
                       "autoencoder train --recipe mnist-conv-pool",
                       "autoencoder train --resume runs/vae-mnist-1 --epochs 40"},
          .options = train_option_specs,
          .run = run_train};
}

}  // namespace autoencoder
