#include "tasks/rate.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "pictures/curves.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kOnASheet = 100;

std::vector<CompressionQuality> measured_qualities() {
  std::vector<CompressionQuality> qualities;
  for (const double extra_error : {30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03}) {
    qualities.push_back({.extra_error = extra_error, .fidelity = Fidelity::kLossy});
  }
  qualities.push_back({.fidelity = Fidelity::kLossless});
  return qualities;
}

std::string setting_of(const CompressionQuality& quality) {
  return quality.fidelity == Fidelity::kLossless ? "lossless"
                                                 : fmt::format("extra error {:g}", quality.extra_error);
}

void add_rates_of_model(std::vector<GroupedRates>& groups, const SavedModel& saved,
                        const torch::Tensor& images, const CompressionQuality& quality) {
  const CodeFileHeader header = plan_compression(*saved.model, images, quality);
  const Compressor compressor(saved, header);
  for (GroupedRates& group : groups) {
    group.rates.push_back(
        rate_of_model(compressor, header, images, group.images_in_file, setting_of(quality)));
  }
}

void add_rates_of_codecs(GroupedRates& group, const torch::Tensor& images) {
  const std::vector<Rate> others = rates_of_codecs(images, group.images_in_file);
  group.rates.insert(group.rates.end(), others.begin(), others.end());
}

void add_all_rates(std::vector<GroupedRates>& groups, const SavedModel& saved, const torch::Tensor& images,
                   Progress& progress) {
  const std::vector<CompressionQuality> qualities = measured_qualities();
  progress.begin("measuring", static_cast<int64_t>(qualities.size() + groups.size()));
  for (const CompressionQuality& quality : qualities) {
    add_rates_of_model(groups, saved, images, quality);
    progress.advance(1);
  }
  for (GroupedRates& group : groups) {
    add_rates_of_codecs(group, images);
    progress.advance(1);
  }
}

// Of each codec that loses something.
std::vector<ChartCurve> curves_of(const std::vector<Rate>& rates) {
  std::vector<ChartCurve> curves;
  for (const Rate& rate : rates) {
    if (!rate.psnr) {
      continue;
    }
    if (curves.empty() || curves.back().name != rate.codec) {
      curves.push_back({rate.codec, {}, {}});
    }
    curves.back().x.push_back(rate.bits_per_pixel);
    curves.back().y.push_back(*rate.psnr);
  }
  return curves;
}

void draw_rates(const GroupedRates& group, const std::string& run_name) {
  write_chart(group.chart, curves_of(group.rates),
              {.title = fmt::format("{}, {}", run_name, group.caption),
               .x_label = "bits per pixel",
               .y_label = "PSNR, dB",
               .kind = ChartKind::kPlain});
}

// Whole sheets of pictures of bytes.
torch::Tensor measured_images(const DescribedData& data, int64_t count) {
  const int64_t available = data.examples.size();
  if (available < kOnASheet) {
    throw Error(fmt::format("{}: sheets take {} pictures; give more", data.text, kOnASheet));
  }
  if (!data.examples.shape().is_image() || data.examples.images.type() != torch::kUInt8) {
    throw Error(fmt::format("{}: no pictures of bytes, which is what the other codecs take", data.text));
  }
  const int64_t used = std::min(count, available) / kOnASheet * kOnASheet;
  return first_images(data.examples, used).cpu().contiguous();
}

Json rates_json(const std::vector<Rate>& rates) {
  Json all = Json::array();
  for (const Rate& rate : rates) {
    Json json = {{"codec", rate.codec}, {"setting", rate.setting}, {"bits_per_pixel", rate.bits_per_pixel}};
    if (rate.psnr) {
      json["psnr"] = *rate.psnr;
    }
    all.push_back(json);
  }
  return all;
}

}  // namespace

void RateRequest::visit(OptionVisitor& visitor) {
  RunDataRequest::visit(visitor);
  visitor.group("Measurement");
  visitor.option("count", count, "how many pictures to compress, in sheets of 100",
                 between(kOnASheet, kMostExamples));
  visitor.option("out", out, "the folder for rate-single.png and rate-sheets.png; the default is the run's");
}

Json RateResult::to_json() const {
  Json json = {{"images", images}, {"model_bytes", model_bytes}};
  for (const GroupedRates& group : groups) {
    json[group.name] = rates_json(group.rates);
  }
  return json;
}

RateResult measure_rates(const RateRequest& request, Progress& progress) {
  const auto [run, data] = open_with_data(request);
  const torch::Tensor images = measured_images(data, request.count);
  const fs::path folder = run.output_path(request.out, "");
  RateResult result = {
      .run = run.directory.path().string(),
      .data = data.text,
      .images = images.size(0),
      .model_bytes = bytes_of_model(*run.saved.model),
      .groups = {{"rate-single", "image by image", 1, folder / "rate-single.png"},
                 {"rate-sheets", "sheets of 100 images", kOnASheet, folder / "rate-sheets.png"}}};
  add_all_rates(result.groups, run.saved, images, progress);
  for (const GroupedRates& group : result.groups) {
    draw_rates(group, run.directory.name());
  }
  return result;
}

}  // namespace autoencoder
