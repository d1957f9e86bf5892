// autoencoder classify RUN: what a run's codes are worth to other tasks, by classifiers that learn from them.

#include "tasks/classify.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "commands/classify_tables.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string text_of(const ClassifyResult& result) {
  const int64_t most = std::ranges::max(result.outcomes, {}, &ProbeOutcome::labels).labels;
  return fmt::format("{} on the {}, {} classes; classifiers learn from {} training {}s", result.run,
                     result.data, result.class_names.size(), with_thousands(most), result.shape.noun()) +
         accuracies_text(result) + notes_text(result) + confusion_text(result);
}

int run_classify(const Arguments& arguments) {
  const auto request = request_from<ClassifyRequest>(arguments);
  CountBar bar;
  return answer(classify_run(request, bar), request.json, text_of);
}

const CommandRegistration classify_command(
    {.group = CommandGroup::kMeasure,
     .name = "classify",
     .summary = "what the codes are worth to classifiers, beside pixels and PCA",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder classify runs/dense-mnist-1",
                  "autoencoder classify runs/dense-mnist-1 --labels 100 --draws 5 --confusion",
                  "autoencoder classify runs/vae-mnist-1 --curve 10,100,1000 --draws 5 --json"},
     .options = specs_of<Answered<ClassifyRequest>>,
     .run = run_classify});

}  // namespace
}  // namespace autoencoder
