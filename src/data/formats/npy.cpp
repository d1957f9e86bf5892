#include "data/formats/npy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/types.h>

#include "common/error.h"
#include "common/files.h"
#include "common/mapped_file.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNpyMagic = "\x93NUMPY";
constexpr const char* kSaveAgain = "save the array again with numpy.save";

struct NpyType {
  std::string_view code;  // without its byte order
  const char* name;
  torch::ScalarType type;
};
constexpr std::array<NpyType, 11> kNpyTypes = {{{"f2", "float16", torch::kFloat16},
                                                {"f4", "float32", torch::kFloat32},
                                                {"f8", "float64", torch::kFloat64},
                                                {"b1", "bool", torch::kBool},
                                                {"u1", "uint8", torch::kUInt8},
                                                {"u2", "uint16", torch::kUInt16},
                                                {"u4", "uint32", torch::kUInt32},
                                                {"i1", "int8", torch::kInt8},
                                                {"i2", "int16", torch::kInt16},
                                                {"i4", "int32", torch::kInt32},
                                                {"i8", "int64", torch::kInt64}}};

const NpyType& npy_type(torch::ScalarType type) {
  return *std::find_if(kNpyTypes.begin(), kNpyTypes.end(), [&](const NpyType& t) { return t.type == type; });
}

// Of the numbers of a type that LibTorch computes little with, one that holds them all.
torch::ScalarType computable(torch::ScalarType type) {
  return type == torch::kUInt16 ? torch::kInt32 : type == torch::kUInt32 ? torch::kInt64 : type;
}

// What the header says of the array.
struct NpyHeader {
  torch::ScalarType type = torch::kFloat32;
  bool swapped = false;  // in the other byte order than this machine's
  bool fortran_order = false;
  std::vector<int64_t> shape;
};

class NpyReader {
 public:
  /// `path`: of the file to map, where it is one.
  NpyReader(std::istream& bytes, uint64_t size, std::string name, std::optional<fs::path> path = {})
      : bytes_(bytes), rest_(size), name_(std::move(name)), path_(std::move(path)) {}

  torch::Tensor read() {
    const std::string header = read_header();
    parse(header);
    // Fortran order is C order of the reversed shape.
    std::vector<int64_t> stored = header_.shape;
    if (header_.fortran_order) {
      std::reverse(stored.begin(), stored.end());
    }
    torch::Tensor array = read_array(stored);
    if (header_.fortran_order && array.dim() > 1) {
      array = array.permute(reversed_dimensions(array.dim())).contiguous();
    }
    return array.to(computable(header_.type));
  }

 private:
  Error failure(const std::string& reason) const { return Error(name_ + ": " + reason); }

  // Asked only for what the file has.
  void take(void* destination, uint64_t size) {
    bytes_.read(static_cast<char*>(destination), static_cast<std::streamsize>(size));
    if (!bytes_) {
      throw failure("cannot read all of it; " + std::string(kSaveAgain));
    }
    rest_ -= size;
  }

  std::string take_text(uint64_t size) {
    if (size > rest_) {
      throw failure(fmt::format("ends within its header; it is cut short, {}", kSaveAgain));
    }
    std::string text(size, '\0');
    take(text.data(), size);
    return text;
  }

  std::string read_header() {
    if (rest_ < kNpyMagic.size() || take_text(kNpyMagic.size()) != kNpyMagic) {
      throw failure(fmt::format("does not begin as a .npy file does; {}", kSaveAgain));
    }
    const std::string version = take_text(2);
    const int major = static_cast<unsigned char>(version[0]);
    if (major < 1 || major > 3) {
      throw failure(fmt::format(".npy version {}; versions 1 to 3 can be read, {}", major, kSaveAgain));
    }
    uint64_t size = 0;
    const std::string digits = take_text(major == 1 ? 2 : 4);  // the lowest first
    for (size_t i = 0; i < digits.size(); ++i) {
      size |= uint64_t{static_cast<unsigned char>(digits[i])} << (8 * i);
    }
    return take_text(size);
  }

