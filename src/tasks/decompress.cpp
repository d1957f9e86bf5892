#include "tasks/decompress.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "compression/compressor.h"
#include "pictures/encode.h"
#include "pictures/picture_files.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

void check_code_model(const CodeFileHeader& header, const Autoencoder& model,
                      const DecompressRequest& request) {
  const ModelDigest expected = header.model;
  const ModelDigest found = digest_of(model);
  if (found != expected) {
    throw Error(fmt::format(
        "{} was compressed with another model ({}) than that of {} ({}); give the run it came from",
        request.file, digest_text(expected), request.run, digest_text(found)));
  }
  const int64_t pixels = model.input_shape().size();
  if (header.steps.size(0) != model.latent_dim() ||
      (header.is_lossless() && header.residual_width != pixels)) {
    throw Error(fmt::format(
        "{}: names the model of {}, but not as many numbers of a code or pixels of a picture as this has ({} "
        "and {}); get it again from where it came from",
        request.file, request.run, model.latent_dim(), pixels));
  }
}

// Where each picture of a chunk goes, the first of which is number `first` of the file.
std::vector<fs::path> paths_of_chunk(const fs::path& folder, const CodeChunk& chunk, int64_t first) {
  std::vector<fs::path> paths;
  for (int64_t i = 0; i < chunk.symbols.size(0); ++i) {
    paths.push_back(chunk.names.empty() ? numbered_picture(folder, first + i)
                                        : folder / (chunk.names[static_cast<size_t>(i)] + ".png"));
  }
  return paths;
}

// How many pictures the file has. Their names are the file's, not the user's, so nothing makes way for them.
// Reads all of the file: nothing is written where something is wrong with the last picture.
int64_t count_new_pictures(const fs::path& file, const fs::path& folder) {
  CodeFileReader reader(file);
  int64_t count = 0;
  while (const std::optional<CodeChunk> chunk = reader.next()) {
    for (const fs::path& path : paths_of_chunk(folder, *chunk, count)) {
      std::error_code none;
      if (fs::exists(fs::symlink_status(path, none))) {
        throw Error(fmt::format("{}: is there already; choose another --out, or remove it", path.string()));
      }
    }
    count += chunk->symbols.size(0);
  }
  return count;
}

void write_decompressed(const fs::path& folder, CodeFileReader& reader, const Compressor& compressor,
                        Progress& progress) {
  int64_t count = 0;
  while (const std::optional<CodeChunk> chunk = reader.next()) {
    const torch::Tensor images = compressor.decompress(*chunk);
    const std::vector<fs::path> paths = paths_of_chunk(folder, *chunk, count);
    for (size_t i = 0; i < paths.size(); ++i) {
      write_picture(paths[i], images[static_cast<int64_t>(i)]);
    }
    count += images.size(0);
    progress.advance(images.size(0));
  }
}

}  // namespace

void DecompressRequest::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.option("out", out,
                 "the folder for a PNG of each picture; the default is the file's name without .aec");
  RunRequest::visit(visitor);
}

Json DecompressResult::to_json() const {
  return {{"out", out.string()}, {"pictures", pictures}, {"exact", is_exact}};
}

DecompressResult decompress_pictures(const DecompressRequest& request, Progress& progress) {
  CodeFileReader reader(request.file);
  const OpenRun run = open_requested(request);
  check_code_model(reader.header(), *run.saved.model, request);
  const fs::path out =
      request.out.empty() ? fs::path(request.file).replace_extension() : fs::path(request.out);
  const int64_t count = count_new_pictures(request.file, out);
  const Compressor compressor(run.saved, reader.header());
  progress.begin("decompressing", count);
  write_decompressed(out, reader, compressor, progress);
  return {out, count, reader.header().is_lossless()};
}

}  // namespace autoencoder
