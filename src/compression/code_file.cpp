#include "compression/code_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstring>
#include <protozero/buffer_string.hpp>
#include <protozero/varint.hpp>
#include <stdexcept>
#include <utility>
#include <zstd.h>

#include <fmt/format.h>
#include <torch/types.h>
#include <zlib.h>

#include "common/error.h"
#include "compression/quantization.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "checksums are copied as they lie in memory");

constexpr std::string_view kMagic = "AEC1";
constexpr uint64_t kChecksumBytes = sizeof(uint32_t);
constexpr int kCompressionLevel = 19;
constexpr const char* kGetAgain = "get it again from where it came from";
constexpr uint64_t kMostPixels = uint64_t{1} << 31;          // of a picture; products with it do not overflow
constexpr uint64_t kMostInflation = ZSTD_BLOCKSIZE_MAX / 4;  // a block takes four bytes, or more

uint32_t checksum_after(uint32_t checksum, std::string_view bytes) {
  return static_cast<uint32_t>(
      ::crc32_z(checksum, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string_view bytes_of(const torch::Tensor& bytes) {
  return {static_cast<const char*>(bytes.const_data_ptr()), bytes.nbytes()};
}

std::string_view bytes_of(const uint32_t& number) {
  return {reinterpret_cast<const char*>(&number), sizeof(number)};
}

uint32_t number_from_bytes(std::string_view bytes) {
  uint32_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return number;
}

std::string varint(uint64_t number) {
  std::string bytes;
  protozero::add_varint_to_buffer(&bytes, number);
  return bytes;
}

// The number that `bytes` begin with, which is taken from them.
uint64_t take_varint_from(std::string_view& bytes) {
  try {
    const char* next = bytes.data();
    const uint64_t number = protozero::decode_varint(&next, bytes.data() + bytes.size());
    bytes.remove_prefix(static_cast<size_t>(next - bytes.data()));
    return number;
  } catch (const protozero::exception&) {
    throw std::out_of_range("a number without end");
  }
}

torch::Tensor zigzag(const torch::Tensor& numbers) {
  return numbers.abs() * 2 - (numbers < 0).to(torch::kInt64);
}

torch::Tensor unzigzag(const torch::Tensor& numbers) {
  const torch::Tensor half = numbers.bitwise_right_shift(1);
  return torch::where(numbers.bitwise_and(1) == 1, -half - 1, half);
}

// D x N numbers, 0 or more -> as many D x N planes of bytes as the largest takes, the lowest first.
torch::Tensor byte_planes(const torch::Tensor& numbers) {
  const auto largest = static_cast<uint64_t>(numbers.max().item<int64_t>());
  const int count = std::max<int>(1, static_cast<int>(std::bit_width(largest) + 7) / 8);
  std::vector<torch::Tensor> planes;
  for (int i = 0; i < count; ++i) {
    planes.push_back(numbers.bitwise_right_shift(8 * i).bitwise_and(0xff).to(torch::kUInt8));
  }
  return torch::stack(planes);
}

torch::Tensor from_byte_planes(const torch::Tensor& planes) {
  torch::Tensor numbers = planes[0].to(torch::kInt64);
  for (int64_t i = 1; i < planes.size(0); ++i) {
    numbers += planes[i].to(torch::kInt64).bitwise_left_shift(8 * i);
  }
  return numbers;
}

std::string compressed(const std::string& content) {
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  const size_t size =
      ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), kCompressionLevel);
  if (ZSTD_isError(size) != 0) {
    throw Error(fmt::format("Zstandard cannot compress: {}", ZSTD_getErrorName(size)));
  }
  frame.resize(size);
  return frame;
}

std::string header_bytes(const CodeFileHeader& header) {
  std::string bytes(kMagic);
  bytes.append(header.model.begin(), header.model.end());
  bytes += varint(static_cast<uint64_t>(header.residual_width));
  bytes += varint(static_cast<uint64_t>(header.steps.size(0)));
  return bytes.append(bytes_of(header.steps.contiguous()));
}

std::string chunk_content(const CodeChunk& chunk) {
  const torch::Tensor columns = chunk.symbols.to(torch::kInt64).t().contiguous();  // D x N
  const torch::Tensor offsets = std::get<0>(columns.median(1)).contiguous();
  const torch::Tensor planes = byte_planes(zigzag(columns - offsets.unsqueeze(1)));

  std::string content = varint(static_cast<uint64_t>(columns.size(1)));
  for (int64_t i = 0; i < offsets.size(0); ++i) {
    content += varint(protozero::encode_zigzag64(offsets.const_data_ptr<int64_t>()[i]));
  }
  content.push_back(static_cast<char>(planes.size(0)));
  content.append(bytes_of(planes));
  if (chunk.residual.defined()) {
    content.append(bytes_of(chunk.checksum)).append(bytes_of(chunk.residual.contiguous()));
  }
  for (const std::string& name : chunk.names) {
    content.append(varint(name.size())).append(name);
  }
  return content;
}

std::string chunk_bytes(const CodeChunk& chunk) {
  const std::string frame = compressed(chunk_content(chunk));
  return varint(frame.size()) + frame;
}

// What a frame holds, read from its start. Throws std::out_of_range where it holds less than it should.
class Content {
 public:
  explicit Content(std::string_view bytes) : rest_(bytes) {}

  bool is_at_end() const { return rest_.empty(); }
  std::string_view take(uint64_t count) {
    if (count > rest_.size()) {
      throw std::out_of_range("the content ends early");
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  uint64_t take_varint() { return take_varint_from(rest_); }

  torch::Tensor take_tensor(const std::vector<int64_t>& shape) {
    const std::string_view bytes = take(static_cast<uint64_t>(c10::multiply_integers(shape)));
    const torch::Tensor tensor = torch::empty(shape, torch::kUInt8);
    std::copy(bytes.begin(), bytes.end(), static_cast<char*>(tensor.mutable_data_ptr()));
    return tensor;
  }

 private:
  std::string_view rest_;
};

int64_t take_count(Content& content) {
  const uint64_t count = content.take_varint();
  if (count == 0 || count > kMostCodesInChunk) {
    throw std::out_of_range("an impossible number of codes");
  }
  return static_cast<int64_t>(count);
}

torch::Tensor checked_symbols(const torch::Tensor& symbols) {
  if (symbols.min().item<int64_t>() < -kLargestSymbol || symbols.max().item<int64_t>() > kLargestSymbol) {
    throw std::out_of_range("a symbol that no code has");
  }
  return symbols;
}

torch::Tensor take_offsets(Content& content, int64_t width) {
  torch::Tensor offsets = torch::empty({width}, torch::kInt64);
  for (int64_t i = 0; i < width; ++i) {
    offsets.mutable_data_ptr<int64_t>()[i] = protozero::decode_zigzag64(content.take_varint());
  }
  return checked_symbols(offsets);
}

torch::Tensor take_symbols(Content& content, int64_t count, int64_t width) {
  const torch::Tensor offsets = take_offsets(content, width);
  const auto planes = static_cast<int64_t>(content.take(1).front());
  if (planes < 1 || planes > static_cast<int64_t>(sizeof(int32_t))) {
    throw std::out_of_range("an impossible number of byte planes");
  }
  const torch::Tensor numbers = from_byte_planes(content.take_tensor({planes, width, count}));
  return checked_symbols(unzigzag(numbers) + offsets.unsqueeze(1)).t().to(torch::kInt32).contiguous();
}

// What is left: a name of each, or nothing.
std::vector<std::string> take_names(Content& content, int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count && !content.is_at_end(); ++i) {
    names.emplace_back(content.take(content.take_varint()));
  }
  if (!content.is_at_end()) {
    throw std::out_of_range("more than the names");
  }
  return names;
}

CodeChunk parse_chunk(Content content, const CodeFileHeader& header) {
  const int64_t count = take_count(content);
  CodeChunk chunk = {.symbols = take_symbols(content, count, header.steps.size(0)), .residual = {}};
  if (header.is_lossless()) {
    chunk.checksum = number_from_bytes(content.take(kChecksumBytes));
    chunk.residual = content.take_tensor({count, header.residual_width});
  }
  chunk.names = take_names(content, count);
  return chunk;
}

// Bytes of the content of a frame.
uint64_t most_content(const CodeFileHeader& header) {
  const auto width = static_cast<uint64_t>(header.steps.size(0));
  const uint64_t code = sizeof(int32_t) * width;
  const uint64_t name = protozero::max_varint_length + kLongestPictureName;
  return protozero::max_varint_length * (1 + width) + 1 + kChecksumBytes +
         kMostCodesInChunk * (code + static_cast<uint64_t>(header.residual_width) + name);
}

// An impossible size is refused before memory is taken for it.
std::string decompressed(const std::string& frame, uint64_t most) {
  // What stands for an unknown size is larger than any.
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size > most || size > kMostInflation * frame.size()) {
    throw std::out_of_range("no frame of a sensible size");
  }
  std::string content(size, '\0');
  if (ZSTD_decompress(content.data(), content.size(), frame.data(), frame.size()) != size) {
    throw std::out_of_range("a damaged frame");
  }
  return content;
}

Error damaged(const fs::path& path) {
  return Error(fmt::format("{}: cut short or changed since it was written; {}", path.string(), kGetAgain));
}

}  // namespace

