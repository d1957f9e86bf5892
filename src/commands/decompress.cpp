// autoencoder decompress RUN FILE: the pictures of a file that `compress` wrote.

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/device.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/text.h"
#include "compression/compressor.h"
#include "pictures/encode.h"
#include "pictures/picture_files.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

struct DecompressOptions : Options {
  std::string out;
  bool json = false;
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Output");
    visitor.option("out", out,
                   "the folder for a PNG of each picture; the default is the file's name without .aec");
    visitor.option("json", json, "print JSON");
    visitor.group("Device");
    device.visit(visitor);
  }
};

void check_model(const CodeFileHeader& header, const Autoencoder& model, const Arguments& arguments) {
  const ModelDigest expected = header.model;
  const ModelDigest found = digest_of(model);
  if (found != expected) {
    throw Error(fmt::format(
        "{} was compressed with another model ({}) than that of {} ({}); give the run it came from",
        arguments.words.back(), digest_text(expected), arguments.words.front(), digest_text(found)));
  }
  const int64_t pixels = model.input_shape().size();
  if (header.steps.size(0) != model.latent_dim() ||
      (header.is_lossless() && header.residual_width != pixels)) {
    throw Error(fmt::format(
        "{}: names the model of {}, but not as many numbers of a code or pixels of a picture as this has ({} "
        "and {}); get it again from where it came from",
        arguments.words.back(), arguments.words.front(), model.latent_dim(), pixels));
  }
}

// Where each picture of a chunk goes, the first of which is number `first` of the file.
std::vector<fs::path> output_paths(const fs::path& folder, const CodeChunk& chunk, int64_t first) {
  std::vector<fs::path> paths;
  for (int64_t i = 0; i < chunk.symbols.size(0); ++i) {
    paths.push_back(chunk.names.empty() ? numbered_picture(folder, first + i)
                                        : folder / (chunk.names[static_cast<size_t>(i)] + ".png"));
  }
  return paths;
}

// The names are the file's, not the user's, so nothing makes way for them. Reads all of the file: nothing is
// written where something is wrong with the last picture.
void check_outputs(const fs::path& file, const fs::path& folder) {
  CodeFileReader reader(file);
  int64_t count = 0;
  while (const std::optional<CodeChunk> chunk = reader.next()) {
    for (const fs::path& path : output_paths(folder, *chunk, count)) {
      std::error_code none;
      if (fs::exists(fs::symlink_status(path, none))) {
        throw Error(fmt::format("{}: is there already; choose another --out, or remove it", path.string()));
      }
    }
    count += chunk->symbols.size(0);
  }
}

int64_t decompress(CodeFileReader& reader, const Compressor& compressor, const fs::path& folder) {
  int64_t count = 0;
  while (const std::optional<CodeChunk> chunk = reader.next()) {
    const torch::Tensor images = compressor.decompress(*chunk);
    const std::vector<fs::path> paths = output_paths(folder, *chunk, count);
    for (size_t i = 0; i < paths.size(); ++i) {
      write_picture(paths[i], images[static_cast<int64_t>(i)]);
    }
    count += images.size(0);
  }
  return count;
}

int run_decompress(const Arguments& arguments) {
  const auto options = options_from<DecompressOptions>(arguments);
  CodeFileReader reader(arguments.words.back());
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  check_model(reader.header(), opened.model(), arguments);
  const fs::path out =
      options.out.empty() ? fs::path(arguments.words.back()).replace_extension() : fs::path(options.out);
  check_outputs(arguments.words.back(), out);
  const Compressor compressor(opened.model(), reader.header());
  const int64_t count = decompress(reader, compressor, out);
  if (options.json) {
    answer_in_json({{"out", out.string()}, {"pictures", count}, {"exact", reader.header().is_lossless()}});
  } else {
    fmt::print("{}: {}\n", out.string(), counted(count, "picture"));
  }
  return 0;
}

}  // namespace

Command decompress_command() {
  return {.name = "decompress",
          .summary = "the pictures of a file that compress wrote",
          .synopsis = "RUN FILE",
          .min_words = 2,
          .max_words = 2,
          .examples = {"autoencoder decompress runs/conv-mnist-1 digits.aec --out digits"},
          .options = specs_of<DecompressOptions>,
          .run = run_decompress};
}

}  // namespace autoencoder