  // A Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }.
  void parse(const std::string& header) {
    parse_type(value_of(header, "descr"));
    const std::string_view order = value_of(header, "fortran_order");
    header_.fortran_order = order.starts_with("True");
    if (!header_.fortran_order && !order.starts_with("False")) {
      throw broken_header("fortran_order");
    }
    parse_shape(value_of(header, "shape"));
  }

  std::string_view value_of(std::string_view header, const char* key) const {
    const std::string start = fmt::format("'{}':", key);
    const size_t found = header.find(start);
    if (found == std::string_view::npos) {
      throw broken_header(key);
    }
    header.remove_prefix(found + start.size());
    header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
    return header;
  }

  Error broken_header(const char* key) const {
    return failure(fmt::format("its header has no {} that can be read; {}", key, kSaveAgain));
  }

  void parse_type(std::string_view text) {
    if (text.starts_with('[')) {
      throw wrong_type("records of several fields");
    }
    const size_t close = text.find('\'', 1);
    if (!text.starts_with('\'') || close == std::string_view::npos) {
      throw broken_header("descr");
    }
    text = text.substr(1, close - 1);
    const auto is_type = [&](const NpyType& type) { return text.substr(1) == type.code; };
    const auto type =
        text.size() < 2 ? kNpyTypes.end() : std::find_if(kNpyTypes.begin(), kNpyTypes.end(), is_type);
    if (type == kNpyTypes.end() || std::string_view("<>|=").find(text[0]) == std::string_view::npos) {
      throw wrong_type(fmt::format("'{}'{}", text, kind_text(text)));
    }
    header_.type = type->type;
    constexpr char kOther = std::endian::native == std::endian::little ? '>' : '<';
    header_.swapped = text[0] == kOther;
  }

  static const char* kind_text(std::string_view code) {
    const char kind = code.size() < 2 ? ' ' : code[1];
    switch (kind) {
      case 'O':
        return " (Python objects)";
      case 'c':
        return " (complex numbers)";
      case 'U':
      case 'S':
        return " (text)";
      default:
        return "";
    }
  }

  Error wrong_type(const std::string& found) const {
    return failure(fmt::format(
        "holds {}; save it as bool, float16 to float64, uint8 to uint32 or int8 to int64, such as "
        "array.astype('float32')",
        found));
  }

