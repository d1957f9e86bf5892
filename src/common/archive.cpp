#include "common/archive.h"

#include <fmt/format.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/text.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kFormat = 1;
constexpr const char* kFormatKey = "autoencoder_format";
constexpr const char* kChecksumKey = "checksum";
constexpr const char* kKindKey = "kind";
constexpr const char* kDescriptionKey = "description";

std::string word(const SafeTensors& contents, const std::string& key) {
  const auto found = contents.metadata.find(key);
  return found == contents.metadata.end() ? "" : found->second;
}

void check_format(const fs::path& path, const std::string& text) {
  const auto format = number_from<int64_t>(text);
  if (!format || *format < 1) {
    throw damaged_archive(path);
  }
  if (*format > kFormat) {
    throw Error(fmt::format("{}: of format {}, written by a later version; this one reads format {}",
                            path.string(), *format, kFormat));
  }
}

}  // namespace

const torch::Tensor& Archive::tensor(const std::string& name) const {
  const auto found = tensors.find(name);
  TORCH_CHECK(found != tensors.end(), "no tensor ", name);
  return found->second;
}

void write_archive(const fs::path& path, const Archive& archive) {
  write_safetensors(path, {archive.tensors,
                           {{kFormatKey, std::to_string(kFormat)},
                            {kKindKey, archive.kind},
                            {kDescriptionKey, json_text(archive.description)}}});
}

Archive read_archive(const fs::path& path, const std::string& kind) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    throw Error(fmt::format("{}: no such file; the run has saved nothing under this name", path.string()));
  }
  SafeTensors contents = read_safetensors(path);
  if (word(contents, kChecksumKey).empty()) {
    throw damaged_archive(path);
  }
  check_format(path, word(contents, kFormatKey));
  if (const std::string found = word(contents, kKindKey); found != kind) {
    throw Error(fmt::format("{}: holds a {}, not a {}", path.string(), found, kind));
  }
  return whole_or_damaged(path, [&] {
    return Archive{kind, parse_json(word(contents, kDescriptionKey), path.string()),
                   std::move(contents.tensors)};
  });
}

Error damaged_archive(const fs::path& path) {
  return Error(fmt::format("{}: damaged, or not written by this program", path.string()));
}

}  // namespace autoencoder
