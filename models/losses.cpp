#include "models/losses.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include <fmt/format.h>
#include <torch/nn/functional.h>

#include "common/error.h"
#include "models/kernels/sigmoid_errors.h"
#include "models/kernels/similarity.h"

namespace autoencoder {
namespace {

using torch::Tensor;

// Of each scale, the finest first (Wang, Simoncelli & Bovik 2003, section 3.2).
constexpr std::array kScaleWeights = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
// Below it a similarity counts as this one: the power of a negative number is none, and that of 0 has no
// derivative.
constexpr double kSmallestSimilarity = 1e-3;
constexpr int64_t kFiveScalesSide = kSimilarityWindow << (kScaleWeights.size() - 1);

Tensor similarity(const Tensor& target, const Tensor& picture) {
  return channel_similarity(target, picture).mean(1);
}

Tensor multi_scale_similarity(Tensor target, Tensor picture) {
  Tensor product = torch::ones({}, picture.options());
  for (const double weight : kScaleWeights) {
    const bool is_coarsest = weight == kScaleWeights.back();
    const auto part = is_coarsest ? SimilarityPart::kWhole : SimilarityPart::kContrastAndStructure;
    const Tensor of_scale = channel_similarity(target, picture, part).clamp_min(kSmallestSimilarity);
    product = product * of_scale.pow(weight);
    if (!is_coarsest) {
      target = torch::avg_pool2d(target, 2);
      picture = torch::avg_pool2d(picture, 2);
    }
  }
  return product.mean(1);
}

// A loss of pictures: what is missing from a similarity, and a loss of elements that is added to it.
struct PictureLoss {
  std::function<Tensor(const Tensor& target, const Tensor& picture)> similarity;
  std::optional<ReconstructionLoss> of_elements = std::nullopt;
};

// Nothing where it is one of elements.
std::optional<PictureLoss> picture_loss(ReconstructionLoss loss) {
  switch (loss) {
    case ReconstructionLoss::kSimilarity:
      return PictureLoss{similarity};
    case ReconstructionLoss::kMultiScaleSimilarity:
      return PictureLoss{multi_scale_similarity};
    case ReconstructionLoss::kSimilarityAndAbsolute:
      return PictureLoss{similarity, ReconstructionLoss::kAbsolute};
    case ReconstructionLoss::kSimilarityAndSquared:
      return PictureLoss{similarity, ReconstructionLoss::kSquared};
    default:
      return std::nullopt;
  }
}

Tensor summed_picture_error(const PictureLoss& loss, const Tensor& logits, Activation activation,
                            const Tensor& target) {
  const auto elements = static_cast<double>(target[0].numel());
  const Tensor missing = elements * (1 - loss.similarity(target, activate(activation, logits)));
  return loss.of_elements
             ? missing + summed_reconstruction_error(*loss.of_elements, logits, activation, target)
             : missing;
}

void check_picture_loss(ReconstructionLoss loss, const ImageShape& shape) {
  const int64_t shorter_side = std::min(shape.height, shape.width);
  const int64_t smallest =
      loss == ReconstructionLoss::kMultiScaleSimilarity ? kFiveScalesSide : kSimilarityWindow;
  if (shorter_side < smallest) {
    throw Error(fmt::format("loss {0} takes pictures of {1}x{1} and larger, not {2}; use --loss {3}",
                            name_of(picture_losses(), loss), smallest, shape.text(),
                            shorter_side < kSimilarityWindow ? "mse" : "ssim"));
  }
}

}  // namespace

Choices<ReconstructionLoss> reconstruction_losses() {
  return {{"mse", ReconstructionLoss::kSquared},
          {"bce", ReconstructionLoss::kCrossEntropy},
          {"l1", ReconstructionLoss::kAbsolute},
          {"huber", ReconstructionLoss::kHuber}};
}

Choices<ReconstructionLoss> picture_losses() {
  return {{"ssim", ReconstructionLoss::kSimilarity},
          {"ms-ssim", ReconstructionLoss::kMultiScaleSimilarity},
          {"ssim+l1", ReconstructionLoss::kSimilarityAndAbsolute},
          {"ssim+mse", ReconstructionLoss::kSimilarityAndSquared}};
}

void check_loss(ReconstructionLoss loss, Activation activation, const ImageShape& shape) {
  if (loss == ReconstructionLoss::kCrossEntropy && activation != Activation::kSigmoid) {
    throw Error(
        fmt::format("loss bce needs output-activation sigmoid, not {}; use --loss mse, or leave the output "
                    "activation as it is",
                    name_of(activations(), activation)));
  }
  if (picture_loss(loss)) {
    check_picture_loss(loss, shape);
  }
}

Tensor reconstruction_error(ReconstructionLoss loss, const Tensor& logits, Activation activation,
                            const Tensor& target) {
  const auto each = torch::Reduction::None;
  switch (loss) {
    case ReconstructionLoss::kSquared:
      return torch::mse_loss(activate(activation, logits), target, each);
    case ReconstructionLoss::kCrossEntropy:
      TORCH_CHECK(activation == Activation::kSigmoid, "cross-entropy takes the logits of a sigmoid");
      return torch::binary_cross_entropy_with_logits(logits, target, {}, {}, each);
    case ReconstructionLoss::kAbsolute:
      return torch::l1_loss(activate(activation, logits), target, each);
    case ReconstructionLoss::kHuber:
      return torch::smooth_l1_loss(activate(activation, logits), target, each);
    default:
      TORCH_CHECK(false, "no element has this loss");
  }
}

Tensor summed_error_of_rows(ReconstructionLoss loss, const Tensor& logits, Activation activation,
                            const Tensor& target) {
  const Tensor is_hole = torch::isnan(target);
  const Tensor errors = reconstruction_error(loss, logits, activation, target.masked_fill(is_hole, 0));
  return errors.masked_fill(is_hole, 0).flatten(1).sum(1);
}

Tensor summed_reconstruction_error(ReconstructionLoss loss, const Tensor& logits, Activation activation,
                                   const Tensor& target) {
  if (const auto of_pictures = picture_loss(loss)) {
    return summed_picture_error(*of_pictures, logits, activation, target);
  }
  if (activation == Activation::kSigmoid && takes_sigmoid_errors(logits, target)) {
    if (loss == ReconstructionLoss::kSquared) {
      return sigmoid_squared_error(logits, target);
    }
    if (loss == ReconstructionLoss::kCrossEntropy) {
      return sigmoid_cross_entropy(logits, target);
    }
  }
  return reconstruction_error(loss, logits, activation, target).flatten(1).sum(1);
}

}  // namespace autoencoder
