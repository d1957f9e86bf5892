#include "data/formats/csv_text.h"

#include <string>

#include <gtest/gtest.h>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using testing::TemporaryFolder;

// What is read of a file with these bytes, so many at a time.
std::string read_text(const std::string& bytes, uint64_t at_once = CsvText::kSmallestRead) {
  const TemporaryFolder folder;
  write_file(folder / "t.csv", bytes);
  CsvText text(folder / "t.csv");
  std::string all;
  std::string part(at_once, '\0');
  while (const uint64_t got = text.read(part.data(), part.size())) {
    all += part.substr(0, got);
  }
  return all;
}

std::string utf16(const std::u16string& text, bool is_little) {
  std::string bytes;
  for (const char16_t unit : text) {
    const auto low = static_cast<char>(unit & 0xFF);
    const auto high = static_cast<char>(unit >> 8);
    bytes += is_little ? std::string{low, high} : std::string{high, low};
  }
  return bytes;
}

TEST(CsvText, MarksOfByteOrderAreLeftOut) {
  EXPECT_EQ(read_text("\xEF\xBB\xBF"
                      "a,b\n"),
            "a,b\n");
  for (const bool is_little : {true, false}) {
    EXPECT_EQ(read_text(utf16(u"\uFEFFä,\U0001F600\n", is_little)), "ä,\U0001F600\n");
  }
}

TEST(CsvText, Utf16IsToldWithoutAMark) {
  for (const bool is_little : {true, false}) {
    EXPECT_EQ(read_text(utf16(u"id,größe\n1,2\n", is_little)), "id,größe\n1,2\n");
  }
}

TEST(CsvText, HalvesOfPairsAreReplaced) {
  const auto read = [](const std::u16string& text) { return read_text(utf16(u"\uFEFF" + text, true)); };
  EXPECT_EQ(read(u"x" + std::u16string(1, 0xD83D) + u"Q0"), "x\uFFFDQ0");
  EXPECT_EQ(read(u"x" + std::u16string(2, 0xD83D) + u"y"), "x\uFFFD\uFFFDy");
  EXPECT_EQ(read(u"x" + std::u16string(1, 0xDE00) + u"y"), "x\uFFFDy");
  EXPECT_EQ(read(u"x" + std::u16string(1, 0xD83D)), "x\uFFFD");
}

// Wherever a read ends.
TEST(CsvText, PairsMayStandAnywhere) {
  for (size_t before = 0; before < CsvText::kSmallestRead; ++before) {
    const std::u16string text = u"\uFEFF" + std::u16string(before, u'a');
    EXPECT_EQ(read_text(utf16(text + u"\U0001F600,b", true)), std::string(before, 'a') + "\U0001F600,b");
    EXPECT_EQ(read_text(utf16(text + std::u16string(1, 0xD83D), true)), std::string(before, 'a') + "\uFFFD");
  }
}

}  // namespace
}  // namespace autoencoder
