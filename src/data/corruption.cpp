#include "data/corruption.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/defects.h"
#include "data/vectors.h"

namespace autoencoder {
namespace {

constexpr double kUsualDefects = 2;
constexpr double kMostDefects = 20;
constexpr std::string_view kDots = "..";

}  // namespace

Choices<Corruption::Kind> Corruption::kinds() {
  return {{"none", Kind::kNone},       {"gaussian", Kind::kGaussian}, {"salt-pepper", Kind::kSaltPepper},
          {"masking", Kind::kMasking}, {"speckle", Kind::kSpeckle},   {"holes", Kind::kHoles},
          {"defects", Kind::kDefects}};
}

Corruption::Corruption(const std::string& text) {
  const size_t colon = std::min(text.find(':'), text.size());
  const std::string kind = text.substr(0, colon);
  const auto known = find_choice(kinds(), kind);
  if (!known) {
    const std::vector<std::string> names = keys_of(kinds());
    throw Error(
        fmt::format("corruption is '{}'; it must be one of {}, with its strength, such as gaussian:0.3{}",
                    text, join(names), did_you_mean(kind, names)));
  }
  kind_ = *known;
  if (kind_ == Kind::kDefects && colon == text.size()) {
    strength_ = kUsualDefects;
  } else if (!is_none()) {
    const std::string word = colon < text.size() ? text.substr(colon + 1) : "";
    const size_t dots = kind_ == Kind::kGaussian ? std::min(word.find(kDots), word.size()) : word.size();
    strength_ = parse_strength(word.substr(0, dots));
    largest_ = dots < word.size() ? parse_strength(word.substr(dots + kDots.size())) : strength_;
    if (largest_ < strength_) {
      throw no_strength(word);
    }
  }
}

double Corruption::largest_strength() const {
  return takes_share() ? 1 : kind_ == Kind::kDefects ? kMostDefects : 100;
}

double Corruption::parse_strength(const std::string& word) const {
  const auto strength = number_from<double>(word);
  const double largest = largest_strength();
  if (!strength || !(*strength > 0) || *strength > largest) {
    throw no_strength(word);
  }
  return *strength;
}

Error Corruption::no_strength(const std::string& word) const {
  const std::string kind = name_of(kinds(), kind_);
  return Error(
      fmt::format("corruption is '{}:{}'; after the colon comes a number above 0 and at most {}, "
                  "such as {}:0.3{}",
                  kind, word, largest_strength(), kind,
                  kind_ == Kind::kGaussian ? ", or two from the smaller on, gaussian:0.1..1" : ""));
}

std::string Corruption::text() const {
  const std::string kind = name_of(kinds(), kind_);
  const std::string range = largest_ > strength_ ? fmt::format("{}{:g}", kDots, largest_) : "";
  return is_none() ? kind : fmt::format("{}:{:g}{}", kind, strength_, range);
}

torch::Tensor Corruption::apply(const torch::Tensor& images, const at::Generator& rng) const {
  if (is_none()) {
    return images;
  }
  if (makes_holes()) {
    return with_holes(images, rng);
  }
  if (kind_ != Kind::kDefects) {
    return with_noise(images, rng);
  }
  if (!are_images(images)) {
    throw Error("corruption is 'defects', which are of pictures; for vectors give gaussian:S or masking:P");
  }
  return with_defects(images, strength_, rng);
}

Corruption Corruption::of(const RowLayout& layout, const torch::Tensor& spread) const {
  Corruption of_rows = *this;
  of_rows.spread_ = spread;
  if (!layout.empty()) {
    of_rows.columns_ = std::ssize(layout.spans());
    of_rows.column_of_entries_ = torch::tensor(
        layout.column_of_entries(), spread.defined() ? spread.device() : torch::Device(torch::kCPU));
  }
  return of_rows;
}

torch::Tensor Corruption::with_holes(const torch::Tensor& rows, const at::Generator& rng) const {
  if (!column_of_entries_.defined()) {
    throw Error(
        "corruption is 'holes', which are made in the rows of tables; for other data give masking:P or "
        "gaussian:S");
  }
  const torch::Tensor columns = column_of_entries_.to(rows.device());
  const torch::Tensor chance = torch::rand({rows.size(0), columns_}, rng, rows.options());
  const torch::Tensor is_hole = (chance < strength_).index_select(1, columns).view_as(rows);
  return rows.masked_fill(is_hole, std::numeric_limits<float>::quiet_NaN());
}

torch::Tensor Corruption::with_noise(const torch::Tensor& images, const at::Generator& rng) const {
  if (takes_share()) {
    const torch::Tensor chance = torch::rand(images.sizes(), rng, images.options());
    const torch::Tensor value = kind_ == Kind::kMasking ? torch::zeros({}, images.options())
                                                        : (chance < strength_ / 2).to(images.dtype());
    return torch::where(chance < strength_, value, images);
  }
  const torch::Tensor noise = kind_ == Kind::kSpeckle
                                  ? images * (torch::randn(images.sizes(), rng, images.options()) * strength_)
                                  : gaussian_noise(images, rng);
  const torch::Tensor noisy = images + noise;
  return are_images(images) ? noisy.clamp_(0, 1) : noisy;
}

torch::Tensor Corruption::gaussian_noise(const torch::Tensor& images, const at::Generator& rng) const {
  torch::Tensor noise = torch::randn(images.sizes(), rng, images.options()) * strength_;
  if (largest_ > strength_) {
    const torch::Tensor place = torch::rand({images.size(0), 1, 1, 1}, rng, images.options());
    noise = noise * (place * std::log(largest_ / strength_)).exp();
  }
  const bool has_units = spread_.defined() && !are_images(images);
  return has_units ? noise * spread_.to(noise.device()) : noise;
}

void InputOptions::visit(OptionVisitor& visitor) {
  visitor.option("corruption", corruption,
                 fmt::format("noise to learn to remove, or defects to repair: {}", kCorruptions));
  visitor.option("binarize", binarize,
                 "draw binary images afresh in every step, a pixel's intensity its chance");
}

Batch seen_by_model(const Batch& batch, const Corruption& corruption, bool binarize,
                    const at::Generator& rng) {
  const torch::Tensor target =
      binarize ? (torch::rand(batch.target.sizes(), rng, batch.target.options()) < batch.target)
                     .to(batch.target.dtype())
               : batch.target;
  return {corruption.apply(binarize ? target : batch.input, rng), target, batch.label};
}

}  // namespace autoencoder
