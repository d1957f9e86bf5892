#include "evaluation/reconstruction.h"

#include <torch/types.h>

#include "common/random.h"
#include "data/dataset.h"
#include "evaluation/examples_at_once.h"

namespace autoencoder {
namespace {

constexpr uint64_t kPictureSeed = 0;

constexpr int64_t kPicturedImages = 20;
constexpr int64_t kPicturedPoints = 1000;
constexpr int64_t kPicturedSamples = 64;

// Of as many examples, or codes, at a time as are good for the model, all that `compute` makes of them.
template <typename Compute>
torch::Tensor in_pieces(const Autoencoder& model, const torch::Tensor& all, const Compute& compute) {
  std::vector<torch::Tensor> pieces;
  for (const torch::Tensor& some : all.split(examples_at_once(model.input_shape()))) {
    pieces.push_back(compute(some));
  }
  return torch::cat(pieces);
}

}  // namespace

Reconstruction reconstruct(Autoencoder& model, const torch::Tensor& images, const Corruption& corruption) {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  const torch::Tensor originals = to_unit_range(images.to(device));
  const torch::Tensor input = corruption.apply(originals, make_generator(kPictureSeed, device));
  std::vector<Panel> between;
  if (!corruption.is_none()) {
    between.push_back({"corrupted", input.cpu()});
  }
  if (Illustrated* illustrated = model.illustrated()) {
    for (const Panel& panel : illustrated->panels(input, {make_generator(kPictureSeed, device)})) {
      between.push_back({panel.caption, panel.images.cpu()});
    }
  }
  const torch::Tensor codes =
      in_pieces(model, input, [&](const torch::Tensor& some) { return model.encode(some); });
  const ImageShape& code = model.code_shape();
  return {originals.cpu(), between, codes.cpu(), decoded(model, codes),
          code.channels == 1 && code.height > 1};
}

torch::Tensor decoded(Autoencoder& model, const torch::Tensor& codes) {
  const torch::NoGradGuard no_grad;
  const torch::Device device = model.parameters().front().device();
  return in_pieces(model, codes,
                   [&](const torch::Tensor& some) { return model.decode(some.to(device)).cpu(); });
}

std::optional<torch::Tensor> prior_samples(Autoencoder& model) {
  Generative* generative = model.generative();
  if (generative == nullptr) {
    return std::nullopt;
  }
  return decoded(model, generative->sample_codes(kPicturedSamples, {}, make_generator(kPictureSeed)));
}

bool are_points(const ImageShape& shape) {
  return shape.is_vector() && (shape.width == 2 || shape.width == 3);
}

int64_t pictured_examples(const ImageShape& shape) {
  return are_points(shape) ? kPicturedPoints : kPicturedImages;
}

}  // namespace autoencoder
