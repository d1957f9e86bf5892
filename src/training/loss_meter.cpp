#include "training/loss_meter.h"

#include <cmath>

#include <torch/types.h>

namespace autoencoder {
namespace {

// One, total, terms...: what each example adds to the sums.
torch::Tensor stack_values(const Loss& loss) {
  std::vector<torch::Tensor> values = {torch::ones_like(loss.total), loss.total.detach()};
  for (const Term& term : loss.terms) {
    values.push_back(term.value);
  }
  return torch::stack(values).to(torch::kFloat64);
}

// Of sums on the CPU; nothing where none were summed.
std::optional<double> mean_total(const torch::Tensor& sums) {
  const auto* sum = sums.const_data_ptr<double>();
  return sum[0] > 0 ? std::optional(sum[1] / sum[0]) : std::nullopt;
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
}

void LossMeter::begin(const Loss& loss) {
  const auto options = loss.total.options().requires_grad(false);
  sums_ = torch::zeros({static_cast<int64_t>(2 + loss.terms.size())}, options.dtype(torch::kFloat64));
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
  *sum++ += weight;
  *sum++ += total * weight;
  for (const Term& term : loss.terms) {
    *sum++ += term.value.item<double>() * weight;
  }
  auto& bad_step = *bad_step_.mutable_data_ptr<int64_t>();
  bad_step = bad_step == 0 && !std::isfinite(total) ? step : bad_step;
}

void LossMeter::add_tensors(const Loss& loss, int64_t examples, int64_t step) {
  if (!step_.defined()) {
    step_ = torch::full_like(bad_step_, step - 1);
  }
  step_.add_(1);
  sums_.add_(stack_values(loss), examples);
  const torch::Tensor is_first_bad =
      loss.total.detach().isfinite().logical_not().logical_and(bad_step_.eq(0));
  bad_step_.copy_(torch::where(is_first_bad, step_, bad_step_));
}

LossMeans LossMeter::means() const {
  TORCH_CHECK(sums_.defined(), "no loss was added");
  const torch::Tensor sums = sums_.cpu();
  const auto value = sums.accessor<double, 1>();
  TORCH_CHECK(value[0] > 0, "no loss was added");
  LossMeans result{value[1] / value[0], {}};
  for (size_t term = 0; term < names_.size(); ++term) {
    result.terms.emplace_back(names_[term], value[static_cast<int64_t>(term) + 2] / value[0]);
  }
  return result;
}

void LossMeter::reset() {
  for (torch::Tensor* tensor : {&sums_, &bad_step_, &step_, &glanced_}) {
    if (tensor->defined()) {
      tensor->zero_();
    }
  }
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
    return mean_total(sums_);
  }
  if (!glanced_.defined()) {
    glanced_ = torch::zeros(sums_.sizes(), torch::TensorOptions().dtype(torch::kFloat64).pinned_memory(true));
  }
  const auto known = mean_total(glanced_);
  glanced_.copy_(sums_, /*non_blocking=*/true);
  return known;
}

NamedTensors LossMeter::state() const {
  return sums_.defined() ? NamedTensors{{"sums", sums_}, {"bad_step", bad_step_}} : NamedTensors{};
}

void LossMeter::restore(std::vector<std::string> term_names, const NamedTensors& state,
                        const torch::Device& device) {
  *this = LossMeter();
  names_ = std::move(term_names);
  if (state.empty()) {
    return;
  }
  TORCH_CHECK(state.contains("sums") && state.contains("bad_step"), "no sums of losses");
  sums_ = state.at("sums").to(device, torch::kFloat64).clone();
  bad_step_ = state.at("bad_step").to(device, torch::kInt64).clone();
  TORCH_CHECK(
      sums_.dim() == 1 && sums_.size(0) == static_cast<int64_t>(2 + names_.size()) && bad_step_.dim() == 0,
      "sums of other terms");
}

}  // namespace autoencoder
