#include "run/history.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "common/error.h"
#include "common/files.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr const char* kTrainPrefix = "train_";
constexpr const char* kValidationPrefix = "validation_";

std::vector<std::string> header_of(const History& history) {
  std::vector<std::string> header = {"epoch", "train_loss", "validation_loss"};
  if (!history.empty()) {
    for (const char* prefix : {kTrainPrefix, kValidationPrefix}) {
      for (const auto& [name, value] : history.front().train.terms) {
        header.push_back(prefix + name);
      }
    }
  }
  header.insert(header.end(), {"learning_rate", "train_seconds", "images_per_second"});
  return header;
}

std::vector<std::string> row_of(const EpochRecord& record) {
  const auto number = [](double value) { return fmt::format("{}", value); };
  std::vector<std::string> row = {std::to_string(record.epoch), number(record.train.total)};
  row.push_back(record.validation ? number(record.validation->total) : "");
  for (const auto& [name, value] : record.train.terms) {
    row.push_back(number(value));
  }
  for (size_t i = 0; i < record.train.terms.size(); ++i) {
    row.push_back(record.validation ? number(record.validation->terms.at(i).second) : "");
  }
  for (const double value : {record.learning_rate, record.train_seconds, record.images_per_second}) {
    row.push_back(number(value));
  }
  return row;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line + ",");
  for (std::string cell; std::getline(stream, cell, ',');) {
    cells.push_back(cell);
  }
  return cells;
}

// The terms with `prefix`, in the order of the header.
std::vector<std::pair<std::string, double>> terms_of(const std::vector<std::string>& header,
                                                     const std::map<std::string, double>& values,
                                                     const std::string& prefix) {
  std::vector<std::pair<std::string, double>> terms;
  for (const std::string& name : header) {
    const bool is_term = name.starts_with(prefix) && name != prefix + "loss" && name != "train_seconds";
    if (is_term && values.contains(name)) {
      terms.emplace_back(name.substr(prefix.size()), values.at(name));
    }
  }
  return terms;
}

// Throws std::out_of_range on a number that no epoch has.
int64_t epoch_in(const std::map<std::string, double>& values) {
  constexpr double kMost = 1e15;
  const double epoch = values.at("epoch");
  if (!(epoch >= 0 && epoch <= kMost)) {
    throw std::out_of_range("epoch");
  }
  return static_cast<int64_t>(epoch);
}

EpochRecord record_of(const std::vector<std::string>& header, const std::map<std::string, double>& values) {
  EpochRecord record;
  record.epoch = epoch_in(values);
  record.train = {values.at("train_loss"), terms_of(header, values, kTrainPrefix)};
  if (values.contains("validation_loss")) {
    record.validation = {values.at("validation_loss"), terms_of(header, values, kValidationPrefix)};
  }
  record.learning_rate = values.at("learning_rate");
  record.train_seconds = values.at("train_seconds");
  record.images_per_second = values.at("images_per_second");
  return record;
}

}  // namespace

size_t best_record(const History& history) {
  const auto best = std::min_element(history.begin(), history.end(), [](const auto& a, const auto& b) {
    return a.monitored_loss() < b.monitored_loss();
  });
  return static_cast<size_t>(best - history.begin());
}

double training_seconds(const History& history) {
  double seconds = 0;
  for (const EpochRecord& record : history) {
    seconds += record.train_seconds;
  }
  return seconds;
}

int64_t epochs_since_best(const History& history) {
  return static_cast<int64_t>(history.size() - 1 - best_record(history));
}

std::string to_csv(const History& history) {
  std::string csv = join(header_of(history), ",") + "\n";
  for (const EpochRecord& record : history) {
    csv += join(row_of(record), ",") + "\n";
  }
  return csv;
}

History read_history(const std::filesystem::path& metrics) {
  return std::filesystem::exists(metrics) ? parse_history(read_file(metrics), metrics.string()) : History{};
}

History parse_history(const std::string& csv, const std::string& source) {
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = cells_of(line);
  History history;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = cells_of(line);
    std::map<std::string, double> values;
    for (size_t i = 0; i < std::min(cells.size(), header.size()); ++i) {
      if (const auto value = number_from<double>(cells[i])) {
        values[header[i]] = *value;
      }
    }
    try {
      history.push_back(record_of(header, values));
    } catch (const std::out_of_range&) {
      throw Error(fmt::format("{}: row {} is no epoch's: '{}'", source, history.size() + 1, line));
    }
  }
  return history;
}

}  // namespace autoencoder
