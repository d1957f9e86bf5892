// Files of quantised codes: what is written is read again, and what was damaged is refused.
#include "compression/code_file.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "tests/support/expect_error.h"
#include "tests/support/forged_code_file.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using testing::forged_code_file;
using testing::frame_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
using testing::varint;
using testing::with_checksum;
using testing::zero_codes;

CodeFileHeader header_of(int64_t residual_width) {
  return {.model = {1, 2, 3},
          .residual_width = residual_width,
          .steps = torch::tensor({10, 20, 30}, torch::kUInt8)};
}

void write_chunks(const std::filesystem::path& path, const CodeFileHeader& header,
                  const std::vector<CodeChunk>& chunks) {
  CodeFileWriter writer(path, header);
  for (const CodeChunk& chunk : chunks) {
    writer.append(chunk);
  }
  const uint64_t size = writer.commit();
  EXPECT_EQ(size, std::filesystem::file_size(path));
}

TEST(CodeFile, KeepsSymbolsOfEverySizeAndSign) {
  const TemporaryFolder folder;
  const torch::Tensor symbols =
      torch::tensor({{0, -1, 1 << 24}, {5, 127, -(1 << 24)}, {-5, -300, 70000}}, torch::kInt32);
  write_chunks(folder / "x.aec", header_of(0), {{.symbols = symbols, .residual = {}}});
  CodeFileReader reader(folder / "x.aec");
  EXPECT_EQ(reader.header().model, header_of(0).model);
  EXPECT_FALSE(reader.header().is_lossless());
  EXPECT_TRUE(torch::equal(reader.header().steps, header_of(0).steps));
  const auto chunk = reader.next();
  ASSERT_TRUE(chunk.has_value());
  EXPECT_TRUE(torch::equal(chunk->symbols, symbols)) << chunk->symbols;
  EXPECT_FALSE(reader.next().has_value());
}

TEST(CodeFile, KeepsResidualsAndNamesChunkByChunk) {
  const TemporaryFolder folder;
  const torch::Tensor residual = torch::arange(8, torch::kUInt8).view({2, 4});
  const CodeChunk first = {.symbols = torch::ones({2, 3}, torch::kInt32),
                           .residual = residual,
                           .checksum = 0xdeadbeef,
                           .names = {"one", "zwei"}};
  const CodeChunk second = {.symbols = torch::zeros({1, 3}, torch::kInt32),
                            .residual = residual.slice(0, 0, 1),
                            .checksum = 7,
                            .names = {"3"}};
  write_chunks(folder / "x.aec", header_of(4), {first, second});
  CodeFileReader reader(folder / "x.aec");
  EXPECT_TRUE(reader.header().is_lossless());
  const auto read = reader.next();
  EXPECT_TRUE(torch::equal(read->residual, residual));
  EXPECT_EQ(read->checksum, 0xdeadbeef);
  EXPECT_THAT(read->names, ElementsAre("one", "zwei"));
  EXPECT_THAT(reader.next()->names, ElementsAre("3"));
  EXPECT_FALSE(reader.next().has_value());
}

TEST(CodeFile, TellsItsSizeBeforehand) {
  const TemporaryFolder folder;
  const CodeChunk chunk = {.symbols = torch::randint(-9, 9, {50, 3}, torch::kInt32), .residual = {}};
  write_chunks(folder / "x.aec", header_of(0), {chunk});
  EXPECT_EQ(code_file_size(header_of(0), chunk), std::filesystem::file_size(folder / "x.aec"));
}

// 12,000 numbers of log2(10) bits each, and what every file has.
TEST(CodeFile, CodesNumbersInLittleMoreThanTheirEntropy) {
  torch::manual_seed(0);
  const torch::Tensor symbols = torch::randint(0, 10, {4000, 3}, torch::kInt32);
  EXPECT_LT(code_file_size(header_of(0), {.symbols = symbols, .residual = {}}),
            12000 * std::log2(10) / 8 * 1.08 + 60);
}

