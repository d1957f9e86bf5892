// autoencoder rate RUN: how many bits a model's compression takes, beside other codecs.

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <torch/torch.h>

#include "commands/command.h"
#include "commands/progress.h"
#include "commands/run_access.h"
#include "common/error.h"
#include "common/text.h"
#include "compression/compressor.h"
#include "compression/rate_meter.h"
#include "pictures/curves.h"
#include "pictures/grid.h"
#include "pictures/picture_codec.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSheetSide = 10;
constexpr int64_t kOnASheet = kSheetSide * kSheetSide;

struct RateOptions : RunDataOptions {
  int64_t count = 1000;
  std::string out;
  bool json = false;

  void visit(OptionVisitor& visitor) override {
    RunDataOptions::visit(visitor);
    visitor.group("Measurement");
    visitor.option("count", count, "how many pictures to compress, in sheets of 100",
                   between(kOnASheet, kMostExamples));
    visitor.option("out", out,
                   "the folder for rate-single.png and rate-sheets.png; the default is the run's");
    visitor.option("json", json, "print JSON");
  }
};

// What a codec at one setting makes of all pictures.
struct Rate {
  std::string codec;
  std::string setting;
  double bits_per_pixel = 0;
  std::optional<double> psnr;  // dB, of the mean squared error; none where nothing is lost
};

Rate rate_from(const RateMeter& meter, const std::string& codec, const std::string& setting) {
  return {codec, setting, meter.bits_per_pixel(),
          meter.is_exact() ? std::nullopt : std::optional(meter.psnr())};
}

// How pictures go into files: each into its own, or a hundred into one.
struct Grouping {
  std::string name;     // of the chart's file
  std::string caption;  // for people
  int64_t pictures_in_file = 1;
};
const std::vector<Grouping> kGroupings = {{"rate-single", "image by image", 1},
                                          {"rate-sheets", "sheets of 100 images", kOnASheet}};

std::vector<torch::Tensor> files_of(const torch::Tensor& images, const Grouping& grouping) {
  std::vector<torch::Tensor> files;
  for (const torch::Tensor& some : images.split(grouping.pictures_in_file)) {
    files.push_back(grouping.pictures_in_file == 1 ? some[0] : sheet_of(some, kSheetSide));
  }
  return files;
}

Rate rate_of(PictureCodec codec, int quality, const std::vector<torch::Tensor>& files) {
  RateMeter meter;
  for (const torch::Tensor& file : files) {
    const CodedPicture picture = coded(file, codec, quality);
    meter.add_bytes(picture.file.size());
    meter.add_pictures(file, picture.decoded);
  }
  const bool loses = codec == PictureCodec::kJpeg || codec == PictureCodec::kWebp;
  return rate_from(meter, codec_name(codec), loses ? fmt::format("quality {}", quality) : "");
}

std::vector<Rate> rates_of_codecs(const std::vector<torch::Tensor>& files) {
  std::vector<Rate> rates;
  for (const PictureCodec codec : {PictureCodec::kJpeg, PictureCodec::kWebp}) {
    for (const int quality : {1, 5, 10, 25, 50, 75, 90, 97}) {
      rates.push_back(rate_of(codec, quality, files));
    }
  }
  for (const PictureCodec codec : {PictureCodec::kPng, PictureCodec::kLosslessWebp}) {
    rates.push_back(rate_of(codec, 0, files));
  }
  return rates;
}

Rate rate_of_model(const Compressor& compressor, const CodeFileHeader& header, const torch::Tensor& images,
                   const Grouping& grouping, const std::string& setting) {
  RateMeter meter;
  for (const torch::Tensor& some : images.split(grouping.pictures_in_file)) {
    const CodeChunk chunk = compressor.compress(some);
    meter.add_bytes(code_file_size(header, chunk));
    meter.add_pictures(some, compressor.decompress(chunk));
  }
  return rate_from(meter, "autoencoder", setting);
}

using RatesByGrouping = std::vector<std::vector<Rate>>;

// Appends the rates of one request to those of each grouping.
void add_rates_of_model(RatesByGrouping& rates, Autoencoder& model, const torch::Tensor& images,
                        const CompressionRequest& request) {
  const CodeFileHeader header = plan_compression(model, images, request);
  const Compressor compressor(model, header);
  const std::string setting = request.fidelity == Fidelity::kLossless
                                  ? "lossless"
                                  : fmt::format("extra error {:g}", request.extra_error);
  for (size_t i = 0; i < kGroupings.size(); ++i) {
    rates[i].push_back(rate_of_model(compressor, header, images, kGroupings[i], setting));
  }
}

