// autoencoder encode RUN: the codes of a data set, as a file of numbers.

#include <fmt/format.h>

#include "commands/command.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "common/text.h"
#include "data/row_writer.h"
#include "evaluation/evaluate.h"

namespace autoencoder {
namespace {

struct EncodeOptions : RunDataOptions {
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Output");
    visitor.option(
        "out", out,
        "the file to write, .npy (labels in NAME.labels.npy beside it) or .csv (labels in its last "
        "column); the default is RUN/codes.npy");
    visitor.option("json", json, "print JSON");
  }
};

RowFormat code_format(const Autoencoder& model, const Dataset& data) {
  return {.rows = data.size(),
          .columns = code_columns(model.latent_dim()),
          .has_labels = data.labels.defined(),
          .label_names = data.label_names};
}

void write_codes(const std::filesystem::path& path, Autoencoder& model, const Dataset& data) {
  const auto writer = make_row_writer(path, code_format(model, data));
  CountBar bar("encoding", data.size());
  for_each_batch(model, data, [&](const Batch& batch) {
    writer->append(model.encode(batch.input), batch.label);
    bar.advance(batch.input.size(0));
  });
  writer->commit();
}

int run_encode(const Arguments& arguments) {
  const auto options = options_from<EncodeOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const std::filesystem::path out = opened.output_path(options.out, "codes.npy");
  write_codes(out, opened.model(), data.examples);
  if (options.json) {
    answer_in_json({{"out", out.string()},
                    {"codes", data.examples.size()},
                    {"latent_dim", opened.model().latent_dim()},
                    {"labels", data.examples.labels.defined()}});
  } else {
    fmt::print("{}: {} of {} numbers{}, {}\n", out.string(), counted(data.examples.size(), "code"),
               opened.model().latent_dim(), data.examples.labels.defined() ? ", with labels" : "", data.text);
  }
  return 0;
}

}  // namespace

Command encode_command() {
  return {.name = "encode",
          .summary = "the codes of a data set, as .npy or .csv",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder encode runs/dense-mnist-1 --out codes.npy",
                       "autoencoder encode runs/dense-mnist-1 --split all --out codes.csv",
                       "autoencoder encode runs/dense-mnist-1 --data ~/pictures --out codes.npy"},
          .options = specs_of<EncodeOptions>,
          .run = run_encode};
}

}  // namespace autoencoder
