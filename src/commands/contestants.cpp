#include "commands/contestants.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/model_summary.h"
#include "common/error.h"
#include "common/stopwatch.h"
#include "common/text.h"
#include "evaluation/code_distribution.h"
#include "evaluation/nearest_neighbours.h"
#include "models/registry.h"

namespace autoencoder {
namespace {

constexpr int64_t kNeighbours = 5;

Contestant contestant_of(const OpenRun& run) {
  const History history = read_history(run.directory.metrics());
  return {run.directory.name(), run.saved.model, training_seconds(history), history};
}

void check_same_shape(const OpenRun& run, const Contest& contest) {
  const ImageShape& expected = contest.test.examples.shape();
  if (!(run.saved.model->input_shape() == expected)) {
    throw Error(fmt::format("{} takes {}, but {} takes {}; compare runs on the same data",
                            run.directory.path().string(), run.saved.model->input_shape().text(),
                            contest.first.directory.path().string(), expected.text()));
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

ContestFigures figures_of(const Contestant& contestant, const Dataset& train, const Dataset& test) {
  Autoencoder& model = *contestant.model;
  ContestFigures figures = {.name = contestant.name,
                            .parameters = parameter_count(model),
                            .code = model.latent_dim(),
                            .evaluation = evaluate(model, test, {}),
                            .accuracy = std::nullopt,
                            .train_seconds = contestant.train_seconds,
                            .images_per_second = reconstructions_per_second(model, test)};
  if (train.labels.defined() && test.labels.defined()) {
    figures.accuracy = neighbour_accuracy(model, train, test);
  }
  return figures;
}

std::string number_or_dash(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

std::string percent_or_dash(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f}", 100 * *share) : "-";
}

}  // namespace

std::vector<std::string> contest_header(const Contest& contest) {
  const std::string per_second = fmt::format("{}s/s", contest.test.examples.shape().noun());
  return {"run", "parameters", "code", "MSE", "SSIM", "5-NN %", "training", per_second};
}

Contest open_contest(const std::vector<std::string>& paths, const RunDataOptions& options) {
  const torch::Device device = use_device(options.device);
  const OpenRun first = open_run_model(paths.front(), device);
  const RunSource source(first, options.source);
  Contest contest = {first, source.select(options.split), source.select("train"), {contestant_of(first)}};
  for (size_t i = 1; i < paths.size(); ++i) {
    const OpenRun other = open_run_model(paths[i], device);
    check_same_shape(other, contest);
    contest.contestants.push_back(contestant_of(other));
  }
  return contest;
}

void add_pca(Contest& contest) {
  const Stopwatch watch;
  const torch::NoGradGuard no_grad;
  Autoencoder& like = contest.first.model();
  const ImageShape& shape = like.input_shape();
  const int64_t count = std::min(like.latent_dim(), shape.size());
  auto model = make_model({{"model", "pca"}, {"latent-dim", count}}, shape);
  model->prepare([&] { return to_unit_range(contest.train.examples.images); });
  model->to(like.parameters().front().device());
  model->eval();
  contest.contestants.push_back({fmt::format("PCA ({})", count), model, watch.seconds()});
}

std::vector<ContestFigures> measure(const Contest& contest) {
  std::vector<ContestFigures> rows;
  for (const Contestant& contestant : contest.contestants) {
    rows.push_back(figures_of(contestant, contest.train.examples, contest.test.examples));
  }
  return rows;
}

Json figures_json(const std::vector<ContestFigures>& rows) {
  Json all = Json::array();
  for (const ContestFigures& row : rows) {
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

std::vector<std::vector<std::string>> figures_text(const std::vector<ContestFigures>& rows) {
  std::vector<std::vector<std::string>> text;
  for (const ContestFigures& row : rows) {
    text.push_back({row.name, with_thousands(row.parameters), std::to_string(row.code),
                    fmt::format("{:.5f}", row.evaluation.mse), number_or_dash(row.evaluation.ssim, "{:.4f}"),
                    percent_or_dash(row.accuracy), duration_text(row.train_seconds),
                    with_thousands(static_cast<int64_t>(row.images_per_second))});
  }
  return text;
}

}  // namespace autoencoder
