#include "compression/model_digest.h"

#include <algorithm>
#include <memory>
#include <openssl/evp.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"

namespace autoencoder {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  void add(const void* bytes, size_t count) { check(EVP_DigestUpdate(context_.get(), bytes, count) == 1); }
  void add(const std::string& text) { add(text.c_str(), text.size() + 1); }

  std::array<uint8_t, 32> result() {
    std::array<uint8_t, 32> digest{};
    check(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  static void check(bool succeeded) {
    if (!succeeded) {
      throw Error("libcrypto cannot compute a SHA-256; is OpenSSL restricted by its configuration?");
    }
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

void add_tensors(Sha256& hash, const torch::OrderedDict<std::string, torch::Tensor>& tensors) {
  for (const auto& item : tensors) {
    const torch::Tensor values = item.value().detach().cpu().contiguous();
    hash.add(fmt::format("{} {} {}", item.key(), values.sizes(), values.dtype().name()));
    hash.add(values.const_data_ptr(), values.nbytes());
  }
}

}  // namespace

ModelDigest digest_of(const Autoencoder& model) {
  Sha256 hash;
  add_tensors(hash, model.named_parameters());
  add_tensors(hash, model.named_buffers());
  const auto whole = hash.result();
  ModelDigest digest{};
  std::copy_n(whole.begin(), digest.size(), digest.begin());
  return digest;
}

std::string digest_text(const ModelDigest& digest) { return fmt::format("{:02x}", fmt::join(digest, "")); }

}  // namespace autoencoder
