#include "common/text.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(Text, NearestNameForgivesSlipsButNotOtherWords) {
  const std::vector<std::string> names = {"dense", "conv", "vae", "conv-vae"};
  EXPECT_EQ(nearest_name("desne", names), "dense");
  EXPECT_EQ(nearest_name("denes", names), "dense");
  EXPECT_EQ(nearest_name("convvae", names), "conv-vae");
  EXPECT_EQ(nearest_name("transformer", names), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
}

TEST(Text, WordsStandBetweenCommas) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split_words(""), Words());
  EXPECT_EQ(split_words("a, b c ,d"), (Words{"a", "b c", "d"}));
  EXPECT_EQ(split_words("a,,b,"), (Words{"a", "", "b"}));
  EXPECT_EQ(split_words(R"("x, 1" , "y ""z"", 2"=count,w)"), (Words{"x, 1", R"(y "z", 2=count)", "w"}));
  EXPECT_EQ(split_words(R"(x "y",z)"), (Words{R"(x "y")", "z"}));
  EXPECT_EQ(split_words(R"("x,y)"), (Words{R"("x)", "y"}));
}

TEST(Text, SuggestionIsAClauseOrNothing) {
  EXPECT_EQ(did_you_mean("vea", {"vae"}), "; did you mean 'vae'?");
  EXPECT_EQ(did_you_mean("something", {"vae"}), "");
}

TEST(Text, Thousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(218272), "218,272");
  EXPECT_EQ(with_thousands(-1234567), "-1,234,567");
}

TEST(Text, Counted) {
  EXPECT_EQ(counted(0, "image"), "0 images");
  EXPECT_EQ(counted(1, "image"), "1 image");
  EXPECT_EQ(counted(1200, "image"), "1,200 images");
}

TEST(Text, Durations) {
  EXPECT_EQ(duration_text(4.25), "4.2 s");
  EXPECT_EQ(duration_text(42.4), "42 s");
  EXPECT_EQ(duration_text(65), "1:05");
  EXPECT_EQ(duration_text(3725), "1:02:05");
}

TEST(Text, Bytes) {
  EXPECT_EQ(bytes_text(512), "512 B");
  EXPECT_EQ(bytes_text(2621440), "2.5 MiB");
  EXPECT_EQ(bytes_text(3ULL << 40), "3.0 TiB");
}

TEST(Text, NamesOfFiles) {
  EXPECT_EQ(as_file_name("dense-a b"), "dense-a-b");
  EXPECT_EQ(as_file_name("x/../$(y)*"), "x-..---y--");
  EXPECT_EQ(as_file_name("v1.0_caf\u00e9"), "v1.0_caf\u00e9");
}

TEST(Text, AmountsOfMemoryAreRead) {
  EXPECT_EQ(bytes_from("2G"), uint64_t{1} << 31);
  EXPECT_EQ(bytes_from("512M"), 512 << 20);
  EXPECT_EQ(bytes_from("1.5K"), 1536);
  EXPECT_EQ(bytes_from("4096"), 4096);
  for (const char* text : {"", "G", "-1G", "0", "1X", "1 G", "nan", "infG", "1e30G"}) {
    EXPECT_FALSE(bytes_from(text)) << text;
  }
}

}  // namespace
}  // namespace autoencoder
