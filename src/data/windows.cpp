#include "data/windows.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

constexpr double kLongestWindow = 1'000'000;
const std::vector<std::string> kNormalNames = {"normal", "good"};

// A file's rows and what its columns are.
struct SeriesRows {
  std::string name;                         // of the source
  torch::Tensor cells;                      // N x W
  std::vector<torch::Tensor> numbers = {};  // columns of the series: N each
  std::vector<std::string> columns = {};    // their names, or where they are
  bool has_names = false;                   // else columns are known by their places alone
  std::shared_ptr<const TableSchema> schema = {};
  std::shared_ptr<const RowMarks> marks = {};
  torch::Tensor series = {};                   // N, int64: which series of the file
  std::vector<std::string> series_names = {};  // of the file
  torch::Tensor are_anomalies = {};            // N, bool
};

std::string span_name(const Dataset& data, size_t column) {
  return data.schema ? data.schema->columns[column].name : fmt::format("column {}", column);
}

RowLayout layout_of(const Dataset& data) {
  if (data.schema) {
    return data.schema->layout();
  }
  RowLayout layout;
  for (int64_t i = 0; i < data.shape().width; ++i) {
    layout.add(ColumnKind::kNumber);
  }
  return layout;
}

// The column of that name, or at that position; the number of columns where there is none.
size_t named_column(const Dataset& data, size_t columns, const std::string& wanted) {
  const auto position = number_from<int64_t>(wanted);
  for (size_t i = 0; i < columns; ++i) {
    if (span_name(data, i) == wanted || (position && *position == static_cast<int64_t>(i))) {
      return i;
    }
  }
  return columns;
}

// Series by the words, or the numbers, of a column: each row's number, and their names in sorted order.
void name_series(SeriesRows& rows, const Dataset& data, size_t column, const ColumnSpan& span) {
  const torch::Tensor entries = rows.cells.narrow(1, span.first, span.width);
  if (span.kind == ColumnKind::kCategory) {
    rows.series = entries.argmax(1);
    rows.series_names = data.schema->columns[column].words;
    rows.series_names.emplace_back("other");
    return;
  }
  const auto [values, codes, counts] =
      at::_unique2(entries.select(1, 0).contiguous(), /*sorted=*/true, /*return_inverse=*/true);
  rows.series = codes;
  for (int64_t i = 0; i < values.size(0); ++i) {
    rows.series_names.push_back(fmt::format("{:g}", values[i].item<double>()));
  }
}

void add_column(SeriesRows& rows, const Dataset& data, size_t column, const ColumnSpan& span) {
  if (span.kind == ColumnKind::kTime) {
    return;
  }
  for (int64_t entry = 0; entry < span.width; ++entry) {
    rows.numbers.push_back(rows.cells.select(1, span.first + entry));
    const bool is_word = span.kind == ColumnKind::kCategory;
    const std::vector<std::string> words =
        is_word ? data.schema->columns[column].words : std::vector<std::string>();
    const auto place = static_cast<size_t>(entry);
    rows.columns.push_back(
        is_word ? fmt::format("{} {}", span_name(data, column), place < words.size() ? words[place] : "other")
                : span_name(data, column));
  }
}

torch::Tensor anomalies_in(const std::string& name, const Dataset& data) {
  if (!data.labels.defined() || data.label_names.empty()) {
    return data.labels.defined() ? data.labels != 0 : torch::Tensor();
  }
  const auto normal = std::ranges::find_if(
      data.label_names, [](const std::string& label) { return std::ranges::count(kNormalNames, label) > 0; });
  if (normal == data.label_names.end()) {
    throw Error(
        fmt::format("{}: steps are labelled {}, and none of them is that of normal steps; call it {}, or 0",
                    name, join(data.label_names), join(kNormalNames, " or ")));
  }
  return data.labels != normal - data.label_names.begin();
}

void check_rows(const std::string& name, const Dataset& data) {
  if (!data.shape().is_vector()) {
    throw Error(fmt::format("{}: images of {}, but --window cuts series from rows of numbers; leave it out",
                            name, data.shape().text()));
  }
  if (data.responses.defined()) {
    throw Error(
        fmt::format("{}: --target is for rows, and --window makes windows of them; leave one out", name));
  }
}