bool is_picture_name(std::string_view name) {
  const auto is_wrong = [](unsigned char letter) { return letter == '/' || std::iscntrl(letter) != 0; };
  return !name.empty() && name.size() <= kLongestPictureName && name.front() != '.' &&
         std::none_of(name.begin(), name.end(), is_wrong);
}

uint32_t checksum_of(const torch::Tensor& bytes) { return checksum_after(0, bytes_of(bytes.contiguous())); }

uint64_t code_file_size(const CodeFileHeader& header, const CodeChunk& chunk) {
  return header_bytes(header).size() + chunk_bytes(chunk).size() + varint(0).size() + kChecksumBytes;
}

CodeFileWriter::CodeFileWriter(const fs::path& path, const CodeFileHeader& header) : file_(path) {
  write(header_bytes(header));
}

void CodeFileWriter::append(const CodeChunk& chunk) {
  TORCH_CHECK(chunk.symbols.size(0) <= kMostCodesInChunk, "a chunk of ", chunk.symbols.size(0), " codes");
  write(chunk_bytes(chunk));
}

uint64_t CodeFileWriter::commit() {
  write(varint(0));
  file_.append(bytes_of(checksum_));
  file_.commit();
  return size_ + kChecksumBytes;
}

void CodeFileWriter::write(std::string_view bytes) {
  file_.append(bytes);
  size_ += bytes.size();
  checksum_ = checksum_after(checksum_, bytes);
}

