// autoencoder sample RUN: new images from codes drawn at random.

#include <algorithm>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "data/classes.h"
#include "data/row_writer.h"
#include "evaluation/code_distribution.h"

namespace autoencoder {
namespace {

struct SampleOptions : Options {
  int64_t count = 64;
  int64_t seed = 0;
  std::string prior = "auto";
  std::string class_name;
  NoiseShape noise;
  std::string out;
  std::string codes;
  bool json = false;
  SourceOptions source;
  DeviceOptions device;

  SampleOptions() { source.data = ""; }

  void visit(OptionVisitor& visitor) override {
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
    visitor.option("out", out, "the PNG to write; the default is RUN/sample.png");
    visitor.option("save-codes", codes, "also write the codes to this .npy or .csv");
    visitor.option("json", json, "print JSON");
    visitor.group("Data");
    visitor.option("data-dir", source.data_dir,
                   "where the run's data lies now, for codes that are fitted to it");
    visitor.group("Device");
    device.visit(visitor);
  }
};

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

Prior prior_of(Autoencoder& model, const SampleOptions& options) {
  const bool has_own = dynamic_cast<Generative*>(&model) != nullptr;
  if (options.prior == "model" && !has_own) {
    throw Error("this model has no prior of its own; use --prior normal or gmm:10");
  }
  if (options.prior == "model" && !options.class_name.empty()) {
    throw UsageError("the model's prior knows no classes; use --class with --prior normal or gmm:10");
  }
  if (options.prior == "model" || (options.prior == "auto" && has_own && options.class_name.empty())) {
    return {.is_models_own = true, .components = 0, .note = ""};
  }
  if (options.prior != "auto") {
    return fitted_prior(options.prior);
  }
  return {.is_models_own = false, .components = 1, .note = has_own ? "" : "this model has no prior: "};
}

// The training examples, or those of one class.
Dataset examples_to_fit(const OpenRun& run, const SampleOptions& options) {
  const RunData training = RunSource(run, options.source).select("train");
  if (options.class_name.empty()) {
    return training.examples;
  }
  if (!training.examples.labels.defined()) {
    throw Error(fmt::format("{}: no labels, so there is no class {}", training.text, options.class_name));
  }
  const Classes classes = number_classes(training.examples.labels, training.examples.label_names);
  const torch::Tensor chosen = are_named(classes, {options.class_name}, "class").nonzero().squeeze(1);
  return chosen_examples(training.examples, chosen);
}

// Codes, and in words where they come from.
struct DrawnCodes {
  torch::Tensor codes;
  std::string origin;
};

DrawnCodes draw_fitted_codes(OpenRun& run, const SampleOptions& options, const Prior& prior,
                             const at::Generator& rng) {
  const int64_t components = prior.components;
  const Dataset examples = examples_to_fit(run, options);
  if (examples.size() < std::max<int64_t>(components, 2)) {
    throw Error(fmt::format(
        "{} training examples are too few to fit {}; fit fewer distributions", examples.size(),
        components == 1 ? "a normal distribution" : fmt::format("{} normal distributions", components)));
  }
  const CodeMixture mixture = fit_mixture(encode_all(run.model(), examples), components, rng);
  const std::string whose = options.class_name.empty()
                                ? "the training codes"
                                : fmt::format("training codes of {}", options.class_name);
  return {sample_mixture(mixture, options.count, options.noise, rng),
          fmt::format("{}codes from {} fitted to {}", prior.note,
                      components == 1 ? "a normal" : fmt::format("{} normals", components), whose)};
}

DrawnCodes draw_codes(OpenRun& run, const SampleOptions& options) {
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(options.seed), "samples"));
  const Prior prior = prior_of(run.model(), options);
  if (!prior.is_models_own) {
    return draw_fitted_codes(run, options, prior, rng);
  }
  const torch::Tensor noise = draw_noise(options.count, run.model().latent_dim(), options.noise, rng);
  return {dynamic_cast<Generative&>(run.model()).prior_codes(noise), "codes from the prior"};
}

int run_sample(const Arguments& arguments) {
  const auto options = options_from<SampleOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const DrawnCodes drawn = draw_codes(opened, options);
  const std::filesystem::path out = opened.output_path(options.out, "sample.png");
  write_samples(out, decoded(opened.model(), drawn.codes),
                fmt::format("{}, {} samples", opened.directory.name(), options.count));
  if (!options.codes.empty()) {
    write_rows(options.codes,
               {.rows = options.count,
                .columns = code_columns(drawn.codes.size(1)),
                .has_labels = false,
                .label_names = {}},
               drawn.codes);
  }
  if (options.json) {
    answer_in_json({{"out", out.string()}, {"count", options.count}, {"origin", drawn.origin}});
  } else {
    fmt::print("{}: {}, {}\n", out.string(), counted(options.count, "image"), drawn.origin);
  }
  return 0;
}

}  // namespace

Command sample_command() {
  return {.name = "sample",
          .summary = "new images: codes from the prior, decoded",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder sample runs/vae-mnist-1 --count 100 --seed 7 --out samples.png",
                       "autoencoder sample runs/dense-mnist-1 --prior gmm:50",
                       "autoencoder sample runs/vae-mnist-1 --class 7 --temperature 0.8"},
          .options = specs_of<SampleOptions>,
          .run = run_sample};
}

}  // namespace autoencoder
