#include "data/split.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include "common/checksum.h"
#include "common/error.h"
#include "common/random.h"
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
          .masks = have_masks ? first.masks.followed_by(second.masks) : Examples()};
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
  constexpr int64_t kExamples = 1 << 12;
  if (!examples.defined()) {
    checksum.add("none");
    return;
  }
  const auto [channels, height, width] = examples.shape();
  checksum.add(fmt::format("{} {}x{}x{}x{}", torch::toString(examples.type()), examples.size(), channels,
                           height, width));
  for (int64_t first = 0; first < examples.size(); first += kExamples) {
    const torch::Tensor some = examples.range(first, first + kExamples);
    checksum.add(some.const_data_ptr(), some.nbytes());
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

}  // namespace

Split split_source(const DataSource& source, const SplitRequest& request) {
  const torch::Tensor order = drawn_order(source, request);
  const int64_t count = order.size(0);
  const bool source_has_validation = source.validation.defined();
  const bool source_has_test = !source.test.empty();
  const int64_t validation = source_has_validation ? 0 : share(request.validation_fraction, count);
  const int64_t test = source_has_test ? 0 : share(request.test_fraction, count);
  const int64_t train = count - validation - test;
  const torch::Tensor learned =
      of_labels(source, order.narrow(0, 0, std::max<int64_t>(train, 0)), request.only_labels);
  if (learned.size(0) < 1) {
    throw Error(
        fmt::format("{} examples, less {} for validation and {} for test, leave none to learn from; lower "
                    "--validation-fraction or --test-fraction",
                    count, validation, test));
  }
  const torch::Tensor held_out =
      source_has_validation ? source.validation : order.narrow(0, train, validation);
  return {learned, of_labels(source, held_out, request.only_labels),
          source_has_test ? torch::arange(source.test.size()) : order.narrow(0, train + validation, test),
          source.train.size(), source.test.size()};
}

std::vector<std::string> split_names() { return {"train", "validation", "test", "all"}; }

std::string digest_of(const DataSource& source) {
  Checksum checksum;
  for (const Dataset* part : {&source.train, &source.test}) {
    add_examples(checksum, part->images);
    add_tensor(checksum, part->labels);
    add_tensor(checksum, part->responses);
  }
  return checksum.text();
}

void check_source(const DataSource& source, const Split& split) {
  check_sizes(source, split);
  if (!split.source_digest.empty() && digest_of(source) != split.source_digest) {
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
