#include "tasks/latent.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/formats/row_writer.h"
#include "evaluation/code_distribution.h"
#include "evaluation/tsne.h"
#include "pictures/scatter.h"

namespace autoencoder {
namespace {

LatentMap map_by_tsne(const torch::Tensor& codes, const MapChoice& choice, Progress& progress) {
  if (static_cast<double>(codes.size(0)) <= 3 * choice.perplexity) {
    throw Error(fmt::format("{} examples are too few for a perplexity of {}; give less than {:.0f}",
                            codes.size(0), choice.perplexity, static_cast<double>(codes.size(0)) / 3));
  }
  progress.begin("t-SNE", choice.steps);
  const TsneMap map = tsne(codes, {.perplexity = choice.perplexity, .steps = choice.steps},
                           [&](int64_t) { progress.advance(1); });
  return {map.points,
          fmt::format("t-SNE, divergence {:.3f} nats", map.divergence),
          {{"divergence", map.divergence}}};
}

Dataset mapped_examples(const Dataset& data, const LatentRequest& request) {
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "latent"));
  return chosen_examples(data, random_positions(data.size(), request.count, rng));
}

void draw_map(const std::filesystem::path& path, const LatentMap& map, const Dataset& examples,
              const std::string& run) {
  const Classes classes =
      examples.labels.defined() ? number_classes(examples.labels, examples.label_names) : Classes();
  write_labelled_scatter(path, {map.points, classes.numbers, classes.names},
                         fmt::format("{}, {} codes: {}", run, with_thousands(examples.size()), map.text));
}

void save_map_points(const std::filesystem::path& path, const LatentMap& map, const Dataset& examples) {
  write_rows(path,
             {.rows = examples.size(),
              .columns = {"x", "y"},
              .has_labels = examples.labels.defined(),
              .label_names = examples.label_names},
             map.points, examples.labels);
}

}  // namespace

Choices<MapMethod> map_methods() {
  return {{"auto", MapMethod::kAuto},
          {"code", MapMethod::kCode},
          {"pca", MapMethod::kPca},
          {"tsne", MapMethod::kTsne}};
}

LatentMap map_codes_by(const torch::Tensor& codes, const MapChoice& choice, Progress& progress) {
  switch (choice.method) {
    case MapMethod::kCode:
      return map_as_it_is(codes);
    case MapMethod::kPca:
      return map_by_pca(codes);
    case MapMethod::kTsne:
      return map_by_tsne(codes, choice, progress);
    case MapMethod::kAuto:
      break;
  }
  return map_of_codes(codes);
}

void LatentRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Map");
  visitor.choice("method", map.method,
                 "auto (the code itself where it has two numbers, else pca), code, pca or tsne",
                 map_methods());
  visitor.option("count", count, "most examples to draw, chosen at random; 0: all",
                 between(0, kMostExamples));
  visitor.option("perplexity", map.perplexity, "tsne: about how many neighbours a point minds",
                 between(2, 10'000));
  visitor.option("steps", map.steps, "tsne: steps of gradient descent", between(4, 1'000'000));
  visitor.option("seed", seed, "chooses the examples");
  visitor.group("Output");
  visitor.option("out", out, "the PNG to write; the default is RUN/latent.png");
  visitor.option("save-points", save_points, "also write the points, with labels, to this .npy or .csv");
}

Json LatentResult::to_json() const {
  Json json = {{"out", out.string()}, {"points", points()}, {"method", method}};
  json.update(map.facts);
  return json;
}

LatentResult map_codes(const LatentRequest& request, Progress& progress) {
  const auto [run, data] = open_with_data(request);
  const Dataset examples = mapped_examples(data.examples, request);
  if (examples.size() < 2) {
    throw Error("a map of one example shows nothing; give more with --count or --data");
  }
  const LatentMap map = map_codes_by(encode_all(run.model(), examples), request.map, progress);
  const std::filesystem::path out = run.output_path(request.out, "latent.png");
  draw_map(out, map, examples, run.directory.name());
  if (!request.save_points.empty()) {
    save_map_points(request.save_points, map, examples);
  }
  return {out, data.text, name_of(map_methods(), request.map.method), map};
}

}  // namespace autoencoder
