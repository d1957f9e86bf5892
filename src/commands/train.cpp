// autoencoder train: from data to a trained model, its pictures, its numbers and its TorchScript file.

#include "tasks/train.h"

#include <cstdio>
#include <memory>
#include <string_view>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "common/interrupt.h"

namespace autoencoder {
namespace {

void print_at_once(std::string_view lines) {
  fmt::print("{}\n", lines);
  std::fflush(stdout);
}

int run_train(const Arguments& arguments) {
  const TrainPlan plan = plan_training(arguments.options);
  const bool is_quiet = plan.options.quiet;
  Log log(is_quiet ? Log::Listener() : print_at_once);
  if (plan.options.dry_run) {
    describe_training(plan, log);
    return 0;
  }
  ProgressBar bar;
  int signal = 0;
  const auto listen = [&signal] {
    const auto guard = std::make_shared<InterruptGuard>();
    return AsksToStop([guard, &signal] {
      signal = guard->signal();
      return signal != 0;
    });
  };
  Observer* progress = !is_quiet && ProgressBar::can_be_seen() ? &bar : nullptr;
  const TrainResult result = train_run(plan, {.log = log, .progress = progress, .listen = listen});
  return result.is_stopped ? 128 + signal : 0;
}

const CommandRegistration train_command(
    {.group = CommandGroup::kTrain,
     .name = "train",
     .summary = "trains a model and leaves a run: pictures, numbers, checkpoints, TorchScript",
     .synopsis = "",
     .min_words = 0,
     .max_words = 0,
     .examples = {"autoencoder train", "autoencoder train --model vae --epochs 20",
                  "autoencoder train --model conv --data ~/pictures --image-size 64 --latent-dim 128",
                  "autoencoder train --recipe mnist-conv-pool",
                  "autoencoder train --model conv --data ~/pictures --image-size 128 --dry-run",
                  "autoencoder train --resume runs/vae-mnist-1 --epochs 40"},
     .options = train_option_specs,
     .told_options = train_options_for,
     .run = run_train});

}  // namespace
}  // namespace autoencoder
