#include "tasks/comparison.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/stopwatch.h"
#include "common/text.h"
#include "evaluation/code_distribution.h"
#include "evaluation/nearest_neighbours.h"
#include "evaluation/reconstruction.h"
#include "models/registry.h"
#include "models/summary.h"

namespace autoencoder {
namespace {

constexpr int64_t kNeighbours = 5;

ComparedRun compared_run(const OpenRun& run) {
  const History history = read_history(run.directory.metrics());
  return {run.directory.name(), run.saved.model, training_seconds(history), history};
}

void check_same_shape(const OpenRun& run, const ComparedRuns& compared) {
  const ImageShape& expected = compared.test.examples.shape();
  if (!(run.saved.model->input_shape() == expected)) {
    throw Error(fmt::format("{} takes {}, but {} takes {}; compare runs on the same data",
                            run.directory.path().string(), run.saved.model->input_shape().text(),
                            compared.first.directory.path().string(), expected.text()));
  }
}

double reconstructions_per_second(Autoencoder& model, const Dataset& data) {
  const Stopwatch watch;
  for_each_batch(model, data, [&](const Batch& batch) { model.forward(batch.input).sum().item<float>(); });
  return static_cast<double>(data.size()) / watch.seconds();
}

// Of codes of the test examples, by those of the training examples.
double neighbour_accuracy(Autoencoder& model, const Dataset& train, const Dataset& test) {
  const torch::Tensor classes =
      nearest_neighbour_classes(encode_all(model, train), train.labels, encode_all(model, test), kNeighbours);
  return (classes == test.labels).to(torch::kFloat64).mean().item<double>();
}

ComparisonRow row_of(const ComparedRun& run, const Dataset& train, const Dataset& test) {
  Autoencoder& model = *run.model;
  ComparisonRow row = {.name = run.name,
                       .parameters = parameter_count(model),
                       .code = model.latent_dim(),
                       .evaluation = evaluate(model, test, {}),
                       .accuracy = std::nullopt,
                       .train_seconds = run.train_seconds,
                       .images_per_second = reconstructions_per_second(model, test)};
  if (train.labels.defined() && test.labels.defined()) {
    row.accuracy = neighbour_accuracy(model, train, test);
  }
  return row;
}

std::string number_or_dash(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

std::string percent_or_dash(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f}", 100 * *share) : "-";
}

}  // namespace

std::vector<std::string> comparison_header(const std::string& noun) {
  return {"run", "parameters", "code", "MSE", "SSIM", "5-NN %", "training", fmt::format("{}s/s", noun)};
}

ComparedRuns open_compared_runs(const RunDataRequest& request, const std::vector<std::string>& others) {
  const torch::Device device = use_device(request.device);
  const OpenRun first = open_run_model(request.run, device);
  const RunSource source(first, request.source);
  ComparedRuns compared = {
      first, source.select(request.split), source.select("train"), {compared_run(first)}};
  for (const std::string& path : others) {
    const OpenRun other = open_run_model(path, device);
    check_same_shape(other, compared);
    compared.runs.push_back(compared_run(other));
  }
  return compared;
}

void add_pca(ComparedRuns& compared) {
  const Stopwatch watch;
  const torch::NoGradGuard no_grad;
  Autoencoder& like = compared.first.model();
  const ImageShape& shape = like.input_shape();
  const int64_t count = std::min(like.latent_dim(), shape.size());
  auto model = make_model({{"model", "pca"}, {"latent-dim", count}}, shape);
  model->prepare(compared.train.examples.images);
  model->to(like.parameters().front().device());
  model->eval();
  compared.runs.push_back({fmt::format("PCA ({})", count), model, watch.seconds()});
}

std::vector<ComparisonRow> measure(const ComparedRuns& compared, Progress& progress) {
  progress.begin("measuring", static_cast<int64_t>(compared.runs.size()));
  std::vector<ComparisonRow> rows;
  for (const ComparedRun& run : compared.runs) {
    rows.push_back(row_of(run, compared.train.examples, compared.test.examples));
    progress.advance(1);
  }
  return rows;
}

Json metrics_json(const std::vector<ComparisonRow>& rows) {
  Json all = Json::array();
  for (const ComparisonRow& row : rows) {
    Json json = {{"run", row.name},
                 {"parameters", row.parameters},
                 {"code", row.code},
                 {"mse", row.evaluation.mse},
                 {"train_seconds", row.train_seconds},
                 {"images_per_second", row.images_per_second}};
    if (row.evaluation.ssim) {
      json["ssim"] = *row.evaluation.ssim;
    }
    if (row.accuracy) {
      json["accuracy"] = *row.accuracy;
    }
    all.push_back(json);
  }
  return all;
}

std::vector<std::vector<std::string>> rows_text(const std::vector<ComparisonRow>& rows) {
  std::vector<std::vector<std::string>> text;
  for (const ComparisonRow& row : rows) {
    text.push_back({row.name, with_thousands(row.parameters), std::to_string(row.code),
                    fmt::format("{:.5f}", row.evaluation.mse), number_or_dash(row.evaluation.ssim, "{:.4f}"),
                    percent_or_dash(row.accuracy), duration_text(row.train_seconds),
                    with_thousands(static_cast<int64_t>(row.images_per_second))});
  }
  return text;
}

std::vector<Panel> compared_reconstructions(const ComparedRuns& compared, const torch::Tensor& images) {
  std::vector<Panel> rows = {{"original", to_unit_range(images)}};
  for (const ComparedRun& run : compared.runs) {
    rows.push_back({run.name, reconstruct(*run.model, images, Corruption()).reconstructions});
  }
  return rows;
}

}  // namespace autoencoder
