#include "data/split.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/checksum.h"
#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"

namespace autoencoder {
namespace {

int64_t share(double fraction, int64_t count) { return std::llround(fraction * static_cast<double>(count)); }

Dataset concatenation(const Dataset& first, const Dataset& second) {
  if (second.empty()) {
    return first;
  }
  const auto joined = [](const torch::Tensor& head, const torch::Tensor& tail) {
    return head.defined() && tail.defined() ? torch::cat({head, tail}) : torch::Tensor();
  };
  const bool have_masks = first.masks.defined() && second.masks.defined();
  return {.images = first.images.followed_by(second.images),
          .labels = joined(first.labels, second.labels),
          .label_names = first.label_names,
          .responses = joined(first.responses, second.responses),
          .schema = first.schema,
          .masks = have_masks ? first.masks.followed_by(second.masks) : Examples(),
          .windows = first.windows.followed_by(second.windows)};
}

void check_sizes(const DataSource& source, const Split& split) {
  if (source.train.size() != split.source_examples || source.test.size() != split.source_test_examples) {
    throw Error(fmt::format(
        "{} has {} training and {} test examples now, but had {} and {} when it was split; give the "
        "same data again with --data or --data-dir",
        source.name, source.train.size(), source.test.size(), split.source_examples,
        split.source_test_examples));
  }
}

void add_tensor(Checksum& checksum, const torch::Tensor& tensor) {
  if (!tensor.defined()) {
    checksum.add("none");
    return;
  }
  checksum.add(fmt::format("{} {}", torch::toString(tensor.scalar_type()), fmt::join(tensor.sizes(), "x")));
  const torch::Tensor numbers = tensor.contiguous();
  checksum.add(numbers.const_data_ptr(), numbers.nbytes());
}

// As of one tensor that holds them all.
void add_examples(Checksum& checksum, const Examples& examples) {
  if (!examples.defined()) {
    checksum.add("none");
    return;
  }
  const auto [channels, height, width] = examples.shape();
  checksum.add(fmt::format("{} {}x{}x{}x{}", torch::toString(examples.type()), examples.size(), channels,
                           height, width));
  const int64_t at_once = examples_in_pass(examples.shape());
  for (int64_t first = 0; first < examples.size(); first += at_once) {
    const torch::Tensor some = examples.range(first, first + at_once);
    checksum.add(some.const_data_ptr(), some.nbytes());
  }
}

// Of windows the series that they show: overlapping windows hold the same numbers again and again.
void add_windows(Checksum& checksum, const Windows& windows) {
  checksum.add(fmt::format("windows of {}, {} apart", windows.of->window, windows.of->stride));
  for (const Series& series : windows.of->series) {
    add_tensor(checksum, series.steps);
    add_tensor(checksum, series.are_anomalies);
  }
}

// Those of the positions in DataSource::train whose example has one of the labels.
torch::Tensor of_labels(const DataSource& source, const torch::Tensor& positions,
                        const std::vector<std::string>& labels) {
  if (labels.empty()) {
    return positions;
  }
  if (!source.train.labels.defined()) {
    throw Error(fmt::format("{}: no labels, so none can be chosen with --only-labels", source.name));
  }
  const Classes classes = number_classes(source.train.labels, source.train.label_names);
  const torch::Tensor are_wanted = are_named(classes, labels, "only-labels");
  return positions.masked_select(are_wanted.index_select(0, positions));
}

// As it was before a column of it was said to be the label.
DataSource without_labels(DataSource source) {
  source.train.labels = torch::Tensor();
  source.test.labels = torch::Tensor();
  return source;
}

// The source's training examples, less those that it holds out itself, in an order that the seed decides; at
// most `limit` of them.
torch::Tensor drawn_order(const DataSource& source, const SplitRequest& request) {
  torch::Tensor order =
      torch::randperm(source.train.size(), make_generator(derive_seed(request.seed, "split")), torch::kInt64);
  if (source.validation.defined()) {
    order = order.masked_select(torch::isin(order, source.validation).logical_not());
  }
  return request.limit > 0 ? order.narrow(0, 0, std::min(request.limit, order.size(0))) : order;
}

// Positions in DataSource::train.
struct Parts {
  torch::Tensor train;
  torch::Tensor validation;
  torch::Tensor test;
};

// What the fractions leave to learn from, of `count` that they divide.
int64_t left_to_learn_from(int64_t count, int64_t validation, int64_t test) {
  if (count - validation - test < 1) {
    throw Error(
        fmt::format("{} examples, less {} for validation and {} for test, leave none to learn from; lower "
                    "--validation-fraction or --test-fraction",
                    count, validation, test));
  }
  return count - validation - test;
}

// An order of examples, cut in three.
Parts cut(const torch::Tensor& order, const SplitRequest& fractions) {
  const int64_t count = order.size(0);
  const int64_t validation = share(fractions.validation_fraction, count);
  const int64_t test = share(fractions.test_fraction, count);
  const int64_t train = left_to_learn_from(count, validation, test);
  return {order.narrow(0, 0, train), order.narrow(0, train, validation),
          order.narrow(0, train + validation, test)};
}

void require_windows(const torch::Tensor& positions, double fraction, const char* part,
                     const Windows& windows) {
  if (fraction > 0 && positions.size(0) == 0) {
    throw Error(
        fmt::format("no series has a {0} part as long as a window of {1} steps ({2:g} of its steps); raise "
                    "--{0}-fraction, set it to 0, or lower --window",
                    part, windows.of->window, fraction));
  }
}

// Each series' steps cut in three, and the windows that lie within a part.
Parts cut_series(const Windows& windows, const SplitRequest& fractions) {
  std::vector<int64_t> validation_begins;
  std::vector<int64_t> test_begins;
  for (const Series& series : windows.of->series) {
    const int64_t validation = share(fractions.validation_fraction, series.length());
    const int64_t test = share(fractions.test_fraction, series.length());
    validation_begins.push_back(series.length() - validation - test);
    test_begins.push_back(series.length() - test);
  }
  const auto of_windows = [&](const std::vector<int64_t>& steps) {
    return torch::tensor(steps, torch::kInt64).index_select(0, windows.series);
  };
  const torch::Tensor to_validate = of_windows(validation_begins);
  const torch::Tensor to_test = of_windows(test_begins);
  const torch::Tensor end = windows.first + windows.of->window;
  const auto positions = [](const torch::Tensor& are_chosen) { return are_chosen.nonzero().flatten(); };
  const Parts parts = {positions(end <= to_validate),
                       positions((windows.first >= to_validate) & (end <= to_test)),
                       positions(windows.first >= to_test)};
  if (parts.train.size(0) == 0) {
    throw Error(
        fmt::format("no series has a part to learn from as long as a window of {} steps; lower --window, "
                    "--validation-fraction or --test-fraction",
                    windows.of->window));
  }
  require_windows(parts.validation, fractions.validation_fraction, "validation", windows);
  require_windows(parts.test, fractions.test_fraction, "test", windows);
  return parts;
}

// In the order of the source, less what it holds out itself; at most `limit` of those to learn from.
Parts cut_by_time(const DataSource& source, const SplitRequest& request, const SplitRequest& fractions) {
  if (source.train.windows.defined()) {
    Parts parts = cut_series(source.train.windows, fractions);
    const at::Generator rng = make_generator(derive_seed(request.seed, "split"));
    parts.train = parts.train.index_select(0, random_positions(parts.train.size(0), request.limit, rng));
    return parts;
  }
  return cut(std::get<0>(drawn_order(source, request).sort()), fractions);
}

bool is_by_time(const DataSource& source, SplitBy by) {
  return by == SplitBy::kTime || (by == SplitBy::kAuto && source.train.windows.defined());
}

}  // namespace

Choices<SplitBy> split_ways() {
  return {{"auto", SplitBy::kAuto}, {"random", SplitBy::kRandom}, {"time", SplitBy::kTime}};
}

Split split_source(const DataSource& source, const SplitRequest& request) {
  const bool source_has_validation = source.validation.defined();
  const bool source_has_test = !source.test.empty();
  SplitRequest fractions = request;
  fractions.validation_fraction = source_has_validation ? 0 : request.validation_fraction;
  fractions.test_fraction = source_has_test ? 0 : request.test_fraction;
  const Parts parts = is_by_time(source, request.by) ? cut_by_time(source, request, fractions)
                                                     : cut(drawn_order(source, request), fractions);
  const torch::Tensor learned = of_labels(source, parts.train, request.only_labels);
  if (learned.size(0) < 1) {
    throw Error(
        fmt::format("of {} examples to learn from none has one of the labels {}; choose others with "
                    "--only-labels",
                    parts.train.size(0), join(request.only_labels)));
  }
  return {
      learned,
      of_labels(source, source_has_validation ? source.validation : parts.validation, request.only_labels),
      source_has_test ? torch::arange(source.test.size()) : parts.test, source.train.size(),
      source.test.size()};
}

std::vector<std::string> split_names() { return {"train", "validation", "test", "all"}; }

std::string digest_of(const DataSource& source) {
  Checksum checksum;
  for (const Dataset* part : {&source.train, &source.test}) {
    if (part->windows.defined()) {
      add_windows(checksum, part->windows);
      continue;
    }
    add_examples(checksum, part->images);
    add_tensor(checksum, part->labels);
    add_tensor(checksum, part->responses);
  }
  return checksum.text();
}

void check_source(const DataSource& source, const Split& split) {
  check_sizes(source, split);
  const auto is_as_split = [&](const DataSource& some) { return digest_of(some) == split.source_digest; };
  if (!split.source_digest.empty() && !is_as_split(source) && !is_as_split(without_labels(source))) {
    throw Error(fmt::format(
        "{} has as many examples as when it was split, but other ones, or in another order, so that what was "
        "held out cannot be told from what was learned; give the same data again with --data or --data-dir",
        source.name));
  }
}

Dataset select_split(const DataSource& source, const Split& split, const std::string& name) {
  check_sizes(source, split);
  if (name == "all") {
    return concatenation(source.train, source.test);
  }
  if (name == "test" && split.source_has_test()) {
    return source.test;
  }
  const torch::Tensor& indices = name == "train"  ? split.train
                                 : name == "test" ? split.test
                                                  : split.validation;
  if (indices.size(0) == 0) {
    throw Error(fmt::format("the {} split of {} is empty; choose another with --split", name, source.name));
  }
  return chosen_examples(source.train, indices);
}

}  // namespace autoencoder
