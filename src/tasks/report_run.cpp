#include "tasks/report_run.h"

#include "tasks/comparison_page.h"

namespace autoencoder {
namespace {

ReportResult report_one(const ReportRequest& request) {
  const OpenRun run = open_requested(request);
  const RunSource source(run, request.source);
  const DescribedData data = request.split.empty() ? source.watched() : source.select(request.split);
  const auto [page, metrics] = report_of(run, data, request.count);
  const std::filesystem::path out = run.output_path(request.out, "report.html");
  write_report(out, page);
  return {out, data.text, metrics};
}

ReportResult report_several(const ReportRequest& request, Progress& progress) {
  const ComparedRuns compared = open_compared_runs(request, request.others);
  const std::vector<ComparisonRow> rows = measure(compared, progress);
  const std::filesystem::path out = compared.first.output_path(request.out, "comparison.html");
  write_report(out, comparison_report(compared, rows));
  return {out, compared.test.text, metrics_json(rows)};
}

}  // namespace

void ReportRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Report");
  visitor.option("count", count, "most examples to measure one run on, chosen at random; 0: all",
                 between(0, kMostExamples));
  visitor.option(
      "out", out,
      "the file to write; the default is report.html in the run, of several comparison.html in the "
      "first");
}

Json ReportResult::to_json() const { return {{"out", out.string()}, {"data", data}, {"figures", metrics}}; }

ReportResult report_runs(const ReportRequest& request, Progress& progress) {
  return request.others.empty() ? report_one(request) : report_several(request, progress);
}

}  // namespace autoencoder
