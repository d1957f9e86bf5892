#include "tasks/compress.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "compression/rate_meter.h"
#include "pictures/picture_folder.h"
#include "pictures/picture_paths.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPicturesAtOnce = kMostCodesInChunk;

// What is compressed: files, read some at a time, or the examples of a data set.
struct PictureSource {
  // N x C x H x W, uint8; N is kPicturesAtOnce, or what is left
  std::function<torch::Tensor(size_t first)> read;
  size_t count = 0;
  std::vector<std::string> names = {};  // of each file
};

void check_picture_shape(const torch::Tensor& images, const ImageShape& expected) {
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

torch::Tensor bytes_of(const torch::Tensor& images) {
  return images.scalar_type() == torch::kUInt8 ? images : as_bytes(images);
}

PictureSource source_of_files(const std::vector<std::string>& words, const ImageShape& shape) {
  const std::vector<fs::path> paths = named_pictures(words);
  check_names_differ(paths);
  PictureSource pictures;
  pictures.count = paths.size();
  for (const fs::path& path : paths) {
    pictures.names.push_back(kept_name(path));
  }
  pictures.read = [paths, shape](size_t first) {
    const torch::Tensor images =
        read_picture_files(some_of(paths, first, kPicturesAtOnce), {.channels = shape.channels});
    check_picture_shape(images, shape);
    return bytes_of(images);
  };
  return pictures;
}

PictureSource source_of_data(const OpenRun& run, const CompressRequest& request) {
  const DescribedData data = open_run_data(run, request);
  if (request.lossless && data.examples.images.type() != torch::kUInt8) {
    throw Error(fmt::format("{}: its pixels are no bytes, so --lossless has nothing to keep; leave it out",
                            data.text));
  }
  const Examples images = data.examples.images;
  PictureSource pictures;
  pictures.count = static_cast<size_t>(images.size());
  pictures.read = [images](size_t first) {
    const auto begin = static_cast<int64_t>(first);
    return bytes_of(images.range(begin, begin + static_cast<int64_t>(kPicturesAtOnce)).cpu());
  };
  return pictures;
}

PictureSource open_picture_source(const OpenRun& run, const CompressRequest& request) {
  const ImageShape& shape = run.saved.model->input_shape();
  if (!shape.is_image()) {
    throw Error(fmt::format("{}: its model takes vectors, not pictures; autoencoder encode keeps their codes",
                            request.run));
  }
  return request.pictures.empty() ? source_of_data(run, request) : source_of_files(request.pictures, shape);
}

// The names of the pictures from `first` on that go into one chunk; none where pictures have none.
std::vector<std::string> names_from(const PictureSource& pictures, size_t first) {
  const size_t last = std::min(first + kPicturesAtOnce, pictures.names.size());
  return {pictures.names.begin() + static_cast<std::ptrdiff_t>(std::min(first, last)),
          pictures.names.begin() + static_cast<std::ptrdiff_t>(last)};
}

struct CompressedFile {
  uint64_t bytes = 0;
  RateMeter meter;  // of all pictures
};

CompressedFile write_compressed(const fs::path& out, const SavedModel& saved, const PictureSource& pictures,
                                const CompressionQuality& quality, Progress& progress) {
  CompressedFile file;
  torch::Tensor images = pictures.read(0);
  const CodeFileHeader header = plan_compression(*saved.model, images, quality);
  const Compressor compressor(saved, header);
  CodeFileWriter writer(out, header);
  progress.begin("compressing", static_cast<int64_t>(pictures.count));
  for (size_t first = 0; first < pictures.count; first += kPicturesAtOnce) {
    images = first == 0 ? images : pictures.read(first);
    CodeChunk chunk = compressor.compress(images);
    chunk.names = names_from(pictures, first);
    writer.append(chunk);
    file.meter.add_pictures(images, compressor.decompress(chunk));
    progress.advance(images.size(0));
  }
  file.bytes = writer.commit();
  file.meter.add_bytes(file.bytes);
  return file;
}

CompressionQuality quality_of(const CompressRequest& request) {
  return {.extra_error = request.extra_error,
          .fidelity = request.lossless ? Fidelity::kLossless : Fidelity::kLossy};
}

}  // namespace

void CompressRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Compression");
  visitor.option("extra-error", extra_error,
                 "how much rounding the codes may add to the model's own squared error, as a fraction of it: "
                 "less takes more bytes",
                 more_than(0, 1000));
  visitor.option("lossless", lossless,
                 "also keep what the model gets wrong: pictures come back as they were");
  visitor.option("out", out, "the .aec to write; the default is RUN/pictures.aec");
}

Json CompressResult::to_json() const {
  Json json = {{"out", out.string()},
               {"pictures", pictures},
               {"bytes", bytes},
               {"bits_per_pixel", bits_per_pixel},
               {"exact", !psnr.has_value()},
               {"model_bytes", model_bytes}};
  if (psnr) {
    json["psnr"] = *psnr;
  }
  return json;
}

CompressResult compress_pictures(const CompressRequest& request, Progress& progress) {
  if (!request.pictures.empty() && !request.source.data.empty()) {
    throw UsageError("pictures and --data are both given; one of them says what to compress");
  }
  const OpenRun run = open_requested(request);
  const PictureSource pictures = open_picture_source(run, request);
  const fs::path out = run.output_path(request.out, "pictures.aec");
  const CompressedFile file = write_compressed(out, run.saved, pictures, quality_of(request), progress);
  return {.out = out,
          .pictures = static_cast<int64_t>(pictures.count),
          .bytes = file.bytes,
          .model_bytes = bytes_of_model(*run.saved.model),
          .bits_per_pixel = file.meter.bits_per_pixel(),
          .psnr = file.meter.is_exact() ? std::nullopt : std::optional(file.meter.psnr())};
}

}  // namespace autoencoder