CodeFileReader::CodeFileReader(const fs::path& path)
    : path_(path), file_(open_file(path)), rest_(fs::file_size(path)) {
  check_whole();
  read_header();
}

std::optional<CodeChunk> CodeFileReader::next() {
  try {
    const uint64_t size = read_varint();
    const uint64_t most = most_content(header_);
    if (size > ZSTD_compressBound(most) || (size == 0 && rest_ > 0)) {
      throw std::out_of_range("no frame, and no end");
    }
    if (size == 0) {
      return std::nullopt;
    }
    CodeChunk chunk = parse_chunk(Content(decompressed(read(size), most)), header_);
    check_names(chunk);
    return chunk;
  } catch (const std::out_of_range&) {
    throw damaged(path_);
  }
}

void CodeFileReader::check_whole() {
  std::string magic(kMagic.size(), '\0');
  file_.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (magic != kMagic) {
    throw Error(fmt::format("{}: not a file that autoencoder compress wrote", path_.string()));
  }
  if (rest_ < kMagic.size() + kChecksumBytes) {
    throw damaged(path_);
  }
  rest_ -= kChecksumBytes;
  uint32_t checksum = checksum_after(0, magic);
  std::string bytes(1 << 16, '\0');
  for (uint64_t left = rest_ - magic.size(); left > 0;) {
    const uint64_t some = std::min<uint64_t>(left, bytes.size());
    file_.read(bytes.data(), static_cast<std::streamsize>(some));
    checksum = checksum_after(checksum, std::string_view(bytes).substr(0, some));
    left -= some;
  }
  std::array<char, kChecksumBytes> stored{};
  file_.read(stored.data(), stored.size());
  if (!file_ || number_from_bytes({stored.data(), stored.size()}) != checksum) {
    throw damaged(path_);
  }
  file_.seekg(0);
}

void CodeFileReader::read_header() {
  try {
    read(kMagic.size());
    const std::string digest = read(header_.model.size());
    std::copy(digest.begin(), digest.end(), header_.model.begin());
    const uint64_t pixels = read_varint();
    if (pixels > kMostPixels) {
      throw std::out_of_range("pictures of too many pixels");
    }
    header_.residual_width = static_cast<int64_t>(pixels);
    const std::string steps = read(read_varint());
    header_.steps = torch::empty({static_cast<int64_t>(steps.size())}, torch::kUInt8);
    std::copy(steps.begin(), steps.end(), static_cast<char*>(header_.steps.mutable_data_ptr()));
    if (steps.empty()) {
      throw std::out_of_range("codes of nothing");
    }
  } catch (const std::out_of_range&) {
    throw damaged(path_);
  }
}

std::string CodeFileReader::read(uint64_t count) {
  if (count > rest_) {
    throw std::out_of_range("the file ends early");
  }
  std::string bytes(count, '\0');
  file_.read(bytes.data(), static_cast<std::streamsize>(count));
  rest_ -= count;
  return bytes;
}

uint64_t CodeFileReader::read_varint() {
  const std::string bytes = read(std::min<uint64_t>(rest_, protozero::max_varint_length));
  std::string_view unused = bytes;
  const uint64_t number = take_varint_from(unused);
  file_.seekg(-static_cast<std::streamoff>(unused.size()), std::ios::cur);
  rest_ += unused.size();
  return number;
}

void CodeFileReader::check_names(const CodeChunk& chunk) {
  codes_ += static_cast<size_t>(chunk.symbols.size(0));
  for (const std::string& name : chunk.names) {
    if (!is_picture_name(name)) {
      throw Error(fmt::format("{}: names a picture {:?}, which is no name for one; {}", path_.string(),
                              name.substr(0, kLongestPictureName), kGetAgain));
    }
    if (!names_.insert(name).second) {
      throw Error(
          fmt::format("{}: two of its pictures have the name {:?}; {}", path_.string(), name, kGetAgain));
    }
  }
  if (!names_.empty() && names_.size() != codes_) {
    throw std::out_of_range("names of another number of pictures");
  }
}

}  // namespace autoencoder
