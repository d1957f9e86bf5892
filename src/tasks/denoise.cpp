#include "tasks/denoise.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/random.h"
#include "evaluation/metrics.h"
#include "evaluation/reconstruction.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"
#include "pictures/picture_paths.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRestoredAtOnce = 256;

struct DenoiseWork {
  std::vector<fs::path> pictures;
  std::vector<fs::path> clean;  // of each picture; empty where they are not known, or are the pictures
  PictureFormat format;
  Corruption corruption;
  fs::path out;

  bool knows_clean() const { return !clean.empty() || !corruption.is_none(); }
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

// What the model takes, in the way of its training data.
PictureFormat restored_format(const OpenRun& run) {
  const ImageShape& shape = run.model().input_shape();
  if (shape.is_vector()) {
    throw Error("this model takes vectors, not pictures");
  }
  return {.height = shape.height,
          .width = shape.width,
          .channels = shape.channels,
          .fit = choice_named(picture_fits(), run.config.at("fit").get<std::string>())};
}

DenoiseWork plan_denoising(const OpenRun& run, const DenoiseRequest& request) {
  DenoiseWork work = {.pictures = named_pictures(request.pictures),
                      .clean = {},
                      .format = restored_format(run),
                      .corruption = Corruption(request.corruption),
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
torch::Tensor read_some(const std::vector<fs::path>& paths, size_t first, const PictureFormat& format) {
  return to_unit_range(read_picture_files(some_of(paths, first, kRestoredAtOnce), format));
}

void write_restored(const DenoiseWork& work, size_t first, const torch::Tensor& restored) {
  for (int64_t i = 0; i < restored.size(0); ++i) {
    write_picture(png_path(work.out, work.pictures[first + static_cast<size_t>(i)]), restored[i]);
  }
}

std::optional<Restoration> restore_pictures(Autoencoder& model, const DenoiseWork& work,
                                            const at::Generator& rng, Progress& progress) {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  QualityMeans before;
  QualityMeans after;
  progress.begin("restoring", static_cast<int64_t>(work.pictures.size()));
  for (size_t first = 0; first < work.pictures.size(); first += kRestoredAtOnce) {
    const torch::Tensor given = read_some(work.pictures, first, work.format);
    const torch::Tensor noisy = work.corruption.apply(given, rng);
    const torch::Tensor restored = decoded(model, model.encode(noisy.to(device)));
    if (work.knows_clean()) {
      const torch::Tensor clean = work.clean.empty() ? given : read_some(work.clean, first, work.format);
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
      "noise to put on the pictures first, which are then the clean ones: gaussian:S, salt-pepper:P, "
      "masking:P, speckle:S");
  visitor.option("seed", seed, "of that noise");
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
