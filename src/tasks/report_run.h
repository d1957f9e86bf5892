// One HTML file that shows a run, or several side by side.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/progress.h"
#include "tasks/run_access.h"
#include "tasks/run_page.h"

namespace autoencoder {

struct ReportRequest : RunDataRequest {
  std::vector<std::string> others;  ///< folders of runs to show beside `run`
  int64_t count = kReportedExamples;
  std::string out;

  void visit(OptionVisitor& visitor) override;
};

struct ReportResult {
  std::filesystem::path out;
  std::string data;  ///< "validation split of mnist, 5,000 images"
  Json metrics;      ///< of one run as RunPage has them; of several a list, as compare gives it

  Json to_json() const;
};

/// Writes it to `out`. The split defaults to what training watched; of several runs, to the test split.
/// Throws Error where a path is no run, as open_compared_runs where there are several, and where the file
/// cannot be written.
ReportResult report_runs(const ReportRequest& request, Progress& progress = no_progress());

}  // namespace autoencoder
