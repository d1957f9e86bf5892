// Pictures through quantised codes and back, with every model.
#include "compression/compressor.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "models/registry.h"
#include "tests/support/blobs.h"
#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;

SavedModel model_of(const Json& options, const torch::Tensor& images) {
  torch::manual_seed(3);
  const torch::NoGradGuard no_grad;
  const SavedModel saved = {make_model(options, {images.size(1), images.size(2), images.size(3)}), options};
  saved.model->prepare(images);
  saved.model->eval();
  return saved;
}

class CompressorOfEveryModel : public ::testing::TestWithParam<std::string> {};

TEST_P(CompressorOfEveryModel, LosesNothingWhereNothingMayBeLost) {
  const torch::Tensor images = spots(12).images.all();
  const SavedModel saved = model_of({{"model", GetParam()}}, images);
  const CodeFileHeader header = plan_compression(*saved.model, images, {.fidelity = Fidelity::kLossless});
  const Compressor compressor(saved, header);
  EXPECT_TRUE(torch::equal(compressor.decompress(compressor.compress(images)), images));
}

INSTANTIATE_TEST_SUITE_P(All, CompressorOfEveryModel, ::testing::ValuesIn(model_names()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// The squared error is what was asked for: that of the model, and a tenth more. Grey pictures, so that
// nothing is clipped.
TEST(Compressor, AddsAsMuchErrorAsItMay) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = spots(400).images.all().div(2, "floor") + 64;
  const SavedModel saved = model_of({{"model", "pca"}, {"latent-dim", 6}}, images);
  const torch::Tensor input = to_unit_range(images);
  const double own = (saved.model->forward(input) - input).square().mean().item<double>();
  const Compressor compressor(saved, plan_compression(*saved.model, images, {.extra_error = 0.1}));
  const torch::Tensor result = to_unit_range(compressor.decompress(compressor.compress(images)));
  const double whole = (result - input).square().mean().item<double>();
  EXPECT_NEAR(whole / own, 1.1, 0.03);
}

TEST(Compressor, LessExtraErrorTakesMoreBytes) {
  const torch::Tensor images = spots(200).images.all();
  const SavedModel saved = model_of({{"model", "pca"}}, images);
  uint64_t last = 0;
  for (const double extra_error : {10.0, 1.0, 0.1, 0.01}) {
    const CodeFileHeader header = plan_compression(*saved.model, images, {.extra_error = extra_error});
    const uint64_t size = code_file_size(header, Compressor(saved, header).compress(images));
    EXPECT_GT(size, last) << extra_error;
    last = size;
  }
}

TEST(Compressor, RefusesPicturesThatComeOutOtherwise) {
  const torch::Tensor images = spots(5).images.all();
  const SavedModel saved = model_of({{"model", "dense"}}, images);
  const Compressor compressor(saved,
                              plan_compression(*saved.model, images, {.fidelity = Fidelity::kLossless}));
  CodeChunk chunk = compressor.compress(images);
  chunk.symbols[0][0] += 1000;
  EXPECT_THAT(error_of([&] { compressor.decompress(chunk); }), HasSubstr("do not come out as they went in"));
}

TEST(Compressor, LeavesTheModelAsItIs) {
  const torch::Tensor images = spots(5).images.all();
  const SavedModel saved = model_of({{"model", "dense"}}, images);
  const CodeFileHeader header = plan_compression(*saved.model, images, {.fidelity = Fidelity::kLossless});
  const Compressor compressor(saved, header);
  compressor.compress(images);
  EXPECT_EQ(digest_of(*saved.model), header.model);
}

TEST(Compressor, DigestsTellModelsApart) {
  const torch::Tensor images = spots(5).images.all();
  const auto model = model_of({{"model", "dense"}}, images).model;
  const ModelDigest digest = digest_of(*model);
  EXPECT_EQ(digest_of(*model_of({{"model", "dense"}}, images).model), digest);
  EXPECT_EQ(digest_text(digest).size(), 32U);
  const torch::NoGradGuard no_grad;
  model->parameters().back().view(-1)[0] += 1e-6;
  EXPECT_NE(digest_of(*model), digest);
}

}  // namespace
}  // namespace autoencoder
