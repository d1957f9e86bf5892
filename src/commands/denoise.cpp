// autoencoder denoise RUN PICTURE...: pictures through a model that learned to restore them.

#include <limits>
#include <optional>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/picture_arguments.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "commands/run_pictures.h"
#include "common/error.h"
#include "common/random.h"
#include "common/text.h"
#include "evaluation/metrics.h"
#include "pictures/encode.h"
#include "pictures/picture_folder.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPicturesAtOnce = 256;

struct DenoiseOptions : Options {
  std::string out;
  std::string clean;
  std::string corruption = "none";
  int64_t seed = 0;
  bool json = false;
  DeviceOptions device;

  void visit(OptionVisitor& visitor) override {
    visitor.group("Pictures");
    visitor.option("out", out, "the folder to write to; the default is RUN/denoised");
    visitor.option("clean", clean,
                   "folder of the clean pictures, of the same names: tells how good the result is");
    visitor.option(
        "corruption", corruption,
        "noise to put on the pictures first, which are then the clean ones: gaussian:S, salt-pepper:P, "
        "masking:P, speckle:S");
    visitor.option("seed", seed, "of that noise");
    visitor.option("json", json, "print JSON");
    visitor.group("Device");
    device.visit(visitor);
  }
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

// Means over pictures, against the clean ones.
class Quality {
 public:
  void add(const torch::Tensor& clean, const torch::Tensor& pictures) {
    psnr_ += peak_signal_to_noise_ratio(clean, pictures).sum().item<double>();
    ssim_ += structural_similarity(clean, pictures).sum().item<double>();
    count_ += static_cast<double>(clean.size(0));
  }
  double psnr() const { return psnr_ / count_; }
  double ssim() const { return ssim_ / count_; }

 private:
  double psnr_ = 0;
  double ssim_ = 0;
  double count_ = 0;
};

struct Restoration {
  Quality before;
  Quality after;
};

struct Work {
  std::vector<fs::path> pictures;
  std::vector<fs::path> clean;  // of each picture; empty where they are not known
  PictureFormat format;
  Corruption corruption;
  fs::path out;
};

torch::Tensor read_some(const std::vector<fs::path>& paths, size_t first, const PictureFormat& format) {
  return to_unit_range(read_picture_files(some_of(paths, first, kPicturesAtOnce), format));
}

// Nothing is told of the quality where no clean pictures are known.
std::optional<Restoration> restore(Autoencoder& model, const Work& work, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  const at::Generator rng = make_generator(seed);
  const bool has_clean = !work.clean.empty() || !work.corruption.is_none();
  Restoration restoration;
  CountBar bar("restoring", static_cast<int64_t>(work.pictures.size()));
  for (size_t first = 0; first < work.pictures.size(); first += kPicturesAtOnce) {
    const torch::Tensor given = read_some(work.pictures, first, work.format);
    const torch::Tensor noisy = work.corruption.apply(given, rng);
    const torch::Tensor restored =
        decoded(model, model.encode(noisy.to(model.parameters().front().device())));
    if (has_clean) {
      const torch::Tensor clean = work.clean.empty() ? given : read_some(work.clean, first, work.format);
      restoration.before.add(clean, noisy);
      restoration.after.add(clean, restored.clamp(0, 1));
    }
    for (int64_t i = 0; i < restored.size(0); ++i) {
      write_picture(png_path(work.out, work.pictures[first + static_cast<size_t>(i)]), restored[i]);
    }
    bar.advance(restored.size(0));
  }
  return has_clean ? std::optional(restoration) : std::nullopt;
}

PictureFormat format_of(const Autoencoder& model) {
  const ImageShape& shape = model.input_shape();
  if (shape.is_vector()) {
    throw Error("this model takes vectors, not pictures");
  }
  return {.size = shape.height == shape.width ? shape.height : 0, .channels = shape.channels};
}

void report(const DenoiseOptions& options, const Work& work, const std::optional<Restoration>& restoration) {
  const auto count = static_cast<int64_t>(work.pictures.size());
  if (options.json) {
    Json json = {{"out", work.out.string()}, {"pictures", count}};
    if (restoration) {
      json["before"] = {{"psnr", restoration->before.psnr()}, {"ssim", restoration->before.ssim()}};
      json["after"] = {{"psnr", restoration->after.psnr()}, {"ssim", restoration->after.ssim()}};
    }
    answer_in_json(json);
    return;
  }
  fmt::print("{}: {} restored\n", work.out.string(), counted(count, "picture"));
  if (restoration) {
    fmt::print("  PSNR {:.2f} dB before, {:.2f} dB after; SSIM {:.4f} before, {:.4f} after\n",
               restoration->before.psnr(), restoration->after.psnr(), restoration->before.ssim(),
               restoration->after.ssim());
  }
}

int run_denoise(const Arguments& arguments) {
  const auto options = options_from<DenoiseOptions>(arguments);
  if (!options.clean.empty() && options.corruption != "none") {
    throw UsageError(
        "--clean and --corruption are both given; with --corruption the pictures are the clean ones");
  }
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  Work work = {.pictures = named_pictures({arguments.words.begin() + 1, arguments.words.end()}),
               .clean = {},
               .format = format_of(opened.model()),
               .corruption = Corruption(options.corruption),
               .out = opened.output_path(options.out, "denoised")};
  check_names_differ(work.pictures);
  if (!options.clean.empty()) {
    work.clean = clean_pictures(options.clean, work.pictures);
  }
  const auto restoration =
      restore(opened.model(), work, derive_seed(static_cast<uint64_t>(options.seed), "corruption"));
  report(options, work, restoration);
  return 0;
}

}  // namespace

Command denoise_command() {
  return {.name = "denoise",
          .summary = "pictures through a model that learned to restore them",
          .synopsis = "RUN PICTURE...",
          .min_words = 2,
          .max_words = std::numeric_limits<size_t>::max(),
          .examples = {"autoencoder denoise runs/denoising-mnist-1 ~/noisy --out ~/restored",
                       "autoencoder denoise runs/denoising-mnist-1 noisy/1.png noisy/2.png --clean originals",
                       "autoencoder denoise runs/denoising-mnist-1 ~/clean --corruption gaussian:0.3"},
          .options = specs_of<DenoiseOptions>,
          .run = run_denoise};
}

}  // namespace autoencoder
