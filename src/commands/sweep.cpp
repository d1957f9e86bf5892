// autoencoder sweep FILE: many trainings, and which of them is best.

#include "tasks/sweep.h"

#include <csignal>
#include <memory>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/log_lines.h"
#include "common/interrupt.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string loss_text(const SettingResult& setting) {
  if (!setting.has_begun()) {
    return "not begun";
  }
  if (!setting.has_loss()) {
    return "failed";
  }
  return setting.trials.size() > 1 ? fmt::format("{:.6g} ± {:.2g}", setting.mean, setting.deviation)
                                   : fmt::format("{:.6g}", setting.mean);
}

std::string text_of(const SweepResult& result) {
  std::string text = fmt::format("\n{:<24} {:>6}  {:<12}  {}", "loss", "epochs", "runs", "setting");
  for (const SettingResult& setting : result.settings) {
    const std::string& first = setting.trials.front().trial.name;
    const std::string& last = setting.trials.back().trial.name;
    text += fmt::format("\n{:<24} {:>6}  {:<12}  {}", loss_text(setting), setting.epochs,
                        first == last ? first : first + " to " + last, setting.setting);
  }
  if (result.is_stopped) {
    return text + "\n\nstopped; go on with the same command";
  }
  return result.best ? fmt::format("{}\n\nbest: {}\n{}: the best side by side", text, result.best->string(),
                                   result.report.string())
                     : text + "\n\nno training has ended well";
}

int run_sweep(const Arguments& arguments) {
  auto options = options_from<Answered<SweepRequest>>(arguments);
  options.file = arguments.words.front();
  Log log(options.json ? Log::Listener() : print_lines);
  const auto processes = join_processes();
  const InterruptGuard guard;
  const SweepResult result = sweep(
      options, log, [&] { return guard.signal() != 0; }, *processes);
  if (result.is_of_first) {
    answer(result, options.json, text_of);
  }
  if (result.is_stopped) {
    return 128 + (guard.signal() != 0 ? guard.signal() : SIGTERM);
  }
  return !result.is_of_first || result.best ? 0 : 1;
}

const CommandRegistration sweep_command(
    {.group = CommandGroup::kTrain,
     .name = "sweep",
     .summary = "trains many settings, stops poor ones early, and says which is best",
     .synopsis = "FILE",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder sweep sizes.json",
                  "autoencoder sweep sizes.json --out sweeps/wide --parallel 4"},
     .options = specs_of<Answered<SweepRequest>>,
     .run = run_sweep});

}  // namespace
}  // namespace autoencoder
