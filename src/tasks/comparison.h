// Runs side by side: what is told of each of them, and on which examples.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/progress.h"
#include "evaluation/evaluate.h"
#include "run/history.h"
#include "tasks/run_access.h"

namespace autoencoder {

/// A model that is compared.
struct ComparedRun {
  std::string name;
  std::shared_ptr<Autoencoder> model;
  double train_seconds = 0;
  History history = {};  ///< nothing of one that was not trained epoch by epoch
};

/// Runs on the same data.
struct ComparedRuns {
  OpenRun first;  ///< its data is what all of them are measured on
  DescribedData test;
  DescribedData train;
  std::vector<ComparedRun> runs;
};

/// The run that is asked for, and `others` beside it. Throws Error where a path is no run, or its model takes
/// another shape than the first one's.
ComparedRuns open_compared_runs(const RunDataRequest& request, const std::vector<std::string>& others);

/// Adds principal component analysis, fitted to the training split, with as many components as the first
/// run's code has.
void add_pca(ComparedRuns& compared);

struct ComparisonRow {
  std::string name;
  int64_t parameters = 0;
  int64_t code = 0;  ///< how many numbers it has
  Evaluation evaluation;
  std::optional<double> accuracy;  ///< of nearest neighbours on codes, where there are labels
  double train_seconds = 0;
  double images_per_second = 0;  ///< encoded and decoded
};

/// A row of each run, in their order.
std::vector<ComparisonRow> measure(const ComparedRuns& compared, Progress& progress = no_progress());

Json metrics_json(const std::vector<ComparisonRow>& rows);

/// Rows of cells for people under comparison_header; a metric that a run does not have is "-".
std::vector<std::vector<std::string>> rows_text(const std::vector<ComparisonRow>& rows);

/// noun: what an example is called, "image".
std::vector<std::string> comparison_header(const std::string& noun);

/// The same images (N x C x H x W) and what each model makes of them, named.
std::vector<Panel> compared_reconstructions(const ComparedRuns& compared, const torch::Tensor& images);

}  // namespace autoencoder
