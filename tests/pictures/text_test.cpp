#include "pictures/text.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "common/files.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

const cv::Rect kTextPage(0, 0, 400, 60);
const cv::Point2d kMiddle(150, 30);
constexpr Letters kLetters{};

TextMask mask_of(const TextPainter& painter, const std::string& text, const Letters& letters = kLetters) {
  return painter.mask(text, letters, kMiddle, kTextPage);
}

int covered(const TextMask& mask) {
  return mask.coverage.empty() ? 0 : cv::countNonZero(mask.coverage > 128);
}

bool are_same(const TextMask& a, const TextMask& b) {
  return a.corner == b.corner && a.coverage.size() == b.coverage.size() &&
         cv::countNonZero(a.coverage != b.coverage) == 0;
}

/// Where the text is seen on the page.
cv::Rect place_of_ink(const TextMask& mask) {
  const cv::Rect ink = cv::boundingRect(mask.coverage > 64);
  return ink + mask.corner;
}

TEST(Writable, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(writable("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(writable("\xE4\xB8"), "\uFFFD") << "a character cut off";
  EXPECT_EQ(writable("\xED\xA0\x80\xC0\xAF").find('\xED'), std::string::npos) << "a surrogate";
  EXPECT_EQ(writable(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(writable("\x1B[1m"), "\uFFFD[1m");
}

TEST(Writable, KeepsAllElseOnOneLine) {
  EXPECT_EQ(writable("Καλημέρα 你好 مرحبا नमस्ते é"), "Καλημέρα 你好 مرحبا नमस्ते é");
  EXPECT_EQ(writable("a\tb\nc\u2028d"), "a b c d");
}

TEST(Writable, IsNoLongerThanAnyPage) {
  EXPECT_THAT(writable(std::string(100'000, 'a')), SizeIs(kLongestLine));
}

/// What both ways of writing have in common.
class TextPainterTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    painter_ = GetParam() == std::string("strokes") ? &stroke_text() : shaped_text();
    if (!painter_) {
      GTEST_SKIP() << "this build has no Pango, or this machine no font";
    }
  }

  const TextPainter* painter_ = nullptr;
};

INSTANTIATE_TEST_SUITE_P(Ways, TextPainterTest, ::testing::Values("strokes", "shaped"),
                         [](const auto& info) { return info.param; });

TEST_P(TextPainterTest, CapitalsAreAsHighAsAskedAroundTheMiddle) {
  for (const double height : {9.0, 12.0, 20.0}) {
    const cv::Rect ink = place_of_ink(mask_of(*painter_, "HEH", {height, height / 8}));
    EXPECT_NEAR(ink.height, height + height / 16, height / 16 + 1.6) << height;
    EXPECT_NEAR(ink.y + ink.height / 2.0, kMiddle.y, 1) << height;
    EXPECT_NEAR(ink.x, kMiddle.x, 2) << height;
  }
}

TEST_P(TextPainterTest, TextIsAsWideAsMeasured) {
  const std::string text = "HHHHHHHHHHHH";
  const cv::Rect ink = place_of_ink(mask_of(*painter_, text));
  EXPECT_NEAR(ink.width, painter_->width(text, kLetters), 4);
  EXPECT_NEAR(painter_->width(text + text, kLetters), 2 * painter_->width(text, kLetters), 2);
}

TEST_P(TextPainterTest, NothingIsDrawnOfNothing) {
  EXPECT_EQ(covered(mask_of(*painter_, "")), 0);
  EXPECT_EQ(covered(mask_of(*painter_, " ")), 0);
  EXPECT_LE(painter_->width("", kLetters), 2);
}

TEST_P(TextPainterTest, OtherWordsAreOtherPixels) {
  EXPECT_FALSE(are_same(mask_of(*painter_, "cat"), mask_of(*painter_, "dog")));
  EXPECT_TRUE(are_same(mask_of(*painter_, "cat"), mask_of(*painter_, "cat")));
}

TEST_P(TextPainterTest, AsciiIsNeverMissing) {
  EXPECT_EQ(painter_->missing("The quick brown fox, 0.5e-3 ~ [x] {y}"), 0);
}

TEST_P(TextPainterTest, IsCutToThePage) {
  const cv::Rect page(0, 0, 100, 20);
  const TextMask mask = painter_->mask("wider than the page is, by far", kLetters, {-20, 18}, page);
  EXPECT_EQ(cv::Rect(mask.corner, mask.coverage.size()) & page, cv::Rect(mask.corner, mask.coverage.size()));
  EXPECT_THAT(covered(mask), Gt(50));
  EXPECT_EQ(covered(painter_->mask("far away", kLetters, {-5000, 10}, page)), 0);
}

TEST_P(TextPainterTest, BytesThatAreNoTextAreDrawnAsSomethingElse) {
  const std::string broken = "caf\xE9 \xFF\xFE \xE4\xB8";
  EXPECT_GT(covered(mask_of(*painter_, broken)), covered(mask_of(*painter_, "caf")));
  EXPECT_TRUE(are_same(mask_of(*painter_, broken), mask_of(*painter_, "caf\uFFFD \uFFFD\uFFFD \uFFFD")));
  EXPECT_GT(painter_->width(broken, kLetters), painter_->width("caf", kLetters));
  EXPECT_THAT(painter_->wrap(broken, kLetters, 400), SizeIs(1));
  EXPECT_GT(covered(mask_of(*painter_, std::string("a\0\x01\x7F", 4))), covered(mask_of(*painter_, "a")));
}

TEST_P(TextPainterTest, BreaksLinesBetweenWordsThenWithin) {
  const double width = painter_->width("two words", kLetters) + 1;
  EXPECT_THAT(painter_->wrap("two words or more", kLetters, width), ElementsAre("two words", "or more"));
  EXPECT_THAT(painter_->wrap(" two\n ", kLetters, width), ElementsAre("two"));
  EXPECT_THAT(painter_->wrap("  ", kLetters, width), IsEmpty());
  std::string joined;
  for (const std::string& line : painter_->wrap("incomprehensibilities", kLetters, 50)) {
    EXPECT_THAT(painter_->width(line, kLetters), Le(50)) << line;
    joined += line;
  }
  EXPECT_EQ(joined, "incomprehensibilities");
  EXPECT_THAT(painter_->wrap("ab", kLetters, 0), ElementsAre("a", "b")) << "one character fits anywhere";
}

TEST_P(TextPainterTest, TextLongerThanAnyPageIsCutOff) {
  const std::string longest(kLongestLine, 'a');
  EXPECT_EQ(painter_->width(longest + longest, kLetters), painter_->width(longest, kLetters));
}

TEST_P(TextPainterTest, TheWholeOfAWidePageIsWritten) {
  const std::string line(2'000, 'H');
  const TextMask mask = painter_->mask(line, kLetters, {2, 20}, {0, 0, 12'000, 40});
  for (int x = 50; x < 11'900; x += 50) {
    const cv::Mat stretch = mask.coverage.colRange(x, x + 50);
    ASSERT_GT(cv::countNonZero(stretch > 128), 20) << x;
  }
}

TEST(StrokeText, WritesAQuestionMarkForEachCharacterOutsideAscii) {
  EXPECT_TRUE(are_same(mask_of(stroke_text(), "né 你"), mask_of(stroke_text(), "n? ?")));
  EXPECT_EQ(stroke_text().missing("né 你"), 2);
}

struct Script {
  const char* name;
  const char* word;
  const char* other;
};

/// Scripts that the strokes lack.
class ShapedTextTest : public ::testing::TestWithParam<Script> {};

INSTANTIATE_TEST_SUITE_P(
    Scripts, ShapedTextTest,
    ::testing::Values(Script{"Greek", "Ωμέγα", "Δέλτα"}, Script{"Cyrillic", "Кошка", "Лошадь"},
                      Script{"Accents", "àéîõüçšž", "áèïôúñřą"}, Script{"Chinese", "中文字符", "鳥飛馬跑"},
                      Script{"Japanese", "ひらがな", "カタカナ"}, Script{"Korean", "한국어", "고양이"},
                      Script{"Arabic", "العربية", "قطة وكلب"}, Script{"Hebrew", "עברית", "חתול"},
                      Script{"Hindi", "हिन्दी", "बिल्ली"}),
    [](const auto& info) { return info.param.name; });

TEST_P(ShapedTextTest, IsDrawnAsItIs) {
  const auto [name, word, other] = GetParam();
  const TextPainter* painter = shaped_text();
  if (!painter || painter->missing(std::string(word) + other) > 0) {
    GTEST_SKIP() << "no font for " << name << " on this machine, or no Pango in this build";
  }
  const TextMask mask = mask_of(*painter, word);
  EXPECT_GT(covered(mask), 40);
  EXPECT_FALSE(are_same(mask, mask_of(*painter, other)));
  EXPECT_NEAR(place_of_ink(mask).width, painter->width(word, kLetters), 5);
  EXPECT_GT(painter->width(std::string(word) + word, kLetters), 1.5 * painter->width(word, kLetters));
  EXPECT_GT(stroke_text().missing(word), 0);
}

TEST_P(ShapedTextTest, IsBrokenBetweenCharacters) {
  const auto [name, word, other] = GetParam();
  const TextPainter* painter = shaped_text();
  if (!painter || painter->missing(std::string(word) + other) > 0) {
    GTEST_SKIP() << "no font for " << name << " on this machine, or no Pango in this build";
  }
  std::string joined;
  for (const std::string& line : painter->wrap(word, kLetters, 20)) {
    EXPECT_EQ(writable(line), line) << "a character was torn apart";
    joined += line;
  }
  EXPECT_EQ(joined, word);
}

class ShapingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!shaped_text()) {
      GTEST_SKIP() << "this build has no Pango, or this machine no font";
    }
  }
};

TEST_F(ShapingTest, ArabicLettersAreJoined) {
  const TextPainter& painter = *shaped_text();
  if (painter.missing("بب") > 0) {
    GTEST_SKIP() << "no font for Arabic on this machine";
  }
  EXPECT_LT(painter.width("بببب", kLetters), 0.8 * painter.width("ب ب ب ب", kLetters));
}

TEST_F(ShapingTest, HebrewRunsFromRightToLeft) {
  const TextPainter& painter = *shaped_text();
  if (painter.missing("ש") > 0) {
    GTEST_SKIP() << "no font for Hebrew on this machine";
  }
  const TextMask mask = mask_of(painter, "ששש......");
  const int half = mask.coverage.cols / 2;
  EXPECT_GT(cv::countNonZero(mask.coverage.colRange(half, mask.coverage.cols) > 128),
            2 * cv::countNonZero(mask.coverage.colRange(0, half) > 128));
}

TEST_F(ShapingTest, OfTheLongestLineThePageShowsItsPart) {
  EXPECT_GT(covered(mask_of(*shaped_text(), std::string(kLongestLine, 'a'))), 500);
}

TEST_F(ShapingTest, ACharacterThatNoFontHasIsABox) {
  const std::string nobodys = "\U0010FFFD";
  EXPECT_EQ(shaped_text()->missing("a" + nobodys), 1);
  EXPECT_GT(covered(mask_of(*shaped_text(), nobodys)), 10);
}

TEST_F(ShapingTest, SaysNothingOnStandardError) {
  ::testing::internal::CaptureStderr();
  mask_of(*shaped_text(), "\xFF\xC0 \U0010FFFD \u202E\uFFFF" + std::string(1, '\0'));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

#ifdef GTEST_HAS_DEATH_TEST
TEST(NoFontsDeathTest, StrokesTakeTheirPlace) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";  // a process that has not looked for fonts yet
  const testing::TemporaryFolder folder;
  write_file(folder / "fonts.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
  EXPECT_EXIT(
      {
        setenv("FONTCONFIG_FILE", (folder / "fonts.conf").c_str(), 1);
        const bool drawn = covered(mask_of(text_painter(), "ink")) > 20;
        std::exit(drawn && &text_painter() == &stroke_text() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}
#endif

}  // namespace
}  // namespace autoencoder
