// What every registered model must do with a table's rows that may have holes, where it takes them.

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/random.h"
#include "data/corruption.h"
#include "export/torchscript.h"
#include "models/registry.h"
#include "run/saved_model.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::TemporaryFolder;

constexpr const char* kLayout = "number*2,category:3,yes-no,number,count";
constexpr int64_t kWidth = 8;
constexpr int64_t kColumns = 6;

bool takes_rows(const std::string& model) {
  const std::vector<OptionSpec> options = model_options({{"model", model}});
  return find_model(model).backbone != "conv" &&
         std::ranges::count(options, "layout", &OptionSpec::name) > 0 &&
         std::ranges::count(options, "hidden", &OptionSpec::name) > 0;
}

std::vector<std::string> models_of_rows() {
  std::vector<std::string> names = model_names();
  std::erase_if(names, [](const std::string& name) { return !takes_rows(name); });
  return names;
}

class EveryModelOfRows : public ::testing::TestWithParam<std::string> {
 protected:
  EveryModelOfRows() {
    torch::manual_seed(5);
    const std::vector<OptionSpec> specs = model_options({{"model", GetParam()}});
    const auto loss = std::ranges::find(specs, "loss", &OptionSpec::name);
    has_columns_ = std::ranges::count(loss->allowed.choices, "columns") > 0;
    options_ = {{"model", GetParam()},
                {"layout", kLayout},
                {"output-activation", "none"},
                {"loss", has_columns_ ? "columns" : "mse"},
                {"latent-dim", 4}};
    if (std::ranges::count(specs, "k", &OptionSpec::name) > 0) {
      options_["k"] = 2;
    }
    options_["mask-input"] = GetParam() != "concrete";
    model_ = make_model(options_, {1, 1, kWidth});
  }

  static torch::Tensor rows(int64_t count) {
    torch::manual_seed(7);
    torch::Tensor rows = torch::rand({count, 1, 1, kWidth});
    const torch::Tensor words = torch::randint(3, {count}, torch::kInt64);
    rows.flatten(1).narrow(1, 2, 3).copy_(torch::one_hot(words, 3));
    rows.flatten(1).select(1, 5).round_();
    rows.flatten(1).select(1, 7).mul_(9).round_();
    return rows;
  }

  static torch::Tensor with_holes(const torch::Tensor& rows) {
    return Corruption("holes:0.4").of(RowLayout(kLayout), {}).apply(rows, make_generator(3));
  }

  Json options_;
  bool has_columns_ = false;
  std::shared_ptr<Autoencoder> model_;
};

TEST_P(EveryModelOfRows, HolesLeaveALossWhoseGradientReachesEveryParameter) {
  if (model_->row_layout().empty()) {
    GTEST_SKIP() << "takes no holes";
  }
  const torch::Tensor input = with_holes(rows(64));
  const Loss loss = model_->loss({input, input, {}}, {make_generator(1)});
  EXPECT_TRUE(loss.total.isfinite().item<bool>());
  if (!loss.total.requires_grad()) {  // solved, not learned by gradients
    return;
  }
  loss.total.backward();
  for (const auto& parameter : model_->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_TRUE(parameter.value().grad().isfinite().all().item<bool>()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().sum().item<double>(), 0) << parameter.key();
  }
}

TEST_P(EveryModelOfRows, HolesAreReconstructed) {
  if (model_->row_layout().empty()) {
    GTEST_SKIP() << "takes no holes";
  }
  const torch::NoGradGuard no_grad;
  model_->prepare(with_holes(rows(64)));
  model_->eval();
  EXPECT_TRUE(model_->forward(with_holes(rows(10))).isfinite().all().item<bool>());
}

TEST_P(EveryModelOfRows, WhatAHoleHidesIsNotSeen) {
  if (model_->row_layout().empty()) {
    GTEST_SKIP() << "takes no holes";
  }
  model_->eval();
  torch::Tensor first = rows(1);
  torch::Tensor second = first.clone();
  second.flatten(1).select(1, 1).add_(5);
  EXPECT_FALSE(torch::equal(model_->encode(first), model_->encode(second)));
  for (const torch::Tensor& row : {first, second}) {
    row.flatten(1).select(1, 1).fill_(std::numeric_limits<float>::quiet_NaN());
  }
  EXPECT_TRUE(torch::equal(model_->encode(first), model_->encode(second)));
}

TEST_P(EveryModelOfRows, SavedAndExportedIsEqual) {
  const TemporaryFolder folder;
  write_archive(folder / "model", archive_of({model_, options_, {{"columns", kColumns}}}));
  const SavedModel loaded = load_model(folder / "model", torch::kCPU);
  EXPECT_EQ(loaded.schema.at("columns"), kColumns);
  model_->eval();
  const torch::Tensor input = model_->row_layout().empty() ? rows(5) : with_holes(rows(5));
  EXPECT_TRUE(torch::equal(loaded.model->forward(input), model_->forward(input)));
  EXPECT_LT(export_torchscript(*model_, folder / "model.pt", {}).largest_difference, 1e-5);
}

INSTANTIATE_TEST_SUITE_P(All, EveryModelOfRows, ::testing::ValuesIn(models_of_rows()), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace autoencoder
