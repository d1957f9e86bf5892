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

void check_model(const CodeFileReader& reader, const Autoencoder& model, const Arguments& arguments) {
  const ModelDigest expected = reader.header().model;
  const ModelDigest found = digest_of(model);
  if (found != expected) {
    throw Error(fmt::format(
        "{} was compressed with another model ({}) than that of {} ({}); give the run it came from",
        arguments.words.back(), digest_text(expected), arguments.words.front(), digest_text(found)));
  }
}

// Names come from a file that anyone may have written.
void check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
    throw Error(fmt::format("the file names a picture '{}', which is no name for one", name));
  }
}

void write_chunk(const fs::path& folder, const CodeChunk& chunk, const torch::Tensor& images, int64_t first) {
  if (chunk.names.empty()) {
    write_pictures(folder, images, first);
    return;
  }
  for (int64_t i = 0; i < images.size(0); ++i) {
    const std::string& name = chunk.names[static_cast<size_t>(i)];
    check_name(name);
    write_picture(folder / (name + ".png"), images[i]);
  }
}

int64_t decompress(CodeFileReader& reader, const Compressor& compressor, const fs::path& folder) {
  int64_t count = 0;
  while (const std::optional<CodeChunk> chunk = reader.next()) {
    const torch::Tensor images = compressor.decompress(*chunk);
    write_chunk(folder, *chunk, images, count);
    count += images.size(0);
  }
  return count;
}

int run_decompress(const Arguments& arguments) {
  const auto options = options_from<DecompressOptions>(arguments);
  CodeFileReader reader(arguments.words.back());
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  check_model(reader, opened.model(), arguments);
  const fs::path out =
      options.out.empty() ? fs::path(arguments.words.back()).replace_extension() : fs::path(options.out);
  const Compressor compressor(opened.model(), reader.header());
  const int64_t count = decompress(reader, compressor, out);
  if (options.json) {
    fmt::print(
        "{}\n",
        Json({{"out", out.string()}, {"pictures", count}, {"exact", reader.header().is_lossless()}}).dump(2));
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
