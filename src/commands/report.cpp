// autoencoder report RUN ...: one HTML file that shows a run, or several side by side.

#include <limits>

#include <fmt/format.h>

#include "commands/command.h"
#include "commands/comparison_report.h"
#include "commands/run_report.h"

namespace autoencoder {
namespace {

struct ReportOptions : RunDataOptions {
  int64_t count = kReportedExamples;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Report");
    visitor.option("count", count, "most examples to measure one run on, chosen at random; 0: all",
                   between(0, kMostExamples));
    visitor.option(
        "out", out,
        "the file to write; the default is report.html in the run, of several comparison.html in the "
        "first");
    visitor.option("json", json, "print JSON");
  }
};

void say(const std::filesystem::path& path, const std::string& text, const Json& figures, bool as_json) {
  if (as_json) {
    answer_in_json({{"out", path.string()}, {"data", text}, {"figures", figures}});
  } else {
    fmt::print("{}: {}\n", path.string(), text);
  }
}

int report_one(const std::string& run, const ReportOptions& options) {
  OpenRun opened = open_run_model(run, use_device(options.device));
  const RunSource source(opened, options.source);
  const RunData data = options.split.empty() ? source.watched() : source.select(options.split);
  const RunReport report = report_of(opened, data, options.count);
  const std::filesystem::path path = opened.output_path(options.out, "report.html");
  write_report(path, report.page);
  say(path, data.text, report.figures, options.json);
  return 0;
}

int report_several(const std::vector<std::string>& runs, const ReportOptions& options) {
  const Contest contest = open_contest(runs, options);
  const std::vector<ContestFigures> rows = measure(contest);
  const std::filesystem::path path = contest.first.output_path(options.out, "comparison.html");
  write_report(path, comparison_report(contest, rows));
  say(path, contest.test.text, figures_json(rows), options.json);
  return 0;
}

int run_report(const Arguments& arguments) {
  const auto options = options_from<ReportOptions>(arguments);
  return arguments.words.size() == 1 ? report_one(arguments.words.front(), options)
                                     : report_several(arguments.words, options);
}

}  // namespace

Command report_command() {
  return {.name = "report",
          .summary = "a page that shows a run, or several side by side: charts, pictures, figures",
          .synopsis = "RUN ...",
          .min_words = 1,
          .max_words = std::numeric_limits<size_t>::max(),
          .examples = {"autoencoder report runs/dense-mnist-1",
                       "autoencoder report runs/dense-mnist-1 runs/vae-mnist-1 --out comparison.html"},
          .options = specs_of<ReportOptions>,
          .run = run_report};
}

}  // namespace autoencoder
