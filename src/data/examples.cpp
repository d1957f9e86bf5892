#include "data/examples.h"

#include <algorithm>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/types.h>

#include "common/mapped_file.h"
#include "common/memory.h"
#include "common/vectorised.h"

namespace autoencoder {
namespace {

constexpr int64_t kImagesAThread = 64;

AUTOENCODER_VECTORISED
void scale_bytes(const uint8_t* bytes, float* numbers, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    numbers[i] = static_cast<float>(bytes[i]) / 255;
  }
}

enum class Place { kMemory, kMappedFile };

class TensorStore : public ExampleStore {
 public:
  TensorStore(torch::Tensor tensor, Place place) : tensor_(std::move(tensor)), place_(place) {
    TORCH_CHECK(tensor_.dim() == 4, "examples are N x C x H x W, not ", tensor_.sizes());
  }

  int64_t size() const override { return tensor_.size(0); }
  ImageShape shape() const override { return {tensor_.size(1), tensor_.size(2), tensor_.size(3)}; }
  torch::Device device() const override { return tensor_.device(); }
  torch::ScalarType type() const override {
    return tensor_.scalar_type() == torch::kUInt8 ? torch::kUInt8 : torch::kFloat32;
  }
  bool may_wait() const override { return place_ == Place::kMappedFile; }

  torch::Tensor stored(const torch::Tensor& indices) const override {
    return (is_read_from_file() ? read_from_file(indices) : tensor_.index_select(0, indices)).to(type());
  }
  torch::Tensor read(const torch::Tensor& indices) const override {
    return is_read_from_file() ? to_unit_range(read_from_file(indices)) : select_unit_range(tensor_, indices);
  }
  torch::Tensor all() const override { return tensor_.to(type()); }

 private:
  // What is touched of a mapped file stays in memory, with what the system maps around it. Where memory is
  // bounded examples are read from the file in place of that.
  bool is_read_from_file() const {
    return place_ == Place::kMappedFile && memory_bound() > 0 && is_mapped(tensor_.const_data_ptr()) &&
           tensor_.stride(0) == tensor_[0].numel() && tensor_[0].is_non_overlapping_and_dense();
  }

  torch::Tensor read_from_file(const torch::Tensor& indices) const {
    std::vector<int64_t> sizes = tensor_.sizes().vec();
    sizes[0] = indices.size(0);
    torch::Tensor found = torch::empty_strided(sizes, tensor_.strides(), tensor_.options());
    const auto bytes = static_cast<int64_t>(tensor_.nbytes()) / size();
    const auto chosen = indices.accessor<int64_t, 1>();
    const auto* const from = static_cast<const char*>(tensor_.const_data_ptr());
    auto* const to = static_cast<char*>(found.mutable_data_ptr());
    at::parallel_for(0, sizes[0], kImagesAThread, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        TORCH_CHECK_INDEX(chosen[i] >= 0 && chosen[i] < size(), "no example ", chosen[i]);
        read_mapped(from + chosen[i] * bytes, static_cast<size_t>(bytes), to + i * bytes);
      }
    });
    return found;
  }

  torch::Tensor tensor_;
  Place place_;
};

Place place_of(const torch::Tensor& tensor) {
  return tensor.is_cpu() && is_mapped(tensor.const_data_ptr()) ? Place::kMappedFile : Place::kMemory;
}

class ChosenStore : public ExampleStore {
 public:
  ChosenStore(Examples base, torch::Tensor indices) : base_(std::move(base)), indices_(std::move(indices)) {}

  int64_t size() const override { return indices_.size(0); }
  ImageShape shape() const override { return base_.shape(); }
  torch::Device device() const override { return base_.device(); }
  torch::ScalarType type() const override { return base_.type(); }
  bool may_wait() const override { return base_.may_wait(); }

  torch::Tensor stored(const torch::Tensor& indices) const override { return base_.stored(in_base(indices)); }
  torch::Tensor read(const torch::Tensor& indices) const override { return base_.read(in_base(indices)); }
  torch::Tensor all() const override { return base_.stored(indices_.to(device())); }
  torch::Tensor places() const override {
    const torch::Tensor place_in_base = base_.places().argsort();
    return place_in_base.index_select(0, indices_).argsort();
  }

 private:
  torch::Tensor in_base(const torch::Tensor& indices) const {
    return indices_.index_select(0, indices.cpu()).to(device());
  }

  Examples base_;
  torch::Tensor indices_;  // on the CPU
};

class JoinedStore : public ExampleStore {
 public:
  JoinedStore(Examples first, Examples second) : first_(std::move(first)), second_(std::move(second)) {
    TORCH_CHECK(first_.shape() == second_.shape() && first_.type() == second_.type(), "examples of ",
                first_.shape().text(), " and of ", second_.shape().text(), " cannot be one set");
  }

  int64_t size() const override { return first_.size() + second_.size(); }
  ImageShape shape() const override { return first_.shape(); }
  torch::ScalarType type() const override { return first_.type(); }
  bool may_wait() const override { return first_.may_wait() || second_.may_wait(); }

