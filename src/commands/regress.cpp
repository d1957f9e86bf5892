// autoencoder regress RUN: how well a number can be told from a run's codes.

#include "tasks/regress.h"

#include <fmt/format.h>

#include "cli/answer.h"
#include "common/text.h"

namespace autoencoder {
namespace {

std::string line_of(const std::string& name, const RegressionErrors& errors) {
  return fmt::format("\n{:<34} {:>8.4f} {:>10.4g} {:>10.4g}", name, errors.r2, errors.rmse, errors.mae);
}

std::string text_of(const RegressResult& result) {
  std::string text = fmt::format("{} on the {}; regressions learn from {} training examples", result.run,
                                 result.data, with_thousands(result.training_examples));
  text += fmt::format("\n{:<34} {:>8} {:>10} {:>10}", "", "R^2", "RMSE", "MAE");
  for (const RegressionOutcome& outcome : result.outcomes) {
    const std::string features = fmt::format("{} ({})", outcome.features, outcome.dimensions);
    text += line_of(fmt::format("ridge on {}", features), outcome.ridge);
    text += line_of(fmt::format("{} neighbours on {}", result.neighbours, features), outcome.neighbours);
  }
  return text;
}

int run_regress(const Arguments& arguments) {
  const auto request = request_from<RegressRequest>(arguments);
  return answer(regress_run(request), request.json, text_of);
}

const CommandRegistration regress_command(
    {.group = CommandGroup::kMeasure,
     .name = "regress",
     .summary = "how well the codes tell a number, beside raw features and PCA",
     .synopsis = "RUN",
     .min_words = 1,
     .max_words = 1,
     .examples = {"autoencoder regress runs/dense-houses-1",
                  "autoencoder regress runs/dense-houses-1 --neighbours 10 --json"},
     .options = specs_of<Answered<RegressRequest>>,
     .run = run_regress});

}  // namespace
}  // namespace autoencoder
