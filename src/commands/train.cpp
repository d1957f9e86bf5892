// autoencoder train: from data to a trained model, its pictures, its numbers and its TorchScript file.

#include "tasks/train.h"

#include <csignal>
#include <memory>

#include "cli/command.h"
#include "cli/log_lines.h"
#include "cli/progress.h"
#include "cli/workers.h"
#include "common/interrupt.h"

namespace autoencoder {
namespace {

Log::Listener listener_of(const TrainPlan& plan) {
  if (plan.options.quiet) {
    return nullptr;
  }
  return plan.logs_to(LogKind::kJson) ? print_as_json : print_lines;
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
  const auto listen = [&signal] {
    const auto guard = std::make_shared<InterruptGuard>();
    return AsksToStop([guard, &signal] {
      signal = guard->signal();
      return signal != 0;
    });
  };
  Observer* progress = !plan.options.quiet && ProgressBar::can_be_seen() ? &bar : nullptr;
  const TrainResult result =
      train_run(plan, {.log = log, .progress = progress, .listen = listen}, *processes);
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