TEST(CodeFile, RefusesEverySingleFlippedBitAndEveryCut) {
  const TemporaryFolder folder;
  write_chunks(folder / "x.aec", header_of(0),
               {{.symbols = torch::arange(12, torch::kInt32).view({4, 3}), .residual = {}}});
  const std::string whole = read_file(folder / "x.aec");
  const auto error_in = [&](const std::string& bytes) {
    write_file(folder / "damaged.aec", bytes);
    return error_of([&] { CodeFileReader reader(folder / "damaged.aec"); });
  };
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(error_in(flipped), HasSubstr(bit < 32 ? "not a file that" : "cut short or changed")) << bit;
  }
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(error_in(whole.substr(0, size)), "") << size;
  }
}

TEST(CodeFile, SaysWhatIsNoSuchFile) {
  const TemporaryFolder folder;
  write_file(folder / "x.aec", "PNG or so");
  EXPECT_THAT(error_of([&] { CodeFileReader reader(folder / "x.aec"); }),
              HasSubstr("not a file that autoencoder compress wrote"));
}

std::string from_hexadecimal(const std::string& digits) {
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// By the first version of this program that wrote such files: two pictures of four pixels.
TEST(CodeFile, ReadsWhatWasWrittenBefore) {
  const TemporaryFolder folder;
  write_file(folder / "x.aec",
             from_hexadecimal(
                 "414543310102030000000000000000000000000004030a141e3a28b52ffd20358d0100a402020001ffffff0f"
                 "04000a005a000000000002000400efbeadde0001020304050607036f6e65047a77656901000d100600c8d27a"
                 "3b"));
  CodeFileReader reader(folder / "x.aec");
  EXPECT_EQ(reader.header().model, header_of(4).model);
  EXPECT_EQ(reader.header().residual_width, 4);
  EXPECT_TRUE(torch::equal(reader.header().steps, header_of(4).steps));
  const auto chunk = reader.next();
  EXPECT_TRUE(
      torch::equal(chunk->symbols, torch::tensor({{0, -1, 1 << 24}, {5, 300, -(1 << 24)}}, torch::kInt32)));
  EXPECT_TRUE(torch::equal(chunk->residual, torch::arange(8, torch::kUInt8).view({2, 4})));
  EXPECT_EQ(chunk->checksum, 0xdeadbeef);
  EXPECT_THAT(chunk->names, ElementsAre("one", "zwei"));
  EXPECT_FALSE(reader.next().has_value());
}

// The header of files with codes of 3 numbers, and P pixels of residual.
std::string header_bytes(uint64_t residual_width = 0, uint64_t width = 3) {
  return "AEC1" + std::string(16, 'd') + varint(residual_width) + varint(width) + "abc";
}

class ForgedCodeFile : public ::testing::Test {
 protected:
  // How many codes a file of these bytes holds, all of which is read.
  int64_t codes_in(const std::string& bytes) {
    write_file(folder_ / "x.aec", bytes);
    CodeFileReader reader(folder_ / "x.aec");
    int64_t count = 0;
    while (const auto chunk = reader.next()) {
      count += chunk->symbols.size(0);
    }
    return count;
  }
  std::string error_in(const std::string& bytes) {
    return error_of([&] { codes_in(bytes); });
  }
  std::string error_in_content(const std::string& content) { return error_in(file_of(content)); }
  std::string error_of_names(const std::vector<std::string>& names) {
    return error_in_content(zero_codes(names.size(), 3, names));
  }
  static std::string file_of(const std::string& content) {
    return forged_code_file(header_bytes(), {content});
  }

  TemporaryFolder folder_;
};

TEST_F(ForgedCodeFile, IsReadWhereItIsRight) {
  EXPECT_EQ(codes_in(forged_code_file(header_bytes(), {})), 0);
  EXPECT_EQ(codes_in(file_of(zero_codes(1000, 3))), 1000);
  EXPECT_EQ(codes_in(file_of(zero_codes(4, 3, {"b c", "1.5", "\xc3\xa4\xff", std::string(239, 'x')}))), 4);
}

// Few bytes that stand for a million codes, and sizes that are nothing but a claim.
TEST_F(ForgedCodeFile, HoldsNoMoreThanItPaysFor) {
  EXPECT_THAT(error_in_content(zero_codes(1001, 3)), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in_content(zero_codes(1'000'000, 3)), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in(forged_code_file(header_bytes(uint64_t{1} << 62), {})), HasSubstr("cut short"));
  EXPECT_THAT(error_in(forged_code_file(header_bytes(0, uint64_t{1} << 62), {})), HasSubstr("cut short"));
  EXPECT_THAT(error_in(with_checksum(header_bytes() + varint(uint64_t{1} << 40) + '\0')),
              HasSubstr("cut short"));
}

int64_t most_memory_so_far() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// The start of a frame of Zstandard's that announces a gigabyte; nothing follows.
TEST_F(ForgedCodeFile, TakesNoMemoryForAFrameThatOnlyAnnounces) {
  const std::string frame("\x28\xb5\x2f\xfd\xa0\x00\x00\x00\x40\x01\x00\x00", 12);
  const int64_t before = most_memory_so_far();
  EXPECT_THAT(error_in(with_checksum(header_bytes(1 << 30) + varint(frame.size()) + frame + '\0')),
              HasSubstr("cut short or changed"));
  EXPECT_LT(most_memory_so_far() - before, 100'000) << "kilobytes";
}

TEST_F(ForgedCodeFile, EndsWhereItSays) {
  const std::string chunk = frame_of(zero_codes(1, 3));
  EXPECT_THAT(error_in(with_checksum(header_bytes() + chunk + '\0' + chunk + '\0')),
              HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in(with_checksum(header_bytes() + chunk)), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in_content(zero_codes(2, 3).substr(0, 9)), HasSubstr("cut short or changed"));
}

// An offset, and numbers of four bytes, beyond what a code may be.
TEST_F(ForgedCodeFile, HasNoSymbolThatNoCodeHas) {
  const auto with_offset = [](int64_t offset) {
    return varint(1) + varint(protozero::encode_zigzag64(offset)) + std::string(2, '\0') + '\1' +
           std::string(3, '\0');
  };
  EXPECT_EQ(codes_in(file_of(with_offset(-(1 << 24)))), 1);
  EXPECT_THAT(error_in_content(with_offset((1 << 24) + 1)), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in_content(with_offset(std::numeric_limits<int64_t>::min())), HasSubstr("cut short"));
  EXPECT_THAT(error_in_content(varint(1) + std::string(3, '\0') + '\4' + std::string(12, '\xff')),
              HasSubstr("cut short or changed"));
}

TEST_F(ForgedCodeFile, NamesNoFileThatIsNotAPictureOfItsOwn) {
  for (const std::string& name :
       {std::string(".bashrc\0", 8), std::string("report.html\0", 12), std::string(), std::string("."),
        std::string(".."), std::string(".bashrc"), std::string("a/b"), std::string("/etc/x"),
        std::string("a\nb"), std::string("\x1b[2J"), std::string("\x7f"), std::string(240, 'x')}) {
    EXPECT_THAT(error_of_names({"a", name}), HasSubstr("which is no name for one; get it again")) << name;
  }
  EXPECT_THAT(error_of_names({"a\x1b[2J"}), HasSubstr("x.aec: names a picture \"a\\x1b[2J\""));
}

TEST_F(ForgedCodeFile, NamesEveryPictureOnceOrNone) {
  EXPECT_THAT(error_of_names({"a", "b", "a"}), HasSubstr("two of its pictures have the name \"a\""));
  const auto chunks_of = [](const std::vector<std::string>& first, const std::vector<std::string>& second) {
    return forged_code_file(header_bytes(), {zero_codes(1, 3, first), zero_codes(1, 3, second)});
  };
  EXPECT_EQ(codes_in(chunks_of({"a"}, {"b"})), 2);
  EXPECT_THAT(error_in(chunks_of({"a"}, {"a"})), HasSubstr("two of its pictures"));
  EXPECT_THAT(error_in(chunks_of({}, {"000000"})), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in(chunks_of({"000001"}, {})), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in(chunks_of({"a"}, {"b", "c"})), HasSubstr("cut short or changed"));
  EXPECT_THAT(error_in_content(zero_codes(3, 3, {"a", "b"})), HasSubstr("cut short or changed"));
}

}  // namespace
}  // namespace autoencoder
