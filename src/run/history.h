// What a run has measured, epoch by epoch: metrics.csv.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace autoencoder {

/// Mean losses over the examples of one pass.
struct LossMeans {
  double total = 0;
  std::vector<std::pair<std::string, double>> terms;
};

struct EpochRecord {
  int64_t epoch = 0;  ///< from 1
  LossMeans train;
  std::optional<LossMeans> validation;
  double learning_rate = 0;  ///< at the end of the epoch
  double train_seconds = 0;  ///< without validation
  double images_per_second = 0;

  /// What the best epoch is chosen by: the validation loss, or the training loss where nothing is held out.
  double monitored_loss() const { return validation ? validation->total : train.total; }
};

using History = std::vector<EpochRecord>;

/// Position of the record with the smallest monitored loss, the first of equals. The history must not be
/// empty.
size_t best_record(const History& history);

/// Epochs since the best one: 0 where the last one is it.
int64_t epochs_since_best(const History& history);

/// What the epochs took together, without validation.
double training_seconds(const History& history);

/// Rows of metrics.csv, with a header: epoch, train_loss, validation_loss, train_TERM..., validation_TERM...,
/// learning_rate, train_seconds, images_per_second. Numbers keep all their digits.
std::string to_csv(const History& history);

/// What `metrics` (a metrics.csv) holds; nothing where there is no such file yet. Throws Error as
/// parse_history.
History read_history(const std::filesystem::path& metrics);

/// The inverse of to_csv. Throws Error, naming `source`, on text that is none.
History parse_history(const std::string& csv, const std::string& source);

}  // namespace autoencoder
