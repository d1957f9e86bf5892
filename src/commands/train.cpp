// autoencoder train: from data to a trained model, its pictures, its numbers and its TorchScript file.

#include "tasks/train.h"

#include <csignal>
#include <memory>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/log_lines.h"
#include "cli/progress.h"
#include "cli/workers.h"
#include "common/interrupt.h"
#include "service/training_window.h"

namespace autoencoder {
namespace {

Log::Listener listener_of(const TrainPlan& plan) {
  if (plan.options.quiet) {
    return nullptr;
  }
  return plan.logs_to(LogKind::kJson) ? print_as_json : print_lines;
}

// Where the training can be watched; null where that was not asked for.
std::unique_ptr<TrainingWindow> window_of(const TrainPlan& plan, Log& log, bool is_first) {
  if (!plan.options.watch || !is_first) {
    return nullptr;
  }
  auto window =
      std::make_unique<TrainingWindow>(plan.options.watch_host, static_cast<int>(plan.options.watch_port));
  log.say(fmt::format("watch it at {}", window->address()));
  return window;
}

std::string ending_of(const TrainResult& result) {
  const std::string run = result.run.path().string();
  return result.is_stopped ? fmt::format("Stopped and saved. Go on with: autoencoder train --resume {}", run)
                           : fmt::format("Done. Play with it: autoencoder serve {}", run);
}

int run_train(const Arguments& arguments) {
  const TrainPlan plan = plan_training(arguments.options);
  if (plan.options.dry_run) {
    Log log(listener_of(plan));
    describe_training(plan, log);
    return 0;
  }
  if (plan.options.workers > 1 && !is_one_of_several()) {
    return run_workers(plan.options.workers);
  }
  const auto processes = join_processes();
  Log log(processes->is_first() ? listener_of(plan) : Log::Listener());
  ProgressBar bar;
  int signal = 0;
  const auto window = window_of(plan, log, processes->is_first());
  const auto listen = [&signal, &window] {
    const auto guard = std::make_shared<InterruptGuard>();
    return AsksToStop([guard, &signal, &window] {
      signal = guard->signal();
      return signal != 0 || (window && window->is_asked_to_stop());
    });
  };
  const auto watch = [&window](const TrainingSession& session, const RunDirectory& run) {
    return window ? window->attach(session, run.name()) : nullptr;
  };
  Observer* progress = !plan.options.quiet && ProgressBar::can_be_seen() ? &bar : nullptr;
  const TrainResult result =
      train_run(plan, {.log = log, .progress = progress, .watch = watch, .listen = listen}, *processes);
  if (window) {
    window->end(ending_of(result));
  }
  if (result.has_failed_elsewhere) {
    return 1;
  }
  return result.is_stopped ? 128 + (signal != 0 ? signal : SIGTERM) : 0;  // another process may have had it
}

const CommandRegistration train_command(
    {.group = CommandGroup::kTrain,
     .name = "train",
     .summary = "trains a model and leaves a run: pictures, numbers, checkpoints, TorchScript",
     .synopsis = "",
     .min_words = 0,
     .max_words = 0,
     .examples =
         {"autoencoder train", "autoencoder train --model vae --epochs 20",
          "autoencoder train --model conv --data ~/pictures --image-size 64 --latent-dim 128",
          "autoencoder train --recipe mnist-conv-pool",
          "autoencoder train --model conv --data ~/pictures --image-size 128 --dry-run",
          "autoencoder train --resume runs/vae-mnist-1 --epochs 40",
          "autoencoder train --data scans --workers 4",
          "autoencoder train --data scans --out runs/scans --resume auto --checkpoint-every minutes:5"},
     .options = train_option_specs,
     .told_options = train_options_for,
     .run = run_train});

}  // namespace
}  // namespace autoencoder
