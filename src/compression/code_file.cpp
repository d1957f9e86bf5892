#include "compression/code_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <zstd.h>

#include <fmt/format.h>
#include <torch/torch.h>
#include <zlib.h>

#include "common/error.h"

namespace autoencoder {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "checksums are copied as they lie in memory");

constexpr std::string_view kMagic = "AEC1";
constexpr uint64_t kChecksumBytes = sizeof(uint32_t);
constexpr int kCompressionLevel = 19;
constexpr uint64_t kMostFrameBytes = uint64_t{1} << 31;

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
  for (; number >= 0x80; number >>= 7) {
    bytes.push_back(static_cast<char>(number | 0x80));
  }
  bytes.push_back(static_cast<char>(number));
  return bytes;
}

template <typename NextByte>
uint64_t varint_from(NextByte next_byte) {
  uint64_t number = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = next_byte();
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return number;
    }
  }
  throw std::out_of_range("a number without end");
}

uint64_t zigzag(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^ static_cast<uint64_t>(number >> 63);
}

int64_t unzigzag(uint64_t number) {
  return static_cast<int64_t>(number >> 1) ^ -static_cast<int64_t>(number & 1);
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
    content += varint(zigzag(offsets.const_data_ptr<int64_t>()[i]));
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
  explicit Content(std::string bytes) : bytes_(std::move(bytes)) {}

  bool is_at_end() const { return position_ == bytes_.size(); }
  std::string_view take(uint64_t count) {
    if (count > bytes_.size() - position_) {
      throw std::out_of_range("the content ends early");
    }
    const std::string_view taken = std::string_view(bytes_).substr(position_, count);
    position_ += count;
    return taken;
  }

  uint64_t take_varint() {
    return varint_from([this] { return static_cast<uint8_t>(take(1).front()); });
  }

  torch::Tensor take_tensor(const std::vector<int64_t>& shape) {
    const torch::Tensor tensor = torch::empty(shape, torch::kUInt8);
    const std::string_view bytes = take(static_cast<uint64_t>(tensor.numel()));
    std::copy(bytes.begin(), bytes.end(), static_cast<char*>(tensor.mutable_data_ptr()));
    return tensor;
  }

 private:
  std::string bytes_;
  size_t position_ = 0;
};

// More would not fit into any frame.
int64_t checked_count(uint64_t count, int64_t width) {
  if (count == 0 || count > kMostFrameBytes / static_cast<uint64_t>(width)) {
    throw std::out_of_range("an impossible number of codes");
  }
  return static_cast<int64_t>(count);
}

torch::Tensor take_symbols(Content& content, int64_t count, int64_t width) {
  const torch::Tensor offsets = torch::empty({width}, torch::kInt64);
  for (int64_t i = 0; i < width; ++i) {
    offsets.mutable_data_ptr<int64_t>()[i] = unzigzag(content.take_varint());
  }
  const auto planes = static_cast<int64_t>(content.take(1).front());
  if (planes < 1 || planes > static_cast<int64_t>(sizeof(int32_t))) {
    throw std::out_of_range("an impossible number of byte planes");
  }
  const torch::Tensor numbers = from_byte_planes(content.take_tensor({planes, width, count}));
  return (unzigzag(numbers) + offsets.unsqueeze(1)).t().to(torch::kInt32).contiguous();
}

CodeChunk parse_chunk(Content content, const CodeFileHeader& header) {
  const int64_t width = header.steps.size(0);
  const int64_t count = checked_count(content.take_varint(), width);
  CodeChunk chunk = {.symbols = take_symbols(content, count, width), .residual = {}};
  if (header.is_lossless()) {
    chunk.checksum = number_from_bytes(content.take(kChecksumBytes));
    chunk.residual = content.take_tensor({count, header.residual_width});
  }
  while (!content.is_at_end()) {
    chunk.names.emplace_back(content.take(content.take_varint()));
  }
  if (!chunk.names.empty() && chunk.names.size() != static_cast<size_t>(count)) {
    throw std::out_of_range("names of another number of pictures");
  }
  return chunk;
}

std::string decompressed(const std::string& frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kMostFrameBytes) {
    throw std::out_of_range("no frame of a sensible size");
  }
  std::string content(size, '\0');
  if (ZSTD_decompress(content.data(), content.size(), frame.data(), frame.size()) != size) {
    throw std::out_of_range("a damaged frame");
  }
  return content;
}

Error damaged(const fs::path& path) {
  return Error(fmt::format(
      "{}: cut short or changed since it was written; get it again from where it came from", path.string()));
}

}  // namespace

uint32_t checksum_of(const torch::Tensor& bytes) { return checksum_after(0, bytes_of(bytes.contiguous())); }

uint64_t code_file_size(const CodeFileHeader& header, const CodeChunk& chunk) {
  return header_bytes(header).size() + chunk_bytes(chunk).size() + varint(0).size() + kChecksumBytes;
}

CodeFileWriter::CodeFileWriter(const fs::path& path, const CodeFileHeader& header) : file_(path) {
  write(header_bytes(header));
}

void CodeFileWriter::append(const CodeChunk& chunk) { write(chunk_bytes(chunk)); }

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
    if (size == 0) {
      return std::nullopt;
    }
    return parse_chunk(Content(decompressed(read(size))), header_);
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
    header_.residual_width = static_cast<int64_t>(std::min(read_varint(), kMostFrameBytes));
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
  return varint_from([this] { return static_cast<uint8_t>(read(1).front()); });
}

}  // namespace autoencoder
