#include "export/operator_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "common/files.h"
#include "export/c_source.h"
#include "export/graph_check.h"
#include "export/onnx.h"
#include "export/operator_translation.h"
#include "models/registry.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

std::shared_ptr<Autoencoder> evaluated(const Json& options, const ImageShape& shape = {1, 12, 12}) {
  torch::manual_seed(3);
  auto model = make_model(options, shape);
  model->eval();
  return model;
}

class EveryModelAsOperators : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryModelAsOperators, ComputesWhatTheModelDoes) {
  const auto model = evaluated({{"model", GetParam()}});
  for (const ExportPart part : {ExportPart::kWhole, ExportPart::kEncoder, ExportPart::kDecoder}) {
    EXPECT_LE(checked_graph(*model, "file", part).check.largest_difference, 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModelAsOperators, ::testing::ValuesIn(model_names()),
                         [](const auto& each) {
                           std::string name = each.param;
                           std::erase_if(name,
                                         [](unsigned char letter) { return std::isalnum(letter) == 0; });
                           return name;
                         });

TEST(OperatorGraph, GrowsWithTheNumberOfExamples) {
  const auto model = evaluated({{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 2}});
  const OperatorGraph graph = whole_graph(*model);
  EXPECT_EQ(graph.outputs, (std::vector<std::string>{"reconstruction", "code"}));
  EXPECT_EQ(graph.shapes.at("code").of_one, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(graph.shapes.at("code").grows, (std::vector<bool>{true, false}));
  EXPECT_EQ(evaluate(graph, torch::rand({7, 1, 12, 12}))[1].sizes(), torch::IntArrayRef({7, 2}));
}

TEST(OperatorGraph, AWrongWeightIsFound) {
  const auto model = evaluated({{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 2}});
  const torch::NoGradGuard no_grad;
  model->parameters().front().fill_(std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(error_of([&] { checked_graph(*model, "model.onnx", ExportPart::kEncoder); }),
              HasSubstr("model.onnx: not written, since its operators differ from the model by nan"));
}

TEST(OnnxFile, HoldsWeightsNamesAndMetadata) {
  const auto model = evaluated({{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 2}});
  const TemporaryFolder folder;
  export_onnx(*model, folder / "model.onnx", {{"metadata.json", "{\"a\": 1}"}}, ExportPart::kWhole);
  const std::string bytes = read_file(folder / "model.onnx");
  for (const char* text :
       {"Gemm", "Sigmoid", "encoder.1.weight", "reconstruction", "metadata.json", "{\"a\": 1}"}) {
    EXPECT_THAT(bytes, HasSubstr(text));
  }
  EXPECT_GE(bytes.size(), static_cast<size_t>(4 * (144 * 5 + 5 + 5 * 2 + 2 + 2 * 5 + 5 + 5 * 144 + 144)));
}

TEST(CSource, HasTheFunctionAndItsSizes) {
  const auto model = evaluated({{"model", "dense"}, {"hidden", {5}}, {"latent-dim", 2}});
  const std::string text = c_source(encoder_graph(*model), CWeights::kFloat);
  EXPECT_THAT(text, HasSubstr("void autoencoder_encode(const float *input, float *code, float *arena)"));
  EXPECT_THAT(
      text,
      HasSubstr("#define AUTOENCODER_INPUT 144\n#define AUTOENCODER_CODE 2\n#define AUTOENCODER_ARENA "));
  EXPECT_THAT(text, Not(HasSubstr("int8_t")));
}

TEST(CSource, RoundedWeightsAreWithinHalfAStep) {
  const auto model = evaluated({{"model", "conv"}, {"channels", {4}}, {"latent-dim", 2}});
  const OperatorGraph graph = decoder_graph(*model);
  const OperatorGraph rounded = with_rounded_weights(graph, CWeights::kInt8);
  const torch::Tensor input = torch::rand({3, 2});
  const torch::Tensor apart = (evaluate(graph, input)[0] - evaluate(rounded, input)[0]).abs();
  EXPECT_GT(apart.max().item<double>(), 0);
  EXPECT_LT(apart.max().item<double>(), 0.02);
  EXPECT_THAT(c_source(graph, CWeights::kInt8), HasSubstr("static const int8_t v_decoder_"));
}

TEST(CSource, OtherOperatorsAreRefusedByName) {
  const auto model = evaluated({{"model", "k-sparse"}});
  EXPECT_THAT(error_of([&] { c_source(encoder_graph(*model), CWeights::kFloat); }),
              HasSubstr("this one computes "));
}

}  // namespace
}  // namespace autoencoder