  void parse_shape(std::string_view text) {
    const size_t close = text.find(')');
    if (!text.starts_with('(') || close == std::string_view::npos) {
      throw broken_header("shape");
    }
    text = text.substr(1, close - 1);
    while (!text.empty()) {
      const size_t comma = std::min(text.find(','), text.size());
      header_.shape.push_back(parse_size(text.substr(0, comma)));
      text.remove_prefix(std::min(comma + 1, text.size()));
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
  }

  int64_t parse_size(std::string_view text) const {
    int64_t size = -1;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const std::string_view rest = text.substr(stop - text.data());
    if (error != std::errc{} || size < 0 || (!rest.empty() && rest != "L")) {  // "3L" is from Python 2
      throw broken_header("shape");
    }
    return size;
  }

  // Nothing where it does not fit; nor may the rest where one length is 0, LibTorch multiplies it out.
  std::optional<uint64_t> announced_size() const {
    uint64_t size = torch::elementSize(header_.type);
    bool is_empty = false;
    for (const int64_t length : header_.shape) {
      is_empty = is_empty || length == 0;
      if (__builtin_mul_overflow(size, static_cast<uint64_t>(std::max<int64_t>(length, 1)), &size)) {
        return std::nullopt;
      }
    }
    return is_empty ? 0 : size;
  }

  torch::Tensor read_array(const std::vector<int64_t>& stored) {
    const auto size = announced_size();
    if (size != rest_) {
      throw failure(fmt::format("its header says {}{}, but {} bytes follow it; {}",
                                array_text(header_.shape, header_.type),
                                size ? fmt::format(", {} bytes", *size) : "", rest_, kSaveAgain));
    }
    if (path_ && *size >= kMappedBytes && !header_.swapped) {
      return map_array(stored, *size);
    }
    torch::Tensor array = torch::empty(stored, header_.type);
    take(array.data_ptr(), *size);
    if (header_.swapped) {
      swap_bytes(array);
    }
    return array;
  }

  // The rest of the file as memory; what is written to it stays this program's own.
  torch::Tensor map_array(const std::vector<int64_t>& stored, uint64_t size) {
    const auto begin = static_cast<uint64_t>(bytes_.tellg());
    const auto file = std::make_shared<MappedFile>(*path_);
    if (file->size() != begin + size || begin % torch::elementSize(header_.type) != 0) {
      throw failure(fmt::format("cannot be mapped into memory; {}", kSaveAgain));
    }
    return torch::from_blob(
        file->data() + begin, stored, [file](void*) {}, header_.type);
  }

  static void swap_bytes(torch::Tensor& array) {
    auto* bytes = static_cast<char*>(array.data_ptr());
    const auto size = static_cast<int64_t>(array.element_size());
    for (char* number = bytes; number != bytes + array.numel() * size; number += size) {
      std::reverse(number, number + size);
    }
  }

  static std::vector<int64_t> reversed_dimensions(int64_t count) {
    std::vector<int64_t> dimensions;
    while (count > 0) {
      dimensions.push_back(--count);
    }
    return dimensions;
  }

  std::istream& bytes_;
  uint64_t rest_;  // bytes that are not read yet
  std::string name_;
  std::optional<fs::path> path_;
  NpyHeader header_;
};

std::string npy_type_code(torch::ScalarType type) {
  TORCH_CHECK(type == torch::kFloat32 || type == torch::kInt64 || type == torch::kUInt8,
              "write_npy takes float32, int64 and uint8, not ", type);
  const char order = std::endian::native == std::endian::little ? '<' : '>';
  return fmt::format("{}{}", type == torch::kUInt8 ? '|' : order, npy_type(type).code);
}

// Magic, version 1, and a header that ends where the data can be mapped: at a multiple of 64 bytes.
std::string npy_start(const std::vector<int64_t>& shape, torch::ScalarType type) {
  const std::string dictionary =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", npy_type_code(type),
                  fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  constexpr size_t kAlignment = 64;
  const size_t before = kNpyMagic.size() + 4;
  const size_t end = (before + dictionary.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  const size_t size = end - before;
  const std::string padding(size - dictionary.size() - 1, ' ');
  return fmt::format("{}{}{}{}{}{}{}\n", kNpyMagic, '\x01', '\0', static_cast<char>(size & 0xff),
                     static_cast<char>(size >> 8), dictionary, padding);
}

}  // namespace

std::string array_text(torch::IntArrayRef shape, torch::ScalarType type) {
  return fmt::format("{} of {}", fmt::join(shape, " x "), npy_type(type).name);
}

torch::Tensor read_npy(const fs::path& path) {
  std::ifstream file = open_file(path);
  return NpyReader(file, fs::file_size(path), path.string(), path).read();
}

torch::Tensor parse_npy(std::string bytes, const std::string& name) {
  const size_t size = bytes.size();
  std::istringstream stream(std::move(bytes));
  return NpyReader(stream, size, name).read();
}

std::string npy_bytes(const torch::Tensor& tensor) {
  const torch::Tensor array = tensor.detach().cpu().contiguous();
  std::string bytes = npy_start(array.sizes().vec(), array.scalar_type());
  bytes.append(static_cast<const char*>(array.const_data_ptr()), array.nbytes());
  return bytes;
}

void write_npy(const fs::path& path, const torch::Tensor& tensor) {
  NpyWriter writer(path, tensor.sizes().vec(), tensor.scalar_type());
  writer.append(tensor);
  writer.commit();
}

NpyWriter::NpyWriter(const fs::path& path, const std::vector<int64_t>& shape, torch::ScalarType type)
    : file_(path), type_(type), missing_(c10::multiply_integers(shape)) {
  file_.append(npy_start(shape, type));
}

void NpyWriter::append(const torch::Tensor& elements) {
  TORCH_CHECK(elements.scalar_type() == type_, "an array of ", type_, " takes no ", elements.scalar_type());
  const torch::Tensor array = elements.detach().cpu().contiguous();
  missing_ -= array.numel();
  file_.append({static_cast<const char*>(array.const_data_ptr()), array.nbytes()});
}

void NpyWriter::commit() {
  TORCH_CHECK(missing_ == 0, "an array that lacks ", missing_, " elements");
  file_.commit();
}

}  // namespace autoencoder
