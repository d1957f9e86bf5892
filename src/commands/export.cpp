// autoencoder export RUN: a run's model as a TorchScript file.

#include <fmt/format.h>

#include "commands/command.h"
#include "commands/model_export.h"
#include "commands/run_access.h"
#include "common/error.h"

namespace autoencoder {
namespace {

struct ExportOptions : Options {
  std::string out;
  std::string part = "whole";

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option(
        "out", out,
        "the file to write; the default is RUN/model.pt (encoder.pt, decoder.pt). One that ends in "
        ".safetensors gets the weights alone");
    visitor.option("part", part, "whole, encoder or decoder", one_of({"whole", "encoder", "decoder"}));
  }
};

ExportPart part_of(const std::string& name) {
  if (name == "encoder") {
    return ExportPart::kEncoder;
  }
  return name == "decoder" ? ExportPart::kDecoder : ExportPart::kWhole;
}

int export_weights_alone(const OpenRun& run, const ExportOptions& options) {
  if (options.part != "whole") {
    throw UsageError(
        fmt::format("--part {} is for TorchScript; {} gets all weights", options.part, options.out));
  }
  export_weights(run.saved, options.out);
  fmt::print("{}: weights by name\n", options.out);
  return 0;
}

int run_export(const Arguments& arguments) {
  const auto options = options_from<ExportOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), torch::kCPU);
  if (std::filesystem::path(options.out).extension() == ".safetensors") {
    return export_weights_alone(opened, options);
  }
  const std::string name = options.part == "whole" ? "model.pt" : options.part + ".pt";
  const std::filesystem::path out = opened.output_path(options.out, name);
  const ExportCheck check = export_model(opened.saved, out, part_of(options.part));
  fmt::print("{}: {}, largest difference from the model {:.1e}\n", out.string(),
             export_text(opened.model(), part_of(options.part)), check.largest_difference);
  return 0;
}

}  // namespace

Command export_command() {
  return {.name = "export",
          .summary = "a TorchScript file for Python and C++ services",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder export runs/dense-mnist-1 --out model.pt",
                       "autoencoder export runs/dense-mnist-1 --part encoder"},
          .options = specs_of<ExportOptions>,
          .run = run_export};
}

}  // namespace autoencoder
