#include "data/corruption.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {

Choices<Corruption::Kind> Corruption::kinds() {
  return {{"none", Kind::kNone},
          {"gaussian", Kind::kGaussian},
          {"salt-pepper", Kind::kSaltPepper},
          {"masking", Kind::kMasking},
          {"speckle", Kind::kSpeckle}};
}

Corruption::Corruption(const std::string& text) {
  const size_t colon = std::min(text.find(':'), text.size());
  const std::string kind = text.substr(0, colon);
  const Choices<Kind> all = kinds();
  const auto found = std::ranges::find(all, kind, [](const auto& each) { return each.first; });
  if (found == all.end()) {
    const std::vector<std::string> names = keys_of(all);
    throw Error(
        fmt::format("corruption is '{}'; it must be one of {}, with its strength, such as gaussian:0.3{}",
                    text, join(names), did_you_mean(kind, names)));
  }
  kind_ = found->second;
  if (!is_none()) {
    strength_ = parse_strength(colon < text.size() ? text.substr(colon + 1) : "");
  }
}

double Corruption::parse_strength(const std::string& word) const {
  const auto strength = number_from<double>(word);
  const double largest = takes_share() ? 1 : 100;
  if (!strength || !(*strength > 0) || *strength > largest) {
    const std::string kind = name_of(kinds(), kind_);
    throw Error(
        fmt::format("corruption is '{}:{}'; after the colon comes a number above 0 and at most {}, "
                    "such as {}:0.3",
                    kind, word, largest, kind));
  }
  return *strength;
}

std::string Corruption::text() const {
  const std::string kind = name_of(kinds(), kind_);
  return is_none() ? kind : fmt::format("{}:{:g}", kind, strength_);
}

torch::Tensor Corruption::apply(const torch::Tensor& images, const at::Generator& rng) const {
  if (is_none()) {
    return images;
  }
  if (takes_share()) {
    const torch::Tensor chance = torch::rand(images.sizes(), rng, images.options());
    const torch::Tensor value = kind_ == Kind::kMasking ? torch::zeros({}, images.options())
                                                        : (chance < strength_ / 2).to(images.dtype());
    return torch::where(chance < strength_, value, images);
  }
  const torch::Tensor noise = torch::randn(images.sizes(), rng, images.options()) * strength_;
  const torch::Tensor noisy = images + (kind_ == Kind::kSpeckle ? images * noise : noise);
  const bool is_vector = images.size(1) == 1 && images.size(2) == 1;
  return is_vector ? noisy : noisy.clamp_(0, 1);
}

void InputOptions::visit(OptionVisitor& visitor) {
  visitor.option("corruption", corruption,
                 "noise to learn to remove: none, gaussian:S, salt-pepper:P, masking:P or speckle:S");
  visitor.option("binarize", binarize,
                 "draw binary images afresh in every step, a pixel's intensity its chance");
}

Batch shown(const Batch& batch, const Corruption& corruption, bool binarize, const at::Generator& rng) {
  const torch::Tensor target =
      binarize ? (torch::rand(batch.target.sizes(), rng, batch.target.options()) < batch.target)
                     .to(batch.target.dtype())
               : batch.target;
  return {corruption.apply(binarize ? target : batch.input, rng), target, batch.label};
}

}  // namespace autoencoder
