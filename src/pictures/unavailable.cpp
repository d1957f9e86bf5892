// Built where there is no OpenCV, in place of what needs it: everything that draws or reads pictures says so.
#include "common/error.h"
#include "pictures/curves.h"
#include "pictures/encode.h"
#include "pictures/grid.h"
#include "pictures/picture_codec.h"
#include "pictures/picture_files.h"
#include "pictures/picture_folder.h"
#include "pictures/picture_layout.h"
#include "pictures/pictures.h"
#include "pictures/scatter.h"
#include "pictures/series_chart.h"

namespace autoencoder {
namespace {

[[noreturn]] void throw_unavailable() {
  throw Error(
      "this build has no OpenCV, so it cannot draw or read pictures; install libopencv-dev and build again");
}

}  // namespace

bool pictures_available() { return false; }

std::string opencv_version() { return "none"; }

DataSource read_picture_folder(const std::filesystem::path& folder, const PictureFormat&) {
  layout_of(folder);  // a wrong folder is the mistake to mend first
  throw_unavailable();
}

DataSource read_picture_list(const std::string&, const std::vector<std::filesystem::path>&,
                             const PictureFormat&) {
  throw_unavailable();
}

void write_grid(const std::filesystem::path&, const std::vector<GridPart>&, const GridStyle&) {
  throw_unavailable();
}

void write_scatter(const std::filesystem::path&, const std::vector<ScatterPlot>&, const torch::Tensor&,
                   const std::string&) {
  throw_unavailable();
}

void write_labelled_scatter(const std::filesystem::path&, const LabelledPoints&, const std::string&) {
  throw_unavailable();
}

torch::Tensor read_picture_files(const std::vector<std::filesystem::path>&, const PictureFormat&) {
  throw_unavailable();
}

torch::Tensor read_picture_bytes(const std::string&, const std::string&, const PictureFormat&) {
  throw_unavailable();
}

std::string codec_name(PictureCodec) { throw_unavailable(); }

CodedPicture coded(const torch::Tensor&, PictureCodec, int) { throw_unavailable(); }

void write_picture(const std::filesystem::path&, const torch::Tensor&) { throw_unavailable(); }

std::string picture_bytes(const torch::Tensor&) { throw_unavailable(); }

void write_pictures(const std::filesystem::path&, const torch::Tensor&, int64_t) { throw_unavailable(); }

void write_chart(const std::filesystem::path&, const std::vector<ChartCurve>&, const ChartText&) {
  throw_unavailable();
}

void write_series(const std::filesystem::path&, const std::vector<SeriesPanel>&, const SeriesStyle&) {
  throw_unavailable();
}

}  // namespace autoencoder
