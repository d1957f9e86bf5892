#include "evaluation/detector.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "run/saved_model.h"

namespace autoencoder {

void write_detector(const std::filesystem::path& path, const Detector& detector) {
  torch::serialize::OutputArchive archive;
  archive.write("score", c10::IValue(detector.score));
  archive.write("threshold", c10::IValue(detector.threshold));
  archive.write("codes", detector.normality.codes, /*is_buffer=*/true);
  archive.write("mean", detector.normality.mean, /*is_buffer=*/true);
  archive.write("precision", detector.normality.precision, /*is_buffer=*/true);
  write_archive(archive, path);
}

Detector read_detector(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw Error(fmt::format("{}: no such file; make it with 'autoencoder detect fit {}'", path.string(),
                            path.parent_path().string()));
  }
  torch::serialize::InputArchive archive = open_archive(path, torch::kCPU);
  try {
    c10::IValue score;
    c10::IValue threshold;
    archive.read("score", score);
    archive.read("threshold", threshold);
    Detector detector = {score.toStringRef(), threshold.toDouble(), {}};
    archive.read("codes", detector.normality.codes, /*is_buffer=*/true);
    archive.read("mean", detector.normality.mean, /*is_buffer=*/true);
    archive.read("precision", detector.normality.precision, /*is_buffer=*/true);
    return detector;
  } catch (const c10::Error&) {
    throw Error(fmt::format("{}: damaged, or not written by this program", path.string()));
  }
}

}  // namespace autoencoder
