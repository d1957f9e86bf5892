// autoencoder sample RUN: new images from codes drawn at random.

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/random.h"
#include "common/text.h"
#include "evaluation/code_distribution.h"

namespace autoencoder {
namespace {

struct SampleOptions : Options {
  int64_t count = 64;
  int64_t seed = 0;
  std::string out;
  std::string data_dir;
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Picture");
    visitor.option("count", count, "how many images", at_least(1));
    visitor.option("seed", seed, "another seed, other images");
    visitor.option("out", out, "the PNG to write; the default is RUN/sample.png");
    visitor.group("Data");
    visitor.option("data-dir", data_dir,
                   "where the run's data lies now (a plain autoencoder's codes are fitted to it)");
    visitor.group("Device");
    device.visit(visitor);
  }
};

// Codes, and in words where they come from.
struct DrawnCodes {
  torch::Tensor codes;
  std::string origin;
};

DrawnCodes draw_codes(OpenRun& run, const SampleOptions& options) {
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(options.seed), "samples"));
  if (auto* generative = dynamic_cast<Generative*>(&run.model())) {
    return {generative->sample_codes(options.count, rng), "codes from the prior"};
  }
  SourceOptions source;
  source.data = "";
  source.data_dir = options.data_dir;
  const Dataset training = RunSource(run, source).select("train").examples;
  const NormalCodes normal = fit_normal(encode_all(run.model(), training));
  return {sample_normal(normal, options.count, rng),
          "this model has no prior: codes from a normal fitted to the training codes"};
}

int run_sample(const Arguments& arguments) {
  const auto options = options_from<SampleOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const DrawnCodes drawn = draw_codes(opened, options);
  const std::filesystem::path out =
      options.out.empty() ? opened.directory.picture("sample") : std::filesystem::path(options.out);
  write_samples(out, opened.model(), drawn.codes,
                fmt::format("{}, {} samples", opened.directory.name(), options.count));
  fmt::print("{}: {} images, {}\n", out.string(), with_thousands(options.count), drawn.origin);
  return 0;
}

}  // namespace

Command sample_command() {
  return {.name = "sample",
          .summary = "new images: codes from the prior, decoded",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder sample runs/vae-mnist-1 --count 100 --seed 7 --out samples.png"},
          .options = specs_of<SampleOptions>,
          .run = run_sample};
}

}  // namespace autoencoder
