#include "data/batches.h"

#include <algorithm>
#include <functional>
#include <future>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include <torch/data.h>
#include <torch/serialize.h>
#include <torch/types.h>

#include "common/random.h"

namespace autoencoder {
namespace {

// A batch request that is one tensor of positions: a batch is then one index_select instead of many single
// examples put together.
struct IndexRequest : torch::data::samplers::CustomBatchRequest {
  IndexRequest() = default;
  explicit IndexRequest(torch::Tensor positions) : indices(std::move(positions)) {}
  size_t size() const override { return static_cast<size_t>(indices.size(0)); }

  torch::Tensor indices;
};

class ExampleDataset : public torch::data::datasets::BatchDataset<ExampleDataset, Batch, IndexRequest> {
 public:
  ExampleDataset(Dataset data, RowsOf rows) : data_(std::move(data)), rows_(std::move(rows)) {}

  Batch get_batch(IndexRequest request) override {
    const int64_t all = request.indices.size(0);
    const Rows rows = rows_(all);
    const torch::Tensor indices = request.indices.narrow(0, rows.begin, rows.count());
    const torch::Tensor images = data_.images.read(indices);
    return {images, images, data_.labels.defined() ? data_.labels.index_select(0, indices) : torch::Tensor(),
            rows.begin, all - rows.end};
  }

  std::optional<size_t> size() const override { return static_cast<size_t>(data_.size()); }

 private:
  Dataset data_;
  RowsOf rows_;
};

// The order of one epoch and how far it has been drawn. Shared with the sampler, which the data loader keeps
// a copy of.
struct EpochOrder {
  torch::Tensor indices;
  int64_t start = 0;
  int64_t position = 0;
};

class OrderSampler : public torch::data::samplers::Sampler<IndexRequest> {
 public:
  explicit OrderSampler(std::shared_ptr<EpochOrder> order) : order_(std::move(order)) {}

  void reset(std::optional<size_t> /*new_size*/ = std::nullopt) override { order_->position = order_->start; }

  std::optional<IndexRequest> next(size_t batch_size) override {
    const int64_t left = order_->indices.size(0) - order_->position;
    if (left <= 0) {
      return std::nullopt;
    }
    const int64_t count = std::min(left, static_cast<int64_t>(batch_size));
    IndexRequest request(order_->indices.narrow(0, order_->position, count));
    order_->position += count;
    return request;
  }

  // Nothing to keep: the order is a function of seed and epoch, the position is the trainer's.
  void save(torch::serialize::OutputArchive& /*archive*/) const override {}
  void load(torch::serialize::InputArchive& /*archive*/) override {}

 private:
  std::shared_ptr<EpochOrder> order_;
};

class OrderedBatches : public Batches {
 public:
  using MakeOrder = std::function<torch::Tensor(int64_t epoch)>;

  /// make_order gives `count` positions of examples.
  OrderedBatches(ExampleDataset data, int64_t count, int64_t batch_size, MakeOrder make_order)
      : make_order_(std::move(make_order)),
        order_(std::make_shared<EpochOrder>()),
        batch_size_(batch_size),
        example_count_(count),
        loader_(
            torch::data::make_data_loader(std::move(data), OrderSampler(order_),
                                          torch::data::DataLoaderOptions(static_cast<size_t>(batch_size)))) {}

  void start_epoch(int64_t epoch, int64_t skip) override {
    order_->indices = make_order_(epoch);
    order_->start = skip * batch_size_;
    // begin() resets the sampler and draws the first batch, so it waits for the first call of next().
    current_.reset();
  }

  std::optional<Batch> next() override {
    if (current_) {
      ++*current_;
    } else {
      current_.emplace(loader_->begin());
    }
    return *current_ == loader_->end() ? std::nullopt : std::optional<Batch>(**current_);
  }

  int64_t batch_count() const override { return (example_count_ + batch_size_ - 1) / batch_size_; }
  int64_t example_count() const override { return example_count_; }

 private:
  using Loader = torch::data::StatelessDataLoader<ExampleDataset, OrderSampler>;