// The columns of numbers; one among them may say which series a row belongs to ("" where none does).
void add_columns(SeriesRows& rows, const Dataset& data, const std::string& series_column) {
  const RowLayout layout = layout_of(data);
  const size_t columns = layout.spans().size();
  const size_t of_series = series_column.empty() ? columns : named_column(data, columns, series_column);
  if (!series_column.empty() && of_series == columns) {
    throw Error(
        fmt::format("{}: no column '{}' for the series; name one by its header, or by its position "
                    "from 0 to {}",
                    rows.name, series_column, columns - 1));
  }
  for (size_t column = 0; column < columns; ++column) {
    if (column == of_series) {
      name_series(rows, data, column, layout.spans()[column]);
    } else {
      add_column(rows, data, column, layout.spans()[column]);
    }
  }
  if (rows.columns.empty()) {
    throw Error(fmt::format("{}: no column of numbers is left to be a series; add one", rows.name));
  }
}

SeriesRows rows_of(const std::string& name, const Dataset& data, const std::string& series_column) {
  check_rows(name, data);
  SeriesRows rows = {.name = name,
                     .cells = data.images.all().flatten(1).to(torch::kFloat32),
                     .has_names = data.schema != nullptr,
                     .schema = data.schema,
                     .marks = data.marks};
  const bool are_named = data.marks && data.marks->series.defined();
  add_columns(rows, data, are_named ? "" : series_column);
  if (are_named) {
    rows.series = data.marks->series;
    rows.series_names = data.marks->series_names;
  }
  rows.are_anomalies = anomalies_in(name, data);
  return rows;
}

// A hole has the value before it, those at the beginning the first one after them. steps: T x D, changed, a
// value in each column; how many holes there were.
int64_t fill_holes(torch::Tensor& steps) {
  const torch::Tensor are_holes = steps.isnan();
  const int64_t holes = are_holes.sum().item<int64_t>();
  if (holes == 0) {
    return 0;
  }
  const torch::Tensor here = torch::arange(steps.size(0)).unsqueeze(1).expand_as(steps);
  const torch::Tensor last = std::get<0>(here.masked_fill(are_holes, -1).cummax(0));
  const torch::Tensor first = here.masked_fill(are_holes, steps.size(0) - 1).amin(0, /*keepdim=*/true);
  steps = steps.gather(0, torch::where(last < 0, first.expand_as(last), last));
  return holes;
}

class SeriesMaker {
 public:
  explicit SeriesMaker(const WindowOptions& options) : options_(options) {
    set_->window = options.window;
    set_->stride = options.stride;
  }

  void add(const SeriesRows& rows) {
    if (set_->series.empty()) {
      set_->columns = rows.columns;
      set_->schema = rows.schema;
      has_names_ = rows.has_names;
    } else {
      check_columns(rows);
    }
    const torch::Tensor numbers = torch::stack(rows.numbers, 1);
    if (!rows.series.defined()) {
      add_series(rows, rows.name, torch::arange(numbers.size(0)), numbers);
      return;
    }
    for (size_t i = 0; i < rows.series_names.size(); ++i) {
      const torch::Tensor members = (rows.series == static_cast<int64_t>(i)).nonzero().flatten();
      if (members.size(0) > 0) {
        add_series(rows, rows.series_names[i], members, numbers.index_select(0, members));
      }
    }
  }

  bool empty() const { return set_->series.empty(); }

  Dataset result() const {
    Dataset data;
    data.windows = all_windows(set_);
    data.images = examples_of(data.windows);
    data.labels = labels_of(data.windows);
    if (data.labels.defined()) {
      data.label_names = {"normal", "anomaly"};
    }
    return data;
  }

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void check_columns(const SeriesRows& rows) const {
    const bool are_known = rows.has_names && has_names_;
    if (are_known ? rows.columns != set_->columns : rows.columns.size() != set_->columns.size()) {
      throw Error(
          fmt::format("{}: its columns are {}, but those of {} are {}; give series of the same columns",
                      rows.name, join(rows.columns), set_->series.front().name, join(set_->columns)));
    }
  }

