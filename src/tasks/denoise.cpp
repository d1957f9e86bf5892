#include "tasks/denoise.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/random.h"
#include "evaluation/metrics.h"
#include "evaluation/reconstruction.h"
#include "evaluation/tiles.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"
#include "pictures/picture_paths.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRestoredAtOnce = 256;
constexpr double kMostTileStride = 32'000;

struct DenoiseWork {
  std::vector<fs::path> pictures;
  std::vector<fs::path> clean;  // of each picture; empty where they are not known, or are the pictures
  PictureFormat format;
  Corruption corruption;
  int64_t tile_stride = 0;  // 0: pictures are scaled to what the model takes
  fs::path out;

  bool knows_clean() const { return !clean.empty() || !corruption.is_none(); }
  size_t at_once() const { return tile_stride > 0 ? 1 : kRestoredAtOnce; }
};

// The clean picture of each, in the folder of clean ones.
std::vector<fs::path> clean_pictures(const fs::path& folder, const std::vector<fs::path>& pictures) {
  std::vector<fs::path> clean;
  for (const fs::path& picture : pictures) {
    clean.push_back(folder / picture.filename());
    if (!fs::exists(clean.back())) {
      throw Error(fmt::format("{}: no such file; --clean names a folder with a picture of each name",
                              clean.back().string()));
    }
  }
  return clean;
}

// What the model takes, in the way of its training data; of tiles in their own size.
PictureFormat restored_format(const OpenRun& run, int64_t tile_stride) {
  const ImageShape& shape = run.model().input_shape();
  if (!shape.is_image()) {
    throw Error("this model takes vectors, not pictures");
  }
  if (tile_stride > 0) {
    return {.height = 0, .width = 0, .channels = shape.channels};
  }
  return {.height = shape.height,
          .width = shape.width,
          .channels = shape.channels,
          .fit = choice_named(picture_fits(), own_source(run).reading.at("fit"))};
}

DenoiseWork plan_denoising(const OpenRun& run, const DenoiseRequest& request) {
  DenoiseWork work = {.pictures = named_pictures(request.pictures),
                      .clean = {},
                      .format = restored_format(run, request.tile_stride),
                      .corruption = Corruption(request.corruption),
                      .tile_stride = request.tile_stride,
                      .out = run.output_path(request.out, "denoised")};
  check_names_differ(work.pictures);
  if (!request.clean.empty()) {
    work.clean = clean_pictures(request.clean, work.pictures);
  }
  return work;
}

// Means over pictures, against the clean ones.
class QualityMeans {
 public:
  void add(const torch::Tensor& clean, const torch::Tensor& pictures) {
    psnr_ += peak_signal_to_noise_ratio(clean, pictures).sum().item<double>();
    ssim_ += structural_similarity(clean, pictures).sum().item<double>();
    count_ += static_cast<double>(clean.size(0));
  }
  PictureQuality means() const { return {psnr_ / count_, ssim_ / count_}; }

 private:
  double psnr_ = 0;
  double ssim_ = 0;
  double count_ = 0;
};

// Those from `first`, as many as are restored at once: N x C x H x W in [0, 1].
torch::Tensor read_some(const std::vector<fs::path>& paths, size_t first, const DenoiseWork& work) {
  return to_unit_range(read_picture_files(some_of(paths, first, work.at_once()), work.format));
}

// The picture in its own size, tile by tile.
torch::Tensor restored_whole(Autoencoder& model, const fs::path& path, const torch::Tensor& picture,
                             int64_t tile_stride) {
  try {
    return reconstruct_by_tiles(model, picture, tile_stride);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

// Those from `first` on, as the model restores them.
torch::Tensor restored_from(Autoencoder& model, const DenoiseWork& work, size_t first,
                            const torch::Tensor& noisy) {
  if (work.tile_stride > 0) {
    return restored_whole(model, work.pictures[first], noisy[0], work.tile_stride).unsqueeze(0);
  }
  return decoded(model, model.encode(noisy.to(model.parameters().front().device())));
}

void write_restored(const DenoiseWork& work, size_t first, const torch::Tensor& restored) {
  for (int64_t i = 0; i < restored.size(0); ++i) {
    write_picture(png_path(work.out, work.pictures[first + static_cast<size_t>(i)]), restored[i]);
  }
}

std::optional<Restoration> restore_pictures(Autoencoder& model, const DenoiseWork& work,
                                            const at::Generator& rng, Progress& progress) {
  const torch::NoGradGuard no_grad;
  QualityMeans before;
  QualityMeans after;
  progress.begin("restoring", static_cast<int64_t>(work.pictures.size()));
  for (size_t first = 0; first < work.pictures.size(); first += work.at_once()) {
    const torch::Tensor given = read_some(work.pictures, first, work);
    const torch::Tensor noisy = work.corruption.apply(given, rng);
    const torch::Tensor restored = restored_from(model, work, first, noisy);
    if (work.knows_clean()) {
      const torch::Tensor clean = work.clean.empty() ? given : read_some(work.clean, first, work);
      before.add(clean, noisy);
      after.add(clean, restored.clamp(0, 1));
    }
    write_restored(work, first, restored);
    progress.advance(restored.size(0));
  }
  return work.knows_clean() ? std::optional(Restoration{before.means(), after.means()}) : std::nullopt;
}

Json json_of(const PictureQuality& quality) { return {{"psnr", quality.psnr}, {"ssim", quality.ssim}}; }

}  // namespace

void DenoiseRequest::visit(OptionVisitor& visitor) {
  visitor.group("Pictures");
  visitor.option("out", out, "the folder to write to; the default is RUN/denoised");
  visitor.option("clean", clean,
                 "folder of the clean pictures, of the same names: tells how good the result is");
  visitor.option(
      "corruption", corruption,
      fmt::format("noise to put on the pictures first, which are then the clean ones: {}", kCorruptions));
  visitor.option("seed", seed, "of that noise");
  visitor.option(
      "tile-stride", tile_stride,
      "restore each picture in its own size, by tiles of what the model takes that lie so many pixels "
      "apart; 0: scale pictures to what it takes",
      between(0, kMostTileStride));
  RunRequest::visit(visitor);
}

Json DenoiseResult::to_json() const {
  Json json = {{"out", out.string()}, {"pictures", pictures}};
  if (quality) {
    json["before"] = json_of(quality->before);
    json["after"] = json_of(quality->after);
  }
  return json;
}

DenoiseResult denoise_pictures(const DenoiseRequest& request, Progress& progress) {
  if (!request.clean.empty() && request.corruption != "none") {
    throw UsageError(
        "--clean and --corruption are both given; with --corruption the pictures are the clean ones");
  }
  const OpenRun run = open_requested(request);
  const DenoiseWork work = plan_denoising(run, request);
  const at::Generator rng = make_generator(derive_seed(static_cast<uint64_t>(request.seed), "corruption"));
  const auto quality = restore_pictures(run.model(), work, rng, progress);
  return {work.out, static_cast<int64_t>(work.pictures.size()), quality};
}

}  // namespace autoencoder