// The lossless request comes last: it takes the model to the CPU.
RatesByGrouping measure(Autoencoder& model, const torch::Tensor& images) {
  RatesByGrouping rates(kGroupings.size());
  const std::vector<double> extra_errors = {30, 10, 3, 1, 0.3, 0.1, 0.03};
  CountBar bar("measuring", static_cast<int64_t>(extra_errors.size() + 1 + kGroupings.size()));
  for (const double extra_error : extra_errors) {
    add_rates_of_model(rates, model, images, {.extra_error = extra_error, .fidelity = Fidelity::kLossy});
    bar.advance(1);
  }
  add_rates_of_model(rates, model, images, {.fidelity = Fidelity::kLossless});
  bar.advance(1);
  for (size_t i = 0; i < kGroupings.size(); ++i) {
    const std::vector<Rate> others = rates_of_codecs(files_of(images, kGroupings[i]));
    rates[i].insert(rates[i].end(), others.begin(), others.end());
    bar.advance(1);
  }
  return rates;
}

void print_rates(const std::vector<Rate>& rates, const Grouping& grouping) {
  fmt::print("\n{:<40} {:>10} {:>9}\n", grouping.caption, "bits/pixel", "PSNR, dB");
  for (const Rate& rate : rates) {
    fmt::print("  {:<14} {:<23} {:>10.4f} {:>9}\n", rate.codec, rate.setting, rate.bits_per_pixel,
               rate.psnr ? fmt::format("{:.2f}", *rate.psnr) : "exact");
  }
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

// A curve of each codec that loses something.
void draw_rates(const fs::path& path, const std::vector<Rate>& rates, const std::string& title) {
  std::vector<Curve> curves;
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
  write_chart(
      path, curves,
      {.title = title, .x_label = "bits per pixel", .y_label = "PSNR, dB", .kind = ChartKind::kPlain});
}

// Whole sheets of pictures of bytes.
torch::Tensor measured_images(const RunData& data, int64_t count) {
  const int64_t available = data.examples.size();
  if (available < kOnASheet) {
    throw Error(fmt::format("{}: sheets take {} pictures; give more", data.text, kOnASheet));
  }
  if (data.examples.shape().is_vector() || data.examples.images.scalar_type() != torch::kUInt8) {
    throw Error(fmt::format("{}: no pictures of bytes, which is what the other codecs take", data.text));
  }
  const int64_t used = std::min(count, available) / kOnASheet * kOnASheet;
  return first_images(data.examples, used).cpu().contiguous();
}

int run_rate(const Arguments& arguments) {
  const auto options = options_from<RateOptions>(arguments);
  OpenRun opened = open_run_model(arguments.words.front(), use_device(options.device));
  const RunData data = open_run_data(opened, options);
  const torch::Tensor images = measured_images(data, options.count);
  const uint64_t model_bytes = bytes_of_model(opened.model());
  const RatesByGrouping rates = measure(opened.model(), images);
  Json json = {{"images", images.size(0)}, {"model_bytes", model_bytes}};
  if (!options.json) {
    fmt::print("{}: {} of the {}\n", opened.directory.path().string(), counted(images.size(0), "image"),
               data.text);
  }
  const fs::path folder = opened.output_path(options.out, "");
  for (size_t i = 0; i < kGroupings.size(); ++i) {
    const fs::path chart = folder / (kGroupings[i].name + ".png");
    draw_rates(chart, rates[i], fmt::format("{}, {}", opened.directory.name(), kGroupings[i].caption));
    if (options.json) {
      json[kGroupings[i].name] = rates_json(rates[i]);
    } else {
      print_rates(rates[i], kGroupings[i]);
      fmt::print("  {}\n", chart.string());
    }
  }
  if (options.json) {
    answer_in_json(json);
  } else {
    fmt::print("\nThe model itself, which both sides must have, takes {}; it is not in the figures above.\n",
               bytes_text(model_bytes));
  }
  return 0;
}

}  // namespace

Command rate_command() {
  return {.name = "rate",
          .summary = "bits a pixel of compressed pictures, beside JPEG, WebP and PNG",
          .synopsis = "RUN",
          .min_words = 1,
          .max_words = 1,
          .examples = {"autoencoder rate runs/conv-mnist-1",
                       "autoencoder rate runs/conv-mnist-1 --count 10000 --json"},
          .options = specs_of<RateOptions>,
          .run = run_rate};
}

}  // namespace autoencoder
