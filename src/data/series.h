// Series: numbers step by step. Examples may be windows of them, which know where they lie.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <torch/types.h>

#include "common/json.h"
#include "data/examples.h"
#include "data/table_schema.h"

namespace autoencoder {

/// The numbers of a tensor of any shape and device, in their order: what lists and charts are made of.
std::vector<double> numbers_in(const torch::Tensor& tensor);

/// What is taken off a series' numbers, and what they are divided by: D each, float32.
struct SeriesScale {
  torch::Tensor mean;
  torch::Tensor deviation;  ///< 1 where a column never varies
};

/// When steps were, each as its file writes it.
class StepTimes {
 public:
  void add(std::string_view text);  ///< of the next step; "" where that is not known

  int64_t size() const { return static_cast<int64_t>(ends_.size()); }
  std::string_view at(int64_t step) const;             ///< a view of this object's own text
  StepTimes chosen(const torch::Tensor& steps) const;  ///< those (M, int64, on the CPU), in their order

 private:
  std::string text_;  // one behind the other
  std::vector<size_t> ends_;
};

/// What rows of a table say of themselves as steps of series, beside their numbers.
struct RowMarks {
  std::string time_column = {};                ///< its name; empty where there is none
  StepTimes times = {};                        ///< N, of that column
  torch::Tensor seconds = {};                  ///< N, float64: the same since 1970 (UTC); NaN: not known
  torch::Tensor series = {};                   ///< N, int64: which one; undefined where no column says that
  std::vector<std::string> series_names = {};  ///< of the numbers in `series`
};

struct Series {
  std::string name;
  torch::Tensor steps;                          ///< T x D, float32, in the data's own units, finite
  torch::Tensor are_anomalies;                  ///< T, bool; undefined where that is not known
  std::shared_ptr<const StepTimes> times = {};  ///< T; null where there is no such column
  SeriesScale scale = {};  ///< what windows are standardised by; undefined where they are not

  int64_t length() const { return steps.size(0); }
};

/// Series of the same columns, and how windows are cut from each: `window` steps from every `stride`th on.
struct SeriesSet {
  std::vector<Series> series;
  std::vector<std::string> columns;  ///< names, D
  int64_t window = 1;
  int64_t stride = 1;
  std::shared_ptr<const TableSchema> schema = {};  ///< of the table that they are from; null where it is none

  int64_t width() const { return static_cast<int64_t>(columns.size()); }

  std::vector<std::string> names_of(const std::vector<int64_t>& positions) const;  ///< of columns

  /// Where each series begins among all steps, one series behind the other, and where the last one ends:
  /// S + 1, int64.
  torch::Tensor beginnings() const;

  bool has_times() const;  ///< of any series

  /// When a step was, as its file writes it; empty where that is not known.
  std::string time_text(int64_t series, int64_t step) const;
};

/// Where the examples of a data set lie in their series.
struct Windows {
  std::shared_ptr<const SeriesSet> of = {};  ///< null where examples are no windows
  torch::Tensor series = {};                 ///< N, int64: which one
  torch::Tensor first = {};                  ///< N, int64: the first step of each

  bool defined() const { return of != nullptr; }
  Windows chosen(const torch::Tensor& indices) const;
  Windows followed_by(const Windows& others) const;  ///< of the same columns and length
};

/// All windows of the series, in their order.
Windows all_windows(const std::shared_ptr<const SeriesSet>& set);

/// The windows as examples, D x 1 x L each, standardised where their series are: a view of the steps, of
/// which there is one copy however much windows overlap.
Examples examples_of(const Windows& windows);

/// Where windows lie, whatever set they are in: N x 2, int64, a number that a series has by its own steps,
/// and the first step in it.
torch::Tensor places_of(const Windows& windows);

/// Whether a step of it is an anomaly, of each window: N, int64; undefined where that is not known of all
/// series.
torch::Tensor labels_of(const Windows& windows);

/// The same windows of series that are standardised by `scales`, one for each series.
Windows standardised(const Windows& windows, const std::vector<SeriesScale>& scales);

/// How series are standardised: what a run keeps of those that it learned from, by name.
class SeriesScales {
 public:
  SeriesScales() = default;

  /// Mean and standard deviation of each series' columns over the steps that these windows cover.
  explicit SeriesScales(const Windows& training);

  /// That of the series of its name; else, where only one was learned from, that one's; else its own, over
  /// all its steps: a series of unknown scale can be measured by itself alone.
  SeriesScale of(const Series& series) const;

  /// The same scales under these names, where runs of former versions called the two series of a column of
  /// two words 0 and 1, and the names are others; else as they are.
  SeriesScales named(const std::vector<std::string>& names) const;

  Json to_json() const;

  /// The inverse of to_json. Throws Json::exception or c10::Error on anything else.
  static SeriesScales from_json(const Json& json);

 private:
  std::map<std::string, SeriesScale> by_name_;
};

}  // namespace autoencoder
