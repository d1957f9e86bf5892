#include "tasks/sample.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/formats/csv_rewriter.h"
#include "data/formats/row_writer.h"
#include "evaluation/reconstruction.h"
#include "tasks/run_pictures.h"

namespace autoencoder {
namespace {

// Where codes come from: the model's own prior, or a fitted mixture of so many normal distributions.
struct Prior {
  bool is_models_own = false;
  int64_t components = 1;
  std::string note;  // for people
};

Prior fitted_prior(const std::string& text) {
  if (text == "normal") {
    return {};
  }
  const auto components = text.starts_with("gmm:") ? number_from<int64_t>(text.substr(4)) : std::nullopt;
  if (!components || *components < 1) {
    throw UsageError(fmt::format("prior is '{}'; it is auto, model, normal, or gmm:K such as gmm:10", text));
  }
  return {.is_models_own = false, .components = *components, .note = ""};
}

Prior prior_of(Autoencoder& model, const SampleRequest& request) {
  const bool has_own = model.generative() != nullptr;
  if (request.prior == "model" && !has_own) {
    throw Error("this model has no prior of its own; use --prior normal or gmm:10");
  }
  if (request.prior == "model" && !request.class_name.empty()) {
    throw UsageError("the model's prior knows no classes; use --class with --prior normal or gmm:10");
  }
  if (request.prior == "model" || (request.prior == "auto" && has_own && request.class_name.empty())) {
    return {.is_models_own = true, .components = 0, .note = ""};
  }
  if (request.prior != "auto") {
    return fitted_prior(request.prior);
  }
  return {.is_models_own = false, .components = 1, .note = has_own ? "" : "this model has no prior: "};
}

// The training examples, or those of one class.
Dataset examples_to_fit(const OpenRun& run, const SampleRequest& request) {
  const DescribedData training = RunSource(run, request.source).select("train");
  if (request.class_name.empty()) {
    return training.examples;
  }
  if (!training.examples.labels.defined()) {
    throw Error(fmt::format("{}: no labels, so there is no class {}", training.text, request.class_name));
  }
  const Classes classes = number_classes(training.examples.labels, training.examples.label_names);
  const torch::Tensor chosen = are_named(classes, {request.class_name}, "class").nonzero().squeeze(1);
  return chosen_examples(training.examples, chosen);
}

void check_enough(const Dataset& examples, int64_t components) {
  if (examples.size() < std::max<int64_t>(components, 2)) {
    throw Error(fmt::format(
        "{} training examples are too few to fit {}; fit fewer distributions", examples.size(),
        components == 1 ? "a normal distribution" : fmt::format("{} normal distributions", components)));
  }
}

// Codes, and in words where they come from.
struct DrawnCodes {
  torch::Tensor codes;
  std::string origin;
};

std::string fitted_origin(const Prior& prior, const std::string& class_name) {
  return fmt::format(
      "{}codes from {} fitted to {}", prior.note,
      prior.components == 1 ? "a normal" : fmt::format("{} normals", prior.components),
      class_name.empty() ? "the training codes" : fmt::format("training codes of {}", class_name));
}

DrawnCodes draw_fitted_codes(const OpenRun& run, const SampleRequest& request, const Prior& prior,
                             const at::Generator& rng, Progress& progress) {
  const Dataset examples = examples_to_fit(run, request);
  check_enough(examples, prior.components);
  const torch::Tensor codes = encode_all(run.model(), examples, progress);
  const CodeMixture mixture = fit_mixture(codes, prior.components, rng, progress);
  return {sample_mixture(mixture, request.count, request.noise, rng),
          fitted_origin(prior, request.class_name)};
}

DrawnCodes draw_codes(const OpenRun& run, const SampleRequest& request, Progress& progress) {
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "samples"));
  const Prior prior = prior_of(run.model(), request);
  if (!prior.is_models_own) {
    return draw_fitted_codes(run, request, prior, rng, progress);
  }
  return {run.model().generative()->sample_codes(request.count, request.noise, rng), "codes from the prior"};
}

// Where a model has a likelihood of cells, those are drawn from it; else what is expected of each code.
void write_made_up_rows(const std::filesystem::path& path, const OpenRun& run, const torch::Tensor& codes,
                        uint64_t seed) {
  Generative* generative = run.model().generative();
  const torch::Device device = run.model().parameters().front().device();
  const torch::Tensor rows =
      generative != nullptr
          ? generative->draw_examples(codes.to(device), make_generator(derive_seed(seed, "cells"), device))
                .cpu()
          : decoded(run.model(), codes);
  write_file(path, rows_as_csv(schema_from_json(run.saved.schema), rows.flatten(1)),
             Durability::kCanBeMadeAgain);
}

void write_drawn_codes(const std::filesystem::path& path, const torch::Tensor& codes) {
  write_rows(path,
             {.rows = codes.size(0),
              .columns = numbered_columns("code", codes.size(1)),
              .has_labels = false,
              .label_names = {}},
             codes);
}

}  // namespace

void SampleRequest::visit(OptionVisitor& visitor) {
  visitor.group("Codes");
  visitor.option("count", count, "how many images", between(1, kMostPictures));
  visitor.option("seed", seed, "another seed, other images");
  visitor.option(
      "prior", prior,
      "where codes come from: model (its own prior), normal or gmm:K (one normal distribution, or a "
      "mixture of K, fitted to the training codes), auto (model where it has one, else normal)");
  visitor.option("class", class_name, "fit to the training codes of this label alone");
  visitor.option("temperature", noise.temperature,
                 "less than 1: more usual images, more than 1: more unusual", more_than(0, 1000));
  visitor.option("truncate", noise.truncation,
                 "largest number of the normal noise that codes are made of; 0: any may come",
                 between(0, 1000));
  visitor.group("Output");
  visitor.option(
      "out", out,
      "the PNG to write, or the table (.csv); the default is RUN/sample.png, of a table RUN/sample.csv");
  visitor.option("save-codes", codes, "also write the codes to this .npy or .csv");
  visitor.group("Data");
  visitor.option("data-dir", source.data_dir,
                 "where the run's data lies now, for codes that are fitted to it");
  RunRequest::visit(visitor);
}

Json SampleResult::to_json() const { return {{"out", out.string()}, {"count", count}, {"origin", origin}}; }

SampleResult draw_samples(const SampleRequest& request, Progress& progress) {
  const OpenRun run = open_requested(request);
  const DrawnCodes drawn = draw_codes(run, request, progress);
  const bool is_table = !run.saved.schema.is_null();
  const std::filesystem::path out = run.output_path(request.out, is_table ? "sample.csv" : "sample.png");
  if (is_table) {
    write_made_up_rows(out, run, drawn.codes, static_cast<uint64_t>(request.seed));
  } else {
    write_samples(out, decoded(run.model(), drawn.codes),
                  fmt::format("{}, {} samples", run.directory.name(), request.count));
  }
  if (!request.codes.empty()) {
    write_drawn_codes(request.codes, drawn.codes);
  }
  return {out, request.codes, request.count, drawn.origin};
}

}  // namespace autoencoder
