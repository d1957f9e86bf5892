// autoencoder train: from data to a trained model, its pictures, its numbers and its TorchScript file.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
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
#include "data/split_file.h"
#include "models/registry.h"
#include "pictures/grid.h"
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
  TrainingData data{
      source.name, resumed != nullptr ? restored_split(*resumed, source) : make_split(plan, source), {}, {}};
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
  const auto end = [&](const torch::Tensor& values) {
    return model.scaled(to_unit_range(values.unsqueeze(0)));
  };
  const double min = end(train.images.amin(0)).min().item<double>();
  const double max = end(train.images.amax(0)).max().item<double>();
  const Interval reach = model.reach();
  if (min < reach.min - kRounding || max > reach.max + kRounding) {
    throw Error(fmt::format(
        "the data{} goes from {:g} to {:g}, but behind its --output-activation the model puts out {}; choose "
        "--scale minmax, or --output-activation none --loss mse",
        model.has_scaling() ? ", scaled," : "", min, max, interval_text(reach)));
  }
}

SavedModel make_initial_model(const TrainPlan& plan, const Dataset& train) {
  const torch::Device device = train.images.device();
  torch::manual_seed(derive_seed(static_cast<uint64_t>(plan.options.seed), "weights"));
  SavedModel saved = {make_model(plan.model, train.shape()), plan.model};
  if (const std::string& scale = plan.options.data.scale; scale != "none") {
    saved.model->set_scaling(fit_scaling(scale, to_unit_range(train.images.cpu())));
  }
  saved.model->to(device);
  check_reach(*saved.model, train);
  const torch::NoGradGuard no_grad;
  if (const std::string& run = plan.options.init_from; !run.empty()) {
    copy_weights(*load_best_model(open_run(run), device).model, *saved.model, run);
  } else {
    saved.model->prepare([&] { return to_unit_range(train.images); });
  }
  return saved;
}

// What the run keeps: it finds its data from any folder.
Json kept_config(TrainPlan plan) {
  plan.options.data.source = located(plan.options.data.source);
  return plan.config();
}

