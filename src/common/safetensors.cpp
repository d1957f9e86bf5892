#include "common/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <torch/types.h>

#include "common/checksum.h"
#include "common/error.h"
#include "common/files.h"
#include "common/json.h"
#include "common/mapped_file.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "checksum";
constexpr uint64_t kLengthBytes = 8;
constexpr uint64_t kLargestHeader = 100'000'000;  // that of the Rust library
constexpr size_t kAlignment = 8;

struct TypeName {
  const char* name;
  torch::ScalarType type;
};
constexpr TypeName kTypes[] = {{"BOOL", torch::kBool},    {"U8", torch::kUInt8},    {"I8", torch::kInt8},
                               {"I16", torch::kInt16},    {"I32", torch::kInt32},   {"I64", torch::kInt64},
                               {"F16", torch::kFloat16},  {"F32", torch::kFloat32}, {"F64", torch::kFloat64},
                               {"BF16", torch::kBFloat16}};

std::string name_of(torch::ScalarType type) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const TypeName& known) { return known.type == type; });
  TORCH_CHECK(found != std::end(kTypes), "no type of safetensors: ", type);
  return found->name;
}

// A tensor's place among the bytes behind the header.
struct Entry {
  std::string name;
  torch::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin;
  uint64_t end;
};

// ---- Writing ----

// In the file's order: the widest numbers first, so that all of them lie where they can be read in place.
std::vector<std::pair<std::string, torch::Tensor>> in_order(const NamedTensors& tensors) {
  std::vector<std::pair<std::string, torch::Tensor>> ordered;
  for (const auto& [name, tensor] : tensors) {
    ordered.emplace_back(name, tensor.detach().cpu().contiguous());
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return a.second.element_size() > b.second.element_size();
  });
  return ordered;
}

