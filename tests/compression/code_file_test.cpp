// Files of quantised codes: what is written is read again, and what was damaged is refused.
#include "compression/code_file.h"

#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

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

}  // namespace
}  // namespace autoencoder
