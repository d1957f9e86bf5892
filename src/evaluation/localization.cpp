#include "evaluation/localization.h"

#include <bit>
#include <limits>

#include <torch/types.h>

#include "evaluation/anomaly.h"
#include "evaluation/regions.h"

namespace autoencoder {
namespace {

// A float's bits, read as a whole number, are in the order of the floats from 0 on: its exponent and the
// first bits of its mantissa are the bin.
constexpr int kMantissaBits = 23;
constexpr int kKeptBits = 12;
constexpr int kDroppedBits = kMantissaBits - kKeptBits;
constexpr int kExponents = 80;  // from 2^-40 to 2^40
constexpr int kZeroExponent = 127;
constexpr int64_t kFirst = int64_t{kZeroExponent - kExponents / 2} << kKeptBits;
constexpr int64_t kBins = int64_t{kExponents} << kKeptBits;

torch::Tensor bins_of(const torch::Tensor& maps) {
  const torch::Tensor bits = maps.to(torch::kCPU, torch::kFloat32).contiguous().view(torch::kInt32);
  return (bits.bitwise_right_shift(kDroppedBits) - kFirst).clamp(0, kBins - 1).to(torch::kInt64);
}

// The smallest number in a bin.
double least_of(int64_t bin) {
  return bin == 0 ? 0 : std::bit_cast<float>(static_cast<int32_t>((bin + kFirst) << kDroppedBits));
}

torch::Tensor counted_in(const torch::Tensor& bins) {
  return torch::bincount(bins.flatten(), {}, kBins).to(torch::kFloat64);
}

// Of each bin, what lies in it and above: from the largest threshold down, and 0 for one above all.
torch::Tensor from_above(const torch::Tensor& in_bins) {
  return torch::cat({torch::zeros({1}, torch::kFloat64), in_bins.flip(0).cumsum(0)});
}

// The area under straight lines between points whose x rises from 0, as far as `end`.
double area_up_to(double end, const torch::Tensor& x, const torch::Tensor& y) {
  const auto before = [](const torch::Tensor& values) { return values.narrow(0, 0, values.size(0) - 1); };
  const torch::Tensor widths = x.diff();
  const torch::Tensor covered = before(x).add(widths).clamp_max(end) - before(x).clamp_max(end);
  const torch::Tensor slopes = y.diff() / widths.clamp_min(std::numeric_limits<double>::min());
  const torch::Tensor heights = before(y) + slopes * covered / 2;
  return (covered * heights).sum().item<double>();
}

}  // namespace

PixelTally::PixelTally()
    : sound_(torch::zeros({kBins}, torch::kFloat64)),
      defective_(torch::zeros_like(sound_)),
      coverage_(torch::zeros_like(sound_)) {}

void PixelTally::add(const torch::Tensor& maps, const torch::Tensor& masks) {
  TORCH_CHECK(maps.sizes() == masks.sizes(), "maps of ", maps.sizes(), ", but masks of ", masks.sizes());
  const torch::Tensor bins = bins_of(maps);
  const torch::Tensor are_defective = masks.cpu() != 0;
  sound_ = sound_ + counted_in(bins.masked_select(are_defective.logical_not()));
  defective_ = defective_ + counted_in(bins.masked_select(are_defective));
  for (int64_t i = 0; i < bins.size(0); ++i) {
    if (are_defective[i].any().item<bool>()) {
      add_regions(bins[i][0], are_defective[i][0].to(torch::kUInt8));
    }
  }
}

void PixelTally::add_regions(const torch::Tensor& bins, const torch::Tensor& mask) {
  const Regions regions = connected_regions(mask);
  const torch::Tensor are_inside = mask.to(torch::kBool);
  const torch::Tensor numbers = regions.numbers.masked_select(are_inside);
  const torch::Tensor shares = torch::bincount(numbers).to(torch::kFloat64).reciprocal();
  coverage_ = coverage_.index_add(0, bins.masked_select(are_inside), shares.index_select(0, numbers));
  regions_ += regions.count;
}

PixelTally& PixelTally::operator+=(const PixelTally& other) {
  sound_ = sound_ + other.sound_;
  defective_ = defective_ + other.defective_;
  coverage_ = coverage_ + other.coverage_;
  regions_ += other.regions_;
  return *this;
}

bool PixelTally::has_both() const {
  return sound_.sum().item<double>() > 0 && defective_.sum().item<double>() > 0;
}

Localization PixelTally::figures() const {
  TORCH_CHECK(has_both(), "figures need defective pixels and sound ones");
  const torch::Tensor false_ones = from_above(sound_);
  const torch::Tensor true_ones = from_above(defective_);
  const double all = true_ones[kBins].item<double>();
  const torch::Tensor false_rate = false_ones / false_ones[kBins];
  const torch::Tensor f1 = 2 * true_ones / (true_ones + false_ones + all);
  const int64_t best = f1.argmax().item<int64_t>();
  const double overlap = area_up_to(kLargestFalsePositiveRate, false_rate,
                                    from_above(coverage_) / static_cast<double>(regions_));
  return {area_up_to(1, false_rate, true_ones / all), overlap / kLargestFalsePositiveRate,
          f1[best].item<double>(), least_of(kBins - best)};
}

std::vector<PixelTally> tally_pixels(Autoencoder& model, const Dataset& data, const AnomalyMap& map,
                                     const torch::Tensor& groups, int64_t count) {
  std::vector<PixelTally> tallies(static_cast<size_t>(count));
  for_each_map(model, data, map, [&](const MappedPictures& some) {
    const int64_t size = some.maps.size(0);
    const torch::Tensor masks = data.masks.range(some.first, some.first + size);
    const torch::Tensor own = groups.narrow(0, some.first, size);
    for (int64_t group = 0; group < count; ++group) {
      const torch::Tensor members = (own == group).nonzero().flatten();
      tallies[static_cast<size_t>(group)].add(some.maps.index_select(0, members),
                                              masks.index_select(0, members));
    }
  });
  return tallies;
}

}  // namespace autoencoder
