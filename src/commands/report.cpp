// autoencoder report RUN ...: one HTML file that shows a run, or several side by side.

#include <limits>

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "tasks/report_run.h"

namespace autoencoder {
namespace {

std::string text_of(const ReportResult& result) {
  return fmt::format("{}: {}", result.out.string(), result.data);
}

int run_report(const Arguments& arguments) {
  auto request = request_from<ReportRequest>(arguments);
  request.others.assign(arguments.words.begin() + 1, arguments.words.end());
  CountBar bar;
  return answer(report_runs(request, bar), request.json, text_of);
}

const CommandRegistration report_command(
    {.group = CommandGroup::kLook,
     .name = "report",
     .summary = "a page that shows a run, or several side by side: charts, pictures, figures",
     .synopsis = "RUN ...",
     .min_words = 1,
     .max_words = std::numeric_limits<size_t>::max(),
     .examples = {"autoencoder report runs/dense-mnist-1",
                  "autoencoder report runs/dense-mnist-1 runs/vae-mnist-1 --out comparison.html"},
     .options = specs_of<Answered<ReportRequest>>,
     .run = run_report});

}  // namespace
}  // namespace autoencoder