std::string_view bytes_of(const torch::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

std::string length_of(const std::string& header) {
  const uint64_t length = header.size();
  return {reinterpret_cast<const char*>(&length), sizeof(length)};
}

// ---- Reading ----

class FileReader {
 public:
  explicit FileReader(const fs::path& path) : path_(path), file_(std::make_shared<MappedFile>(path)) {}

  SafeTensors read() {
    Json header = read_header();
    SafeTensors contents;
    contents.metadata = take_metadata(header);
    const std::vector<Entry> entries = entries_of(header);
    check_places(entries);
    check_sum(contents.metadata, std::move(header));
    for (const Entry& entry : entries) {
      contents.tensors.emplace(entry.name, tensor_of(entry));
    }
    return contents;
  }

 private:
  Error damaged(const std::string& detail) const {
    return Error(fmt::format("{}: damaged, or not written by this program: {}", path_.string(), detail));
  }

  Json read_header() {
    uint64_t length = 0;
    if (file_->size() < kLengthBytes) {
      throw damaged(fmt::format("{} bytes", file_->size()));
    }
    std::memcpy(&length, file_->data(), kLengthBytes);
    if (length > std::min<uint64_t>(file_->size() - kLengthBytes, kLargestHeader)) {
      throw damaged(fmt::format("its header claims {} bytes, the file has {}", length, file_->size()));
    }
    numbers_ = file_->data() + kLengthBytes + length;
    numbers_size_ = file_->size() - kLengthBytes - length;
    try {
      return parse_json({file_->data() + kLengthBytes, length}, path_.string());
    } catch (const std::exception&) {
      throw damaged("its header is no JSON");
    }
  }

  std::map<std::string, std::string> take_metadata(const Json& header) const {
    try {
      return header.value(kMetadata, std::map<std::string, std::string>());
    } catch (const Json::exception&) {
      throw damaged("its metadata are no texts");
    }
  }

  std::vector<Entry> entries_of(const Json& header) const {
    std::vector<Entry> entries;
    for (const auto& [name, description] : header.items()) {
      if (name != kMetadata) {
        entries.push_back(entry_of(name, description));
      }
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    return entries;
  }

  Entry entry_of(const std::string& name, const Json& description) const {
    try {
      const auto type = description.at("dtype").get<std::string>();
      const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                       [&](const TypeName& each) { return each.name == type; });
      if (known == std::end(kTypes)) {
        throw damaged(fmt::format("{} is of type {}, which is unknown", name, type));
      }
      const Json& offsets = description.at("data_offsets");
      return {name, known->type, shape_of(description.at("shape")), whole(offsets.at(0)),
              whole(offsets.at(1))};
    } catch (const Json::exception&) {
      throw damaged(fmt::format("{} has no dtype, shape and data_offsets", name));
    }
  }

  uint64_t whole(const Json& number) const {
    if (!number.is_number_unsigned()) {
      throw damaged(fmt::format("{} is no size", number.dump()));
    }
    return number.get<uint64_t>();
  }

  std::vector<int64_t> shape_of(const Json& sizes) const {
    constexpr uint64_t kLargest = std::numeric_limits<int64_t>::max();
    if (!sizes.is_array()) {
      throw damaged(fmt::format("{} is no shape", sizes.dump()));
    }
    std::vector<int64_t> shape;
    for (const Json& size : sizes) {
      shape.push_back(static_cast<int64_t>(std::min(whole(size), kLargest)));
    }
    return shape;
  }

  // The bytes that a tensor takes; nothing where 64 bits do not hold the number.
  static std::optional<uint64_t> bytes_needed(const Entry& entry) {
    uint64_t bytes = torch::elementSize(entry.type);
    for (const int64_t size : entry.shape) {
      if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes)) {
        return std::nullopt;
      }
    }
    return bytes;
  }

  // One after the other, without gaps, to the file's last byte.
  void check_places(const std::vector<Entry>& entries) const {
    uint64_t end = 0;
    for (const Entry& entry : entries) {
      const auto bytes = bytes_needed(entry);
      if (entry.begin != end || entry.end < entry.begin || entry.end > numbers_size_ ||
          bytes != entry.end - entry.begin) {
        throw damaged(fmt::format("{} is said to lie at {} to {} of {} bytes", entry.name, entry.begin,
                                  entry.end, numbers_size_));
      }
      end = entry.end;
    }
    if (end != numbers_size_) {
      throw damaged(fmt::format("{} bytes of numbers, of which {} belong to tensors", numbers_size_, end));
    }
  }

  void check_sum(const std::map<std::string, std::string>& metadata, Json header) const {
    const auto found = metadata.find(kChecksum);
    if (found == metadata.end()) {
      return;
    }
    header[kMetadata].erase(kChecksum);
    Checksum checksum;
    checksum.add(json_text(header));
    checksum.add(numbers_, numbers_size_);
    if (checksum.text() != found->second) {
      throw damaged("its checksum is another one");
    }
  }

  torch::Tensor tensor_of(const Entry& entry) const {
    char* const place = numbers_ + entry.begin;
    const auto alignment = reinterpret_cast<uintptr_t>(place) % torch::elementSize(entry.type);
    if (entry.type == torch::kBool || alignment != 0) {
      return copy_of(entry, place);
    }
    return torch::from_blob(
        place, entry.shape, [file = file_](void*) {}, entry.type);
  }

  // Other programs' numbers may lie anywhere, and a byte of theirs that stands for true be any but 0.
  static torch::Tensor copy_of(const Entry& entry, const char* place) {
    const bool is_bool = entry.type == torch::kBool;
    torch::Tensor copy = torch::empty(entry.shape, is_bool ? torch::kUInt8 : entry.type);
    std::memcpy(copy.mutable_data_ptr(), place, entry.end - entry.begin);
    return is_bool ? copy.ne(0) : copy;
  }

  fs::path path_;
  std::shared_ptr<MappedFile> file_;
  char* numbers_ = nullptr;
  uint64_t numbers_size_ = 0;
};

}  // namespace

void write_safetensors(const fs::path& path, const SafeTensors& contents) {
  const auto tensors = in_order(contents.tensors);
  Json header = {{kMetadata, contents.metadata}};
  uint64_t end = 0;
  for (const auto& [name, tensor] : tensors) {
    const uint64_t begin = std::exchange(end, end + tensor.nbytes());
    header[name] = {{"dtype", name_of(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {begin, end}}};
  }
  Checksum checksum;
  checksum.add(json_text(header));
  for (const auto& [name, tensor] : tensors) {
    checksum.add(bytes_of(tensor));
  }
  header[kMetadata][kChecksum] = checksum.text();
  std::string text = json_text(header);
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');

  NewFile file(path);
  file.append(length_of(text));
  file.append(text);
  for (const auto& [name, tensor] : tensors) {
    file.append(bytes_of(tensor));
  }
  file.commit();
}

SafeTensors read_safetensors(const fs::path& path) { return FileReader(path).read(); }

}  // namespace autoencoder