  MakeOrder make_order_;
  std::shared_ptr<EpochOrder> order_;
  int64_t batch_size_;
  int64_t example_count_;
  std::unique_ptr<Loader> loader_;
  std::optional<torch::data::Iterator<Batch>> current_;
};

// Examples of which those that lie together are read together.
struct Blocks {
  torch::Tensor places;  // Examples::places
  int64_t size = 0;      // examples of a block
  int64_t at_once = 0;   // blocks
};

Blocks blocks_of(const Examples& examples, int64_t buffer) {
  constexpr int64_t kBytes = 1 << 20;  // as much as a disk reads while it finds the next place
  constexpr int64_t kFewest = 64;
  const int64_t size = std::min(std::max(kFewest, kBytes / examples.bytes_of_each()), buffer);
  return {examples.places(), size, std::max<int64_t>(1, buffer / size)};
}

// Blocks in an order drawn at random, some at a time, whose examples are shuffled.
torch::Tensor block_order(const Blocks& blocks, const at::Generator& rng) {
  const int64_t examples = blocks.places.size(0);
  const int64_t count = (examples + blocks.size - 1) / blocks.size;
  std::vector<torch::Tensor> order;
  for (const torch::Tensor& some : torch::randperm(count, rng, torch::kInt64).split(blocks.at_once)) {
    torch::Tensor positions = (some.unsqueeze(1) * blocks.size + torch::arange(blocks.size)).flatten();
    positions = positions.masked_select(positions < examples);  // the last block may be a part of one
    order.push_back(positions.index_select(0, torch::randperm(positions.size(0), rng, torch::kInt64)));
  }
  return blocks.places.index_select(0, torch::cat(order));
}

// This thread alone does what it does: the others are at work on the batch before.
void leave_others_their_threads() {
#ifdef _OPENMP
  omp_set_num_threads(1);
#endif
}

class PrefetchedBatches : public Batches {
 public:
  explicit PrefetchedBatches(std::unique_ptr<Batches> batches) : batches_(std::move(batches)) {}

  void start_epoch(int64_t epoch, int64_t skip) override {
    coming_ = {};  // waits for the reader
    batches_->start_epoch(epoch, skip);
    read_ahead();
  }

  std::optional<Batch> next() override {
    if (!coming_.valid()) {
      return std::nullopt;
    }
    std::optional<Batch> batch = coming_.get();
    if (batch) {
      read_ahead();
    }
    return batch;
  }

  int64_t batch_count() const override { return batches_->batch_count(); }
  int64_t example_count() const override { return batches_->example_count(); }

 private:
  void read_ahead() {
    coming_ = std::async(std::launch::async, [this] {
      leave_others_their_threads();
      return batches_->next();
    });
  }

  std::unique_ptr<Batches> batches_;
  std::future<std::optional<Batch>> coming_;
};

}  // namespace

std::unique_ptr<Batches> prefetched(std::unique_ptr<Batches> batches) {
  return std::make_unique<PrefetchedBatches>(std::move(batches));
}

std::unique_ptr<Batches> shuffled_batches(const Dataset& data, int64_t batch_size, uint64_t seed,
                                          int64_t buffer, const RowsOf& rows) {
  // Batch normalisation has nothing to learn from a last batch of one example: it is left out, another one in
  // every epoch.
  const bool leaves_one = data.size() > batch_size && batch_size > 1 && data.size() % batch_size == 1;
  const int64_t count = data.size() - (leaves_one ? 1 : 0);
  const int64_t all = data.size();
  const auto device = data.images.device();
  const Blocks blocks = buffer > 0 ? blocks_of(data.images, buffer) : Blocks();
  return std::make_unique<OrderedBatches>(ExampleDataset(data, rows), count, batch_size, [=](int64_t epoch) {
    const auto generator = make_generator(derive_seed(seed, "order", static_cast<uint64_t>(epoch)));
    const torch::Tensor order =
        buffer > 0 ? block_order(blocks, generator) : torch::randperm(all, generator, torch::kInt64);
    return order.narrow(0, 0, count).to(device);
  });
}

std::unique_ptr<Batches> sequential_batches(const Dataset& data, int64_t batch_size, const RowsOf& rows) {
  const auto options = torch::TensorOptions().dtype(torch::kInt64).device(data.images.device());
  const auto order = torch::arange(data.size(), options);
  return std::make_unique<OrderedBatches>(ExampleDataset(data, rows), data.size(), batch_size,
                                          [order](int64_t /*epoch*/) { return order; });
}

Dataset to_device(const Dataset& data, const torch::Device& device) {
  Dataset moved = data;
  moved.images = data.images.on(device);
  for (torch::Tensor* tensor : {&moved.labels, &moved.responses}) {
    if (tensor->defined()) {
      *tensor = tensor->to(device);
    }
  }
  return moved;
}

}  // namespace autoencoder
