// autoencoder decode RUN CODES: a file of codes back to what they stand for.

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "common/text.h"
#include "data/npy.h"
#include "data/row_writer.h"
#include "pictures/encode.h"

namespace autoencoder {
namespace {

constexpr int64_t kCodesAtOnce = 1000;
constexpr int64_t kMostInAGrid = 2500;

struct DecodeOptions : Options {
  std::string out;
  bool json = false;
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("out", out,
                   "a folder for a PNG of each, a .png for one grid, a .npy for all the numbers, or, for "
                   "vectors, a .csv; the default is RUN/decoded.png, of vectors RUN/decoded.npy");
    visitor.option("json", json, "print JSON");
    visitor.group("Device");
    device.visit(visitor);
  }
};

using Visit = std::function<void(const torch::Tensor& examples, int64_t first)>;

void check_codes(const torch::Tensor& codes, const Autoencoder& model, const std::string& path) {
  if (codes.size(1) != model.latent_dim()) {
    throw Error(fmt::format("{}: rows of {} numbers, but the model's codes have {}; give codes of this model",
                            path, codes.size(1), model.latent_dim()));
  }
}

// Shows the examples that the codes stand for, in the units of the data, some at a time.
void decode_batches(Autoencoder& model, const torch::Tensor& codes, const Visit& visit) {
  CountBar bar("decoding", codes.size(0));
  for (int64_t first = 0; first < codes.size(0); first += kCodesAtOnce) {
    const torch::Tensor some = codes.slice(0, first, first + kCodesAtOnce);
    visit(decoded(model, some), first);
    bar.advance(some.size(0));
  }
}

void decode_to_array(const std::filesystem::path& path, Autoencoder& model, const torch::Tensor& codes) {
  const auto& [channels, height, width] = model.input_shape();
  NpyWriter writer(path, {codes.size(0), channels, height, width}, torch::kFloat32);
  decode_batches(model, codes, [&](const torch::Tensor& examples, int64_t) { writer.append(examples); });
  writer.commit();
}

void decode_to_rows(const std::filesystem::path& path, Autoencoder& model, const torch::Tensor& codes) {
  RowFormat format = {.rows = codes.size(0), .columns = {}, .has_labels = false, .label_names = {}};
  for (int64_t i = 0; i < model.input_shape().size(); ++i) {
    format.columns.push_back(fmt::format("feature_{}", i));
  }
  const auto writer = make_row_writer(path, format);
  decode_batches(model, codes,
                 [&](const torch::Tensor& examples, int64_t) { writer->append(examples.flatten(1), {}); });
  writer->commit();
}

void decode_to_grid(const std::filesystem::path& path, Autoencoder& model, const torch::Tensor& codes,
                    const std::string& title) {
  if (codes.size(0) > kMostInAGrid) {
    throw Error(fmt::format("{}: {} pictures are too many for one grid ({}); give a folder or a .npy",
                            path.string(), with_thousands(codes.size(0)), with_thousands(kMostInAGrid)));
  }
  write_samples(path, decoded(model, codes), title);
}

void write_decoded(const std::filesystem::path& out, OpenRun& run, const torch::Tensor& codes) {
  Autoencoder& model = run.model();
  const std::string ending = out.extension().string();
  const bool are_vectors = model.input_shape().is_vector();
  if (are_vectors && (ending == ".npy" || ending == ".csv")) {
    decode_to_rows(out, model, codes);
  } else if (ending == ".npy") {
    decode_to_array(out, model, codes);
  } else if (ending == ".csv" || are_vectors) {
    throw Error(fmt::format("{}: {} go into a {}", out.string(), are_vectors ? "vectors" : "pictures",
                            are_vectors ? ".npy or a .csv" : "folder, a .png or a .npy"));
  } else if (ending == ".png") {
    decode_to_grid(out, model, codes, fmt::format("{}, {} codes", run.directory.name(), codes.size(0)));
  } else {
    decode_batches(model, codes,
                   [&](const torch::Tensor& images, int64_t first) { write_pictures(out, images, first); });
  }
}

int run_decode(const Arguments& arguments) {
  const auto options = options_from<DecodeOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const std::string& path = arguments.words.back();
  const torch::Tensor codes = read_rows(path);
  check_codes(codes, opened.model(), path);
  const char* usual = opened.model().input_shape().is_vector() ? "decoded.npy" : "decoded.png";
  const std::filesystem::path out = opened.output_path(options.out, usual);
  write_decoded(out, opened, codes);
  if (options.json) {
    answer_in_json({{"out", out.string()}, {"decoded", codes.size(0)}});
  } else {
    fmt::print("{}: {} decoded\n", out.string(), counted(codes.size(0), opened.model().input_shape().noun()));
  }
  return 0;
}

}  // namespace

Command decode_command() {
  return {.name = "decode",
          .summary = "codes from a .npy or .csv, back to pictures or numbers",
          .synopsis = "RUN CODES",
          .min_words = 2,
          .max_words = 2,
          .examples = {"autoencoder decode runs/dense-mnist-1 codes.npy --out pictures",
                       "autoencoder decode runs/dense-mnist-1 codes.csv --out grid.png"},
          .options = specs_of<DecodeOptions>,
          .run = run_decode};
}

}  // namespace autoencoder
