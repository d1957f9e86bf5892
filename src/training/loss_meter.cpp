#include "training/loss_meter.h"

#include <cmath>

#include <torch/torch.h>

namespace autoencoder {
namespace {

torch::Tensor stack_values(const Loss& loss) {
  std::vector<torch::Tensor> values = {loss.total.detach()};
  for (const Term& term : loss.terms) {
    values.push_back(term.value);
  }
  return torch::stack(values).to(torch::kFloat64);
}

}  // namespace

void LossMeter::add(const Loss& loss, int64_t examples, int64_t step) {
  if (!sums_.defined()) {
    begin(loss);
  }
  if (sums_.is_cpu()) {
    add_numbers(loss, examples, step);
  } else {
    add_tensors(loss, examples, step);
  }
  examples_ += examples;
}

void LossMeter::begin(const Loss& loss) {
  const auto options = loss.total.options().requires_grad(false);
  sums_ = torch::zeros({static_cast<int64_t>(1 + loss.terms.size())}, options.dtype(torch::kFloat64));
  bad_step_ = torch::zeros({}, options.dtype(torch::kInt64));
  for (const Term& term : loss.terms) {
    names_.push_back(term.name);
  }
}

// Where numbers can be had without waiting for a device, they are summed as such.
void LossMeter::add_numbers(const Loss& loss, int64_t examples, int64_t step) {
  auto* sum = sums_.mutable_data_ptr<double>();
  const auto weight = static_cast<double>(examples);
  const auto total = loss.total.item<double>();
  *sum++ += total * weight;
  for (const Term& term : loss.terms) {
    *sum++ += term.value.item<double>() * weight;
  }
  auto& bad_step = *bad_step_.mutable_data_ptr<int64_t>();
  bad_step = bad_step == 0 && !std::isfinite(total) ? step : bad_step;
}

void LossMeter::add_tensors(const Loss& loss, int64_t examples, int64_t step) {
  const torch::Tensor values = stack_values(loss);
  sums_.add_(values, examples);
  const torch::Tensor is_first_bad = values[0].isfinite().logical_not().logical_and(bad_step_.eq(0));
  bad_step_.masked_fill_(is_first_bad, step);
}

LossMeans LossMeter::means() const {
  TORCH_CHECK(examples_ > 0, "no loss was added");
  const torch::Tensor means = sums_.cpu() / examples_;
  const auto value = means.accessor<double, 1>();
  LossMeans result{value[0], {}};
  for (size_t term = 0; term < names_.size(); ++term) {
    result.terms.emplace_back(names_[term], value[static_cast<int64_t>(term) + 1]);
  }
  return result;
}

std::optional<int64_t> LossMeter::first_bad_step() const {
  const int64_t step = bad_step_.defined() ? bad_step_.item<int64_t>() : 0;
  return step == 0 ? std::nullopt : std::optional(step);
}

std::optional<double> LossMeter::glance() {
  if (!sums_.defined()) {
    return std::nullopt;
  }
  if (sums_.is_cpu()) {
    return sums_.const_data_ptr<double>()[0] / static_cast<double>(examples_);
  }
  std::optional<double> known;
  if (glanced_.defined()) {
    known = glanced_.const_data_ptr<double>()[0] / static_cast<double>(glanced_examples_);
  } else {
    glanced_ = torch::zeros(sums_.sizes(), torch::TensorOptions().dtype(torch::kFloat64).pinned_memory(true));
  }
  glanced_.copy_(sums_, /*non_blocking=*/true);
  glanced_examples_ = examples_;
  return known;
}

void LossMeter::save(torch::serialize::OutputArchive& archive) const {
  archive.write("examples", c10::IValue(examples_));
  archive.write("names", c10::IValue(names_));
  if (sums_.defined()) {
    archive.write("sums", sums_, /*is_buffer=*/true);
    archive.write("bad_step", bad_step_, /*is_buffer=*/true);
  }
}

void LossMeter::load(torch::serialize::InputArchive& archive, const torch::Device& device) {
  reset();
  c10::IValue value;
  archive.read("examples", value);
  examples_ = value.toInt();
  archive.read("names", value);
  for (const c10::IValue& name : value.toListRef()) {
    names_.push_back(name.toStringRef());
  }
  if (archive.try_read("sums", sums_, /*is_buffer=*/true)) {
    archive.read("bad_step", bad_step_, /*is_buffer=*/true);
    sums_ = sums_.to(device);
    bad_step_ = bad_step_.to(device);
  }
}

}  // namespace autoencoder
