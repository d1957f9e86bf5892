// Runs side by side: what is told of each of them, and on which examples.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/run_access.h"
#include "evaluation/evaluate.h"
#include "run/history.h"

namespace autoencoder {

/// A model that is compared.
struct Contestant {
  std::string name;
  std::shared_ptr<Autoencoder> model;
  double train_seconds = 0;
  History history = {};  ///< nothing of one that was not trained epoch by epoch
};

/// Runs on the same data.
struct Contest {
  OpenRun first;  ///< its data is what all of them are measured on
  RunData test;
  RunData train;
  std::vector<Contestant> contestants;
};

/// Throws Error where a path is no run, or its model takes another shape than the first one's.
Contest open_contest(const std::vector<std::string>& paths, const RunDataOptions& options);

/// Adds principal component analysis, fitted to the training split, with as many components as the first
/// run's code has.
void add_pca(Contest& contest);

struct ContestFigures {
  std::string name;
  int64_t parameters = 0;
  int64_t code = 0;
  Evaluation evaluation;
  std::optional<double> accuracy;  ///< of nearest neighbours on codes, where there are labels
  double train_seconds = 0;
  double images_per_second = 0;  ///< encoded and decoded
};

/// A row of each contestant, in their order.
std::vector<ContestFigures> measure(const Contest& contest);

Json figures_json(const std::vector<ContestFigures>& rows);

/// Rows of cells for people under contest_header; a figure that a contestant does not have is "-".
std::vector<std::vector<std::string>> figures_text(const std::vector<ContestFigures>& rows);
std::vector<std::string> contest_header(const Contest& contest);

}  // namespace autoencoder
