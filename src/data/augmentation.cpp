#include "data/augmentation.h"

#include <algorithm>
#include <numbers>
#include <vector>

#include <fmt/format.h>
#include <torch/enum.h>
#include <torch/nn/functional/vision.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"
#include "data/vectors.h"

namespace autoencoder {
namespace {

using torch::Tensor;

// A number from -most to most for each picture.
Tensor either_way(double most, int64_t count, const at::Generator& rng, const torch::TensorOptions& options) {
  return (torch::rand({count}, rng, options) * 2 - 1) * most;
}

Tensor for_each_picture(const Tensor& numbers) { return numbers.view({-1, 1, 1, 1}); }

}  // namespace

struct Augmentation::Kind {
  std::string name;
  double Augmentation::*strength;
  double largest;  // 0 where it has no strength to choose
  std::string example;
};

const std::vector<Augmentation::Kind>& Augmentation::kinds() {
  static const std::vector<Kind> kKinds = {{"flip", &Augmentation::flip_, 0, "flip"},
                                           {"rotate", &Augmentation::rotate_, 180, "rotate:10"},
                                           {"crop", &Augmentation::crop_, 32'000, "crop:96"},
                                           {"brightness", &Augmentation::brightness_, 1, "brightness:0.1"},
                                           {"noise", &Augmentation::noise_, 1, "noise:0.02"}};
  return kKinds;
}

const Augmentation::Kind& Augmentation::kind_named(const std::string& name, const std::string& text) {
  const auto found = std::ranges::find(kinds(), name, &Kind::name);
  if (found == kinds().end()) {
    std::vector<std::string> names;
    std::vector<std::string> examples;
    for (const Kind& kind : kinds()) {
      names.push_back(kind.name);
      examples.push_back(kind.example);
    }
    throw Error(fmt::format("augment is '{}'; it must be none, or some of {}, with commas between{}", text,
                            join(examples), did_you_mean(name, names)));
  }
  return *found;
}

Augmentation::Augmentation(const std::string& text) {
  if (text == "none") {
    return;
  }
  for (const std::string& word : split_words(text)) {
    const size_t colon = std::min(word.find(':'), word.size());
    const Kind& kind = kind_named(word.substr(0, colon), text);
    const std::string after = colon < word.size() ? word.substr(colon + 1) : "";
    const auto strength = kind.largest == 0 ? std::optional(1.0) : number_from<double>(after);
    const bool is_whole_word = kind.largest > 0 || colon == word.size();
    if (!is_whole_word || !strength || !(*strength > 0) || *strength > std::max(kind.largest, 1.0)) {
      throw Error(fmt::format(
          "augment has '{}'; write {}{}", word, kind.example,
          kind.largest == 0 ? "" : fmt::format(", with a number above 0 and at most {:g}", kind.largest)));
    }
    this->*kind.strength = *strength;
  }
}

bool Augmentation::is_none() const {
  return std::ranges::all_of(kinds(), [this](const Kind& kind) { return this->*kind.strength == 0; });
}

void Augmentation::check(const ImageShape& shape) const {
  if (!shape.is_image() && moves_pixels()) {
    throw Error(
        fmt::format("augment can flip, rotate and crop pictures, but not examples of {}; leave only "
                    "brightness and noise",
                    shape.text()));
  }
  if (crop_ > static_cast<double>(std::min(shape.height, shape.width))) {
    throw Error(fmt::format("augment has crop:{:g}, but the pictures are {}; crop to fewer pixels", crop_,
                            shape.text()));
  }
}

Batch Augmentation::apply(const Batch& batch, const at::Generator& rng) const {
  if (is_none()) {
    return batch;
  }
  Tensor images = moves_pixels() ? moved(batch.target, rng) : batch.target;
  const torch::TensorOptions options = images.options();
  if (brightness_ > 0) {
    images = images * for_each_picture(1 + either_way(brightness_, images.size(0), rng, options));
  }
  if (noise_ > 0) {
    images = images + noise_ * torch::randn(images.sizes(), rng, options);
  }
  images = are_images(images) ? images.clamp(0, 1) : images;
  return {images, images, batch.label};
}

Tensor Augmentation::moved(const Tensor& images, const at::Generator& rng) const {
  if (rotate_ == 0 && crop_ == 0) {
    const Tensor is_flipped = torch::rand({images.size(0)}, rng, images.options()) < 0.5;
    return torch::where(for_each_picture(is_flipped), images.flip(3), images);
  }
  const Tensor places = torch::affine_grid_generator(mappings(images, rng), images.sizes(),
                                                     /*align_corners=*/false);
  namespace functional = torch::nn::functional;
  return functional::grid_sample(images, places,
                                 functional::GridSampleFuncOptions()
                                     .mode(torch::kBilinear)
                                     .padding_mode(torch::kReflection)
                                     .align_corners(false));
}

// N x 2 x 3: where each picture's pixels come from, in coordinates from -1 to 1.
Tensor Augmentation::mappings(const Tensor& images, const at::Generator& rng) const {
  const int64_t count = images.size(0);
  const torch::TensorOptions options = images.options();
  const auto height = static_cast<double>(images.size(2));
  const auto width = static_cast<double>(images.size(3));
  const double scale = crop_ > 0 ? crop_ / std::min(height, width) : 1;
  const Tensor angle = either_way(rotate_ * std::numbers::pi / 180, count, rng, options);
  const Tensor side =
      flip_ > 0 ? torch::sign(torch::rand({count}, rng, options) - 0.5) : torch::ones({count}, options);
  const Tensor cosine = scale * torch::cos(angle);
  const Tensor sine = scale * torch::sin(angle);
  const Tensor right =
      torch::stack({side * cosine, -sine * (height / width), either_way(1 - scale, count, rng, options)}, 1);
  const Tensor down =
      torch::stack({side * sine * (width / height), cosine, either_way(1 - scale, count, rng, options)}, 1);
  return torch::stack({right, down}, 1);
}

}  // namespace autoencoder
