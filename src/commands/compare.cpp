// autoencoder compare RUN RUN ...: runs side by side, in figures and on the same images.

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "common/files.h"
#include "common/text.h"
#include "evaluation/code_distribution.h"
#include "evaluation/evaluate.h"
#include "evaluation/nearest_neighbours.h"
#include "models/registry.h"
#include "pictures/grid.h"
#include "pictures/pictures.h"
#include "run/history.h"

namespace autoencoder {
namespace {

constexpr int64_t kNeighbours = 5;

struct CompareOptions : RunDataOptions {
  bool with_pca = false;
  int64_t count = 10;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Comparison");
    visitor.option("with-pca", with_pca,
                   "also principal component analysis, with as many components as the first run's code has");
    visitor.option("count", count, "how many images to draw through each model", at_least(1));
    visitor.option("out", out, "the PNG to write; the default is compare.png in the first run");
    visitor.option("json", json, "print JSON");
  }
};

// A model that is compared.
struct Contestant {
  std::string name;
  std::shared_ptr<Autoencoder> model;
  double train_seconds = 0;
};

struct Figures {
  std::string name;
  int64_t parameters = 0;
  int64_t code = 0;
  Evaluation evaluation;
  std::optional<double> accuracy;  // of nearest neighbours on codes, where there are labels
  double train_seconds = 0;
  double images_per_second = 0;  // encoded and decoded
};

double time_taken(const RunDirectory& run) {
  return training_seconds(parse_csv(read_file(run.metrics()), run.metrics().string()));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Contestant pca_contestant(const OpenRun& run, const Dataset& train) {
  const auto start = std::chrono::steady_clock::now();
  const torch::NoGradGuard no_grad;
  const ImageShape& shape = run.saved.model->input_shape();
  const int64_t count = std::min(run.saved.model->latent_dim(), shape.size());
  auto model = make_model({{"model", "pca"}, {"latent-dim", count}}, shape);
  model->prepare([&] { return to_unit_range(train.images); });
  model->to(run.saved.model->parameters().front().device());
  model->eval();
  return {fmt::format("PCA ({})", count), model, seconds_since(start)};
}

double reconstructions_per_second(Autoencoder& model, const Dataset& data) {
  const auto start = std::chrono::steady_clock::now();
  for_each_batch(model, data, [&](const Batch& batch) { model.forward(batch.input).sum().item<float>(); });
  return static_cast<double>(data.size()) / seconds_since(start);
}

// Of codes of the test examples, by those of the training examples.
double neighbour_accuracy(Autoencoder& model, const Dataset& train, const Dataset& test) {
  const torch::Tensor classes =
      nearest_neighbour_classes(encode_all(model, train), train.labels, encode_all(model, test), kNeighbours);
  return (classes == test.labels).to(torch::kFloat64).mean().item<double>();
}

Figures figures_of(const Contestant& contestant, const Dataset& train, const Dataset& test) {
  Autoencoder& model = *contestant.model;
  Figures figures = {.name = contestant.name,
                     .parameters = 0,
                     .code = model.latent_dim(),
                     .evaluation = evaluate(model, test, {}),
                     .accuracy = std::nullopt,
                     .train_seconds = contestant.train_seconds,
                     .images_per_second = reconstructions_per_second(model, test)};
  for (const torch::Tensor& parameter : model.parameters()) {
    figures.parameters += parameter.numel();
  }
  if (train.labels.defined() && test.labels.defined()) {
    figures.accuracy = neighbour_accuracy(model, train, test);
  }
  return figures;
}

std::string number_or_dash(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

void print_figures(const std::vector<Figures>& rows) {
  fmt::print("{:<28} {:>11} {:>6} {:>9} {:>7} {:>8} {:>9} {:>10}\n", "run", "parameters", "code", "MSE",
             "SSIM", "5-NN %", "training", "images/s");
  for (const Figures& row : rows) {
    const std::optional<double> percent = row.accuracy ? std::optional(100 * *row.accuracy) : std::nullopt;
    fmt::print("{:<28} {:>11} {:>6} {:>9.5f} {:>7} {:>8} {:>9} {:>10}\n", row.name,
               with_thousands(row.parameters), row.code, row.evaluation.mse,
               number_or_dash(row.evaluation.ssim, "{:.4f}"), number_or_dash(percent, "{:.2f}"),
               duration_text(row.train_seconds), with_thousands(static_cast<int64_t>(row.images_per_second)));
  }
}

Json figures_json(const std::vector<Figures>& rows) {
  Json all = Json::array();
  for (const Figures& row : rows) {
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

void draw_contestants(const std::filesystem::path& path, const std::vector<Contestant>& contestants,
                      const torch::Tensor& images, const std::string& title) {
  std::vector<GridPart> rows = {{"original", to_unit_range(images)}};
  for (const Contestant& contestant : contestants) {
    rows.push_back({contestant.name, reconstruct(*contestant.model, images, Corruption()).reconstructions});
  }
  write_grid(path, rows, {.layout = GridLayout::kRows, .columns = images.size(0), .zoom = 0, .title = title});
}

int run_compare(const Arguments& arguments) {
  const auto options = options_from<CompareOptions>(arguments);
  const torch::Device device = use_device(options.device);
  OpenRun first = open_run_model(arguments.words.front(), device);
  const RunSource source(first, options.source);
  const RunData test = source.select(options.split);
  const RunData train = source.select("train");

  std::vector<Contestant> contestants = {
      {first.directory.name(), first.saved.model, time_taken(first.directory)}};
  for (size_t i = 1; i < arguments.words.size(); ++i) {
    const OpenRun other = open_run_model(arguments.words[i], device);
    if (!(other.saved.model->input_shape() == test.examples.shape())) {
      throw Error(fmt::format("{} takes {}, but {} takes {}; compare runs on the same data",
                              arguments.words[i], other.saved.model->input_shape().text(),
                              arguments.words.front(), test.examples.shape().text()));
    }
    contestants.push_back({other.directory.name(), other.saved.model, time_taken(other.directory)});
  }
  if (options.with_pca) {
    contestants.push_back(pca_contestant(first, train.examples));
  }

  std::vector<Figures> rows;
  for (const Contestant& contestant : contestants) {
    rows.push_back(figures_of(contestant, train.examples, test.examples));
  }
  if (options.json) {
    fmt::print("{}\n", figures_json(rows).dump(2));
  } else {
    fmt::print("{}\n", test.text);
    print_figures(rows);
  }
  if (pictures_available() && !test.examples.shape().is_vector()) {
    const std::filesystem::path out =
        options.out.empty() ? first.directory.picture("compare") : std::filesystem::path(options.out);
    draw_contestants(out, contestants, first_images(test.examples, options.count), test.text);
    if (!options.json) {
      fmt::print("\n{}: the same images through every model\n", out.string());
    }
  }
  return 0;
}

}  // namespace

Command compare_command() {
  return {.name = "compare",
          .summary = "runs side by side, in figures and on the same images",
          .synopsis = "RUN RUN ...",
          .min_words = 1,
          .max_words = std::numeric_limits<size_t>::max(),
          .examples = {"autoencoder compare runs/dense-mnist-1 runs/conv-mnist-1 --with-pca"},
          .options = specs_of<CompareOptions>,
          .run = run_compare};
}

}  // namespace autoencoder