// The run's folder, in this process's hands from now on.
ClaimedRun make_run(const TrainPlan& plan, const std::string& source_name) {
  const std::string& out = plan.options.out;
  if (out.empty()) {
    return create_next_run(as_file_name(plan.options.model + "-" + source_name), kept_config(plan));
  }
  return create_run(out, kept_config(plan),
                    plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
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

// What training leaves behind, part by part: one that fails costs none of the others.
class Results {
 public:
  Results(Log& log, const RunDirectory& run) : log_(log), run_(run) {}

  const RunDirectory& run() const { return run_; }

  // `write` makes the file of that name and says what is in it.
  void add(const std::string& name, const std::function<std::string()>& write) {
    attempt(name, [&] { say(name, write()); });
  }

  void attempt(const std::string& name, const std::function<void()>& work) {
    try {
      work();
    } catch (const PictureTooLarge& reason) {
      log_.say(fmt::format("  (no {}: {})", name, reason.what()));
    } catch (const c10::Error& failure) {
      missing_.push_back(fmt::format("{} ({})", name, failure.what_without_backtrace()));
    } catch (const std::exception& failure) {
      missing_.push_back(fmt::format("{} ({})", name, failure.what()));
    }
  }

  void say(const std::string& name, const std::string& text) const {
    log_.say(fmt::format("  {:<21} {}", name, text));
  }

  // Throws Error where something is missing.
  void require_all() const {
    if (!missing_.empty()) {
      throw Error(
          fmt::format("{0}: trained and saved, but without {1}; all of it is written again by: "
                      "autoencoder train --resume {0}",
                      run_.path().string(), join(missing_)));
    }
  }

 private:
  Log& log_;
  RunDirectory run_;
  std::vector<std::string> missing_;
};

// What only some families have to show: pictures of the model itself, lists of numbers.
void write_peculiarities(Results& results, Autoencoder& model, const Dataset& data) {
  const RunDirectory& run = results.run();
  for (const Listing& listing : model.listings()) {
    results.add(listing.name + ".txt", [&] {
      write_file(run.path() / (listing.name + ".txt"), fmt::format("{}\n", fmt::join(listing.numbers, "\n")));
      return fmt::format("{} numbers", listing.numbers.size());
    });
  }
  if (!pictures_available()) {
    return;
  }
  const torch::Tensor examples = to_unit_range(first_images(data, kFigureExamples));
  for (const Figure& figure : model.figures(examples)) {
    results.add(figure.name + ".png", [&] {
      write_grid(run.picture(figure.name), {{"", figure.images.cpu()}},
                 {.layout = GridLayout::kRows,
                  .columns = 0,
                  .zoom = 0,
                  .title = fmt::format("{}, {}", run.name(), figure.caption)});
      return figure.caption;
    });
  }
}

void draw_reconstructions(const RunDirectory& run, Autoencoder& model, const TrainingData& data,
                          const Corruption& corruption) {
  const Dataset& pictured = data.pictured();
  const torch::Tensor images = first_images(pictured, pictured_examples(pictured.shape()));
  write_reconstructions(
      run.picture("reconstructions"), reconstruct(model, images, corruption),
      {.layout = GridLayout::kRows,
       .columns = 0,
       .zoom = 0,
       .title = fmt::format("{}, {} {}s", run.name(), data.validation.empty() ? "training" : "validation",
                            pictured.shape().noun())});
}

void draw_pictures(Results& results, Autoencoder& model, const Session& session) {
  const RunDirectory& run = results.run();
  results.add("reconstructions.png", [&] {
    draw_reconstructions(run, model, session.data, Corruption(session.plan.options.trainer.input.corruption));
    return "originals over reconstructions";
  });
  if (const auto samples = prior_samples(model)) {
    results.add("samples.png", [&] {
      write_samples(run.picture("samples"), *samples, run.name() + ", samples from the prior");
      return "new images from the prior";
    });
  }
  results.add("loss.png", [&] {
    write_loss_chart(run, session.state.history);
    return "training and validation loss";
  });
}

// After training has ended and all else is written: a page of the whole run.
void write_page(const RunDirectory& directory, const SavedModel& best, const TrainingData& data) {
  OpenRun run = {directory, run_config(directory), best};
  const char* part = data.validation.empty() ? "train" : "validation";
  const RunData watched = named_part(part, data.source_name, data.pictured());
  write_report(directory.report(), report_of(run, watched, kReportedExamples).page);
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

// Pictures, numbers and the TorchScript file, of the best epoch.
void write_results(Log& log, const RunDirectory& run, const Session& session) {
  const History& history = session.state.history;
  const TrainingData& data = session.data;
  const EpochRecord& best = history[best_record(history)];
  const SavedModel saved = load_best_model(run, data.train.images.device());
  log.say(fmt::format("best epoch {}: {} loss {:.6g}\n\n{}", best.epoch,
                      best.validation ? "validation" : "training", best.monitored_loss(),
                      run.path().string()));
  const torch::NoGradGuard no_grad;
  if (is_collapsed(*saved.model, data.pictured())) {
    log.say(
        "  warning: it makes the same of every input; try more --epochs, a smaller --learning-rate or "
        "another --seed");
  }
  Results results(log, run);
  if (pictures_available()) {
    results.attempt("pictures", [&] { draw_pictures(results, *saved.model, session); });
  } else {
    log.say("  (no pictures: this build has no OpenCV)");
  }
  results.attempt("the model's own pictures",
                  [&] { write_peculiarities(results, *saved.model, data.pictured()); });
  results.add("report.html", [&] {
    write_page(run, saved, data);
    return "all of it on one page";
  });
  results.say("metrics.csv", "losses and times, epoch by epoch");
  results.add("model.safetensors", [&] {
    export_weights(saved, run.exported_weights());
    return "its weights alone";
  });
  results.add("model.pt", [&] {
    const ExportCheck check = export_model(saved, run.exported_model());
    return fmt::format("{} (differs by {:.0e})", export_text(*saved.model, ExportPart::kWhole),
                       check.largest_difference);
  });
  results.require_all();
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

Session open_session(const TrainPlan& plan, const RunDirectory* resumed) {
  const torch::Device device = use_device(plan.options.device);
  auto recorder = make_recorder(plan.options.trainer, device);
  TrainingData data = load_training_data(plan, resumed, device);
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

// A model's description tells of its usual options, and is told where they are those.
std::string model_text(const Json& options) {
  const ModelEntry entry = find_model(options.at("model"));
  if (resolve_model({{"model", entry.name}}) == options) {
    return entry.description;
  }
  return fmt::format("{} family, {} backbone", entry.family, options.at("backbone").get<std::string>());
}

void announce(Log& log, const Session& session) {
  const TrainingData& data = session.data;
  log.say(fmt::format("model {}: {}\n{}", session.plan.options.model, model_text(session.plan.model),
                      summarise(*session.saved.model)));
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
  ProgressBar bar(
      {options.epochs, batches->batch_count(), batches->example_count(), session.data.train.shape().noun()});
  EpochLines lines(log, options.epochs, session.data.train.shape().noun());
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
  keeper.begin(session.state);
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

// What the run's folder holds before the first step: with it, every later step can be resumed.
void write_beginning(const RunDirectory& run, const TrainPlan& plan, const Session& session) {
  write_config(run, kept_config(plan));
  write_environment(run, present_environment(session.data.train.images.device()));
  write_split(run.split(), session.data.split);
}

int run_train(const Arguments& arguments) {
  const TrainPlan plan = plan_training(arguments);
  Log log(plan.options.quiet ? Log::Console::kQuiet : Log::Console::kShown);
  std::optional<ClaimedRun> claimed;
  if (plan.resumes()) {
    claimed = claim_run(plan.options.resume);
  } else if (!plan.options.out.empty()) {
    check_run_path(plan.options.out, plan.options.force ? ExistingRun::kReplace : ExistingRun::kRefuse);
  }
  const bool has_checkpoint = claimed && read_checkpoint_index(claimed->directory);
  Session session = open_session(plan, has_checkpoint ? &claimed->directory : nullptr);
  announce(log, session);
  if (!claimed) {
    claimed = make_run(plan, session.data.source_name);
  }
  const RunDirectory& directory = claimed->directory;
  write_beginning(directory, plan, session);
  log.open_file(directory.log());
  if (!claimed->replaced.empty()) {
    log.say(fmt::format("what else was in {} lies in {} now", directory.path().string(), claimed->replaced));
  }
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