  torch::Tensor stored(const torch::Tensor& indices) const override {
    return of_both(indices, [](const Examples& part, const torch::Tensor& own) { return part.stored(own); });
  }
  torch::Tensor read(const torch::Tensor& indices) const override {
    return of_both(indices, [](const Examples& part, const torch::Tensor& own) { return part.read(own); });
  }

 private:
  template <typename Get>
  torch::Tensor of_both(const torch::Tensor& indices, const Get& get) const {
    const torch::Tensor is_in_first = indices < first_.size();
    const torch::Tensor places =
        torch::cat({is_in_first.nonzero().flatten(), is_in_first.logical_not().nonzero().flatten()});
    const int64_t boundary = is_in_first.sum().item<int64_t>();
    const torch::Tensor sorted = indices.index_select(0, places);
    const torch::Tensor found =
        torch::cat({get(first_, sorted.narrow(0, 0, boundary)),
                    get(second_, sorted.narrow(0, boundary, sorted.size(0) - boundary) - first_.size())});
    return torch::empty_like(found).index_copy_(0, places, found);
  }

  Examples first_;
  Examples second_;
};

// Whether a copy of so many takes little beside the whole, which then need not stay in memory for them.
bool are_few(const ExampleStore& store, int64_t count) {
  return !store.may_wait() && count <= store.size() / 4;
}

}  // namespace

int64_t examples_in_pass(const ImageShape& shape) {
  constexpr int64_t kMostNumbers = 1 << 24;
  return std::clamp<int64_t>(kMostNumbers / shape.size(), 1, kExamplesInPass);
}

torch::Tensor ExampleStore::read(const torch::Tensor& indices) const {
  return to_unit_range(stored(indices));
}

torch::Tensor ExampleStore::places() const { return torch::arange(size()); }

torch::Tensor ExampleStore::all() const { return stored(torch::arange(size(), device())); }

Examples::Examples(const torch::Tensor& tensor)
    : store_(tensor.defined() ? std::make_shared<TensorStore>(tensor, place_of(tensor)) : nullptr) {}

int64_t Examples::bytes_of_each() const {
  return shape().size() * static_cast<int64_t>(c10::elementSize(type()));
}

torch::Tensor Examples::range(int64_t begin, int64_t end) const {
  return stored(torch::arange(begin, std::min(end, size()), device()));
}

Examples Examples::chosen(const torch::Tensor& indices) const {
  if (auto view = store_->view_of(indices)) {
    return Examples(std::move(view));
  }
  return are_few(*store_, indices.size(0)) ? Examples(stored(indices.to(device())))
                                           : Examples(std::make_shared<ChosenStore>(*this, indices));
}

Examples Examples::followed_by(const Examples& others) const {
  return Examples(std::make_shared<JoinedStore>(*this, others));
}

Examples Examples::on(const torch::Device& device) const {
  if (!defined() || this->device() == device) {
    return *this;
  }
  auto moved = store_->moved_to(device);
  return moved ? Examples(std::move(moved)) : Examples(all().to(device));
}

Pass Examples::pass() const {
  return [examples = *this](const std::function<void(const torch::Tensor&)>& visit) {
    const int64_t at_once = examples.size() > 0 ? examples_in_pass(examples.shape()) : 1;
    for (int64_t first = 0; first < examples.size(); first += at_once) {
      const int64_t end = std::min(first + at_once, examples.size());
      visit(examples.read(torch::arange(first, end, examples.device())));
    }
  };
}

Examples mapped_examples(torch::Tensor tensor) {
  return Examples(std::make_shared<TensorStore>(std::move(tensor), Place::kMappedFile));
}

torch::Tensor to_unit_range(const torch::Tensor& images) {
  if (images.scalar_type() == torch::kUInt8) {
    return images.to(torch::kFloat32).div_(255);
  }
  return images.to(torch::kFloat32);
}

torch::Tensor select_unit_range(const torch::Tensor& images, const torch::Tensor& indices) {
  if (!images.is_cpu() || images.scalar_type() != torch::kUInt8 || !images.is_contiguous()) {
    return to_unit_range(images.index_select(0, indices));
  }
  std::vector<int64_t> sizes = images.sizes().vec();
  sizes[0] = indices.size(0);
  torch::Tensor selected = torch::empty(sizes, torch::kFloat32);
  const int64_t pixels = images.stride(0);
  const auto from = images.accessor<uint8_t, 4>();
  const auto chosen = indices.accessor<int64_t, 1>();
  auto* const to = selected.mutable_data_ptr<float>();
  at::parallel_for(0, sizes[0], kImagesAThread, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      TORCH_CHECK_INDEX(chosen[i] >= 0 && chosen[i] < from.size(0), "no example ", chosen[i]);
      scale_bytes(from[chosen[i]].data(), to + i * pixels, pixels);
    }
  });
  return selected;
}

}  // namespace autoencoder
