#include "tasks/evaluate.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <torch/types.h>

#include "run/checkpoint_index.h"
#include "tests/support/expect_error.h"
#include "tests/support/task_test.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;
using testing::error_of;
using ::testing::HasSubstr;
using testing::spots;
using testing::TaskTest;
using testing::write_idx;

class EvaluateTask : public TaskTest {
 protected:
  EvaluateRequest of_a_run(const Json& more = Json::object()) {
    Json options = {{"data", write_spots("spots", 200, 40)}, {"epochs", 2}, {"batch-size", 32}};
    options.update(more);
    return request_for<EvaluateRequest>(train("run", options));
  }

  static std::string error_from(const EvaluateRequest& request) {
    return error_of([&] { evaluate_run(request); });
  }
};

TEST_F(EvaluateTask, NamesItsFigures) {
  const EvaluateResult result = evaluate_run(of_a_run());
  EXPECT_EQ(result.run, path("run"));
  EXPECT_EQ(result.data, "test split of spots, 40 images");
  const Json json = result.to_json();
  EXPECT_EQ(json.at("images"), 40);
  EXPECT_TRUE(json.contains("mse") && json.contains("mae") && json.contains("psnr") &&
              json.contains("ssim") && json.contains("bce"));
  EXPECT_FALSE(json.contains("elbo"));
}

TEST_F(EvaluateTask, TheBoundOfAVariationalModelIsTheSumOfItsTerms) {
  const Json json = evaluate_run(of_a_run({{"model", "vae"}, {"hidden", {32}}, {"latent-dim", 2}})).to_json();
  EXPECT_NEAR(json.at("elbo").get<double>(),
              -(json.at("reconstruction").get<double>() + json.at("kl").get<double>()), 1e-6);
}

TEST_F(EvaluateTask, MeasuresTheModelOnTheSplit) {
  EvaluateRequest request = of_a_run();
  const auto model = load_best_model(RunDirectory(request.run), torch::kCPU).model;
  const torch::Tensor images = to_unit_range(spots(40, 2).images.all());
  const double expected = (model->forward(images) - images).square().mean().item<double>();
  EXPECT_NEAR(evaluate_run(request).evaluation.mse, expected, 1e-6);
  for (const auto& [split, count] : {std::pair("all", 240), {"validation", 40}}) {
    request.split = split;
    EXPECT_EQ(evaluate_run(request).evaluation.images, count) << split;
  }
}

TEST_F(EvaluateTask, WithoutValidationThereIsNoSuchSplit) {
  EvaluateRequest request = of_a_run({{"validation-fraction", 0}});
  request.split = "validation";
  EXPECT_THAT(error_from(request), HasSubstr("validation split of spots is empty"));
}

TEST_F(EvaluateTask, OtherDataMustHaveTheModelsShape) {
  fs::create_directory(folder_ / "wide");
  write_idx(folder_ / "wide", "train", {torch::zeros({5, 1, 9, 16}, torch::kUInt8), torch::zeros({5}), {}});
  EvaluateRequest request = of_a_run();
  request.source.data = path("wide");
  EXPECT_THAT(
      error_from(request),
      HasSubstr(fmt::format("wide has images of 9x16, but the model of {} takes 12x12", request.run)));
}

TEST_F(EvaluateTask, DamagedCheckpointsAreNamed) {
  const EvaluateRequest request = of_a_run();
  const fs::path best = best_checkpoint(RunDirectory(request.run));
  std::ofstream(best, std::ios::trunc) << "half";
  EXPECT_THAT(error_from(request),
              HasSubstr(fmt::format("{}/checkpoints/{}: damaged", request.run, best.filename().string())));
}

}  // namespace
}  // namespace autoencoder
