// autoencoder compress RUN: pictures as a file of quantised codes.

#include <algorithm>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/picture_arguments.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/text.h"
#include "compression/compressor.h"
#include "compression/rate_meter.h"
#include "pictures/picture_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPicturesAtOnce = kMostCodesInChunk;

struct CompressOptions : RunDataOptions {
  std::string out;
  double extra_error = CompressionRequest{}.extra_error;
  bool lossless = false;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Compression");
    visitor.option(
        "extra-error", extra_error,
        "how much rounding the codes may add to the model's own squared error, as a fraction of it: "
        "less takes more bytes",
        more_than(0, 1000));
    visitor.option("lossless", lossless,
                   "also keep what the model gets wrong: pictures come back as they were");
    visitor.option("out", out, "the .aec to write; the default is RUN/pictures.aec");
    visitor.option("json", json, "print JSON");
  }

  CompressionRequest request() const {
    return {.extra_error = extra_error, .fidelity = lossless ? Fidelity::kLossless : Fidelity::kLossy};
  }
};

// What is compressed: files, read some at a time, or the examples of a data set.
struct Pictures {
  // N x C x H x W, uint8; N is kPicturesAtOnce, or what is left
  std::function<torch::Tensor(size_t first)> read;
  size_t count = 0;
  std::vector<std::string> names = {};  // of each file
};

void check_shape(const torch::Tensor& images, const ImageShape& expected) {
  const ImageShape found = {images.size(1), images.size(2), images.size(3)};
  if (!(found == expected)) {
    throw Error(
        fmt::format("the pictures are of {}, but the model takes {}; scale them first, or train on such "
                    "pictures",
                    found.text(), expected.text()));
  }
}

std::string kept_name(const fs::path& path) {
  const std::string name = path.stem().string();
  if (!is_picture_name(name)) {
    throw Error(
        fmt::format("{}: pictures have names of at most {} bytes, without a dot at the start and without "
                    "control characters; rename it",
                    path.string(), kLongestPictureName));
  }
  return name;
}

Pictures picture_files(const std::vector<std::string>& words, const ImageShape& shape) {
  const std::vector<fs::path> paths = named_pictures(words);
  check_names_differ(paths);
  Pictures pictures;
  pictures.count = paths.size();
  for (const fs::path& path : paths) {
    pictures.names.push_back(kept_name(path));
  }
  pictures.read = [paths, shape](size_t first) {
    torch::Tensor images =
        read_picture_files(some_of(paths, first, kPicturesAtOnce), {.size = 0, .channels = shape.channels});
    check_shape(images, shape);
    return images;
  };
  return pictures;
}

Pictures picture_data(const OpenRun& run, const CompressOptions& options) {
  const RunData data = open_run_data(run, options);
  if (options.lossless && data.examples.images.scalar_type() != torch::kUInt8) {
    throw Error(fmt::format("{}: its pixels are no bytes, so --lossless has nothing to keep; leave it out",
                            data.text));
  }
  const torch::Tensor images = data.examples.images;
  Pictures pictures;
  pictures.count = static_cast<size_t>(images.size(0));
  pictures.read = [images](size_t first) {
    const auto begin = static_cast<int64_t>(first);
    const torch::Tensor some = images.slice(0, begin, begin + static_cast<int64_t>(kPicturesAtOnce)).cpu();
    return some.scalar_type() == torch::kUInt8 ? some : as_bytes(some);
  };
  return pictures;
}

struct CompressionResult {
  fs::path path;
  size_t pictures = 0;
  uint64_t bytes = 0;
  uint64_t model_bytes = 0;
  RateMeter meter;
};

// The names of the pictures from `first` on that go into one chunk; none where pictures have none.
std::vector<std::string> names_from(const Pictures& pictures, size_t first) {
  const size_t last = std::min(first + kPicturesAtOnce, pictures.names.size());
  return {pictures.names.begin() + static_cast<std::ptrdiff_t>(std::min(first, last)),
          pictures.names.begin() + static_cast<std::ptrdiff_t>(last)};
}

CompressionResult compress(Autoencoder& model, const Pictures& pictures, const CompressOptions& options,
                           const fs::path& out) {
  CompressionResult result = {
      .path = out, .pictures = pictures.count, .model_bytes = bytes_of_model(model), .meter = {}};
  torch::Tensor images = pictures.read(0);
  const CodeFileHeader header = plan_compression(model, images, options.request());
  const Compressor compressor(model, header);
  CodeFileWriter writer(out, header);
  CountBar bar("compressing", static_cast<int64_t>(pictures.count));
  for (size_t first = 0; first < pictures.count; first += kPicturesAtOnce) {
    images = first == 0 ? images : pictures.read(first);
    CodeChunk chunk = compressor.compress(images);
    chunk.names = names_from(pictures, first);
    writer.append(chunk);
    result.meter.add_pictures(images, compressor.decompress(chunk));
    bar.advance(images.size(0));
  }
  result.bytes = writer.commit();
  result.meter.add_bytes(result.bytes);
  return result;
}

void print_json(const CompressionResult& result) {
  Json json = {{"out", result.path.string()},
               {"pictures", result.pictures},
               {"bytes", result.bytes},
               {"bits_per_pixel", result.meter.bits_per_pixel()},
               {"exact", result.meter.is_exact()},
               {"model_bytes", result.model_bytes}};
  if (!result.meter.is_exact()) {
    json["psnr"] = result.meter.psnr();
  }
  answer_in_json(json);
}

void print_text(const CompressionResult& result) {
  const std::string quality =
      result.meter.is_exact() ? "exact" : fmt::format("PSNR {:.2f} dB", result.meter.psnr());
  fmt::print("{}: {} in {}, {:.3f} bits a pixel, {}\n", result.path.string(),
             counted(static_cast<int64_t>(result.pictures), "picture"), bytes_text(result.bytes),
             result.meter.bits_per_pixel(), quality);
  fmt::print("  reading it takes the run's model ({}): autoencoder decompress RUN {}\n",
             bytes_text(result.model_bytes), result.path.string());
}

int run_compress(const Arguments& arguments) {
  const auto options = options_from<CompressOptions>(arguments);
  const std::vector<std::string> words(arguments.words.begin() + 1, arguments.words.end());
  if (!words.empty() && !options.source.data.empty()) {
    throw UsageError("pictures and --data are both given; one of them says what to compress");
  }
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const ImageShape& shape = opened.model().input_shape();
  if (shape.is_vector()) {
    throw Error(fmt::format("{}: its model takes vectors, not pictures; autoencoder encode keeps their codes",
                            arguments.words.front()));
  }
  const Pictures pictures = words.empty() ? picture_data(opened, options) : picture_files(words, shape);
  const fs::path out = opened.output_path(options.out, "pictures.aec");
  const CompressionResult result = compress(opened.model(), pictures, options, out);
  options.json ? print_json(result) : print_text(result);
  return 0;
}

}  // namespace

Command compress_command() {
  return {.name = "compress",
          .summary = "pictures as a small file of quantised codes",
          .synopsis = "RUN [PICTURE...]",
          .min_words = 1,
          .max_words = std::numeric_limits<size_t>::max(),
          .examples = {"autoencoder compress runs/conv-mnist-1 ~/digits --out digits.aec",
                       "autoencoder compress runs/conv-mnist-1 ~/digits --extra-error 0.01 --lossless",
                       "autoencoder compress runs/conv-mnist-1 --split test"},
          .options = specs_of<CompressOptions>,
          .run = run_compress};
}

}  // namespace autoencoder