  void add_series(const SeriesRows& rows, const std::string& name, const torch::Tensor& members,
                  torch::Tensor steps) {
    if (steps.size(0) < options_.window) {
      throw Error(
          fmt::format("{}: a series of {}, shorter than --window {}; lower it, or leave the series out", name,
                      counted(steps.size(0), "step"), options_.window));
    }
    check_values(name, steps);
    if (const int64_t holes = fill_holes(steps); holes > 0) {
      notes_.push_back(
          fmt::format("{}: {} in its steps, which take the value before", name, counted(holes, "hole")));
    }
    Series series = {.name = name, .steps = steps.contiguous(), .are_anomalies = {}};
    if (rows.are_anomalies.defined()) {
      series.are_anomalies = rows.are_anomalies.index_select(0, members);
    }
    if (rows.marks && !rows.marks->time_column.empty()) {
      series.times = std::make_shared<const StepTimes>(rows.marks->times.chosen(members));
      check_time(series, rows.marks->seconds.index_select(0, members), rows.marks->time_column);
    }
    set_->series.push_back(std::move(series));
  }

  // A column without a value has nothing that its holes could take.
  void check_values(const std::string& name, const torch::Tensor& steps) const {
    const torch::Tensor empty = steps.isnan().all(0).nonzero().flatten();
    if (empty.size(0) > 0) {
      throw Error(fmt::format(
          "{}: {} has no value in any of its {}; fill it in, or leave out the column or the series", name,
          set_->columns[static_cast<size_t>(empty[0].item<int64_t>())], counted(steps.size(0), "step")));
    }
  }

  // seconds: T, float64, NaN where they are not known.
  void check_time(const Series& series, const torch::Tensor& seconds, const std::string& column) const {
    const auto at = seconds.accessor<double, 1>();
    int64_t before = 0;
    for (int64_t step = 1; step < seconds.size(0); ++step) {
      if (at[step] < at[before]) {
        throw Error(fmt::format("{}: time runs backwards at step {}, from {} to {}; sort the rows by {}{}",
                                series.name, step, series.times->at(before), series.times->at(step), column,
                                options_.series_column.empty()
                                    ? ", or name the column that says which series a row belongs to with "
                                      "--series-column"
                                    : ""));
      }
      before = std::isnan(at[step]) ? before : step;
    }
  }

  WindowOptions options_;
  std::shared_ptr<SeriesSet> set_ = std::make_shared<SeriesSet>();
  bool has_names_ = false;
  std::vector<std::string> notes_;
};

Dataset standardised(const Dataset& data, const SeriesScales& scales) {
  if (!data.windows.defined()) {
    return data;
  }
  const std::vector<Series>& all = data.windows.of->series;
  std::vector<std::string> names;
  std::ranges::transform(all, std::back_inserter(names), &Series::name);
  const SeriesScales fitting = scales.named(names);
  std::vector<SeriesScale> of_series;
  for (const Series& series : all) {
    of_series.push_back(fitting.of(series));
  }
  Dataset result = data;
  result.windows = standardised(data.windows, of_series);
  result.images = examples_of(result.windows);
  return result;
}

}  // namespace

void WindowOptions::visit(OptionVisitor& visitor) {
  visitor.option("window", window,
                 "rows are steps of a series, and examples so many of them in a row; 0: rows are examples",
                 between(0, kLongestWindow));
  visitor.option("stride", stride, "steps from the beginning of a window to that of the next",
                 between(1, kLongestWindow));
  visitor.option("series-column", series_column,
                 "column that says which series a row belongs to, where a file holds several");
}

DataSource windowed(const std::string& name, const std::vector<DataSource>& files,
                    const WindowOptions& options) {
  SeriesMaker train(options);
  SeriesMaker test(options);
  DataSource source;
  source.name = name;
  for (const DataSource& file : files) {
    train.add(rows_of(file.name, file.train, options.series_column));
    if (!file.test.empty()) {
      test.add(rows_of(file.name + " test", file.test, options.series_column));
    }
    source.notes.insert(source.notes.end(), file.notes.begin(), file.notes.end());
  }
  source.train = train.result();
  if (!test.empty()) {
    source.test = test.result();
  }
  for (const SeriesMaker* made : {&train, &test}) {
    source.notes.insert(source.notes.end(), made->notes().begin(), made->notes().end());
  }
  source.suited = {{"output-activation", "none"}, {"loss", "mse"}};
  return source;
}

DataSource standardised(const DataSource& source, const SeriesScales& scales) {
  DataSource result = source;
  result.train = standardised(source.train, scales);
  result.test = standardised(source.test, scales);
  return result;
}

}  // namespace autoencoder
