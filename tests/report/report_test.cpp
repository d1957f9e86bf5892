#include "report/report.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base64.h"
#include "common/files.h"
#include "tests/support/report_content.h"
#include "tests/support/temporary_folder.h"

namespace autoencoder::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::report_content;

Report titled(const std::string& title) {
  return {.title = title, .subtitle = "", .key_metrics = {}, .sections = {}};
}

// The block, as the page holds it.
Json content_of(const Block& block) {
  Report report = titled("run");
  report.sections = {{"section", {block}}};
  return report_content(to_html(report)).at("sections").at(0).at("blocks").at(0);
}

size_t count_of(const std::string& part, const std::string& text) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Report, Base64GivesTheTestVectorsOfItsStandard) {  // RFC 4648, section 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfb"), "//77");
}

TEST(Report, HoldsTitleAndKeyMetrics) {
  Report report = titled("run 1");
  report.subtitle = "below";
  report.key_metrics = {{"Code", "32", "numbers"}};
  const Json content = report_content(to_html(report));
  EXPECT_EQ(content.at("title"), "run 1");
  EXPECT_EQ(content.at("subtitle"), "below");
  EXPECT_EQ(content.at("key_figures").at(0), Json({{"name", "Code"}, {"value", "32"}, {"note", "numbers"}}));
}

TEST(Report, NoTextEndsTheScriptThatItStandsIn) {
  const std::string nasty = "</script><script>alert(1)</script><!--\"&";
  const std::string page = to_html(titled(nasty));
  EXPECT_EQ(report_content(page).at("title"), nasty);
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
  EXPECT_EQ(count_of("<script", page), count_of("<script", to_html(titled(""))));
}

TEST(Report, BytesThatAreNoTextDoNoHarm) {
  EXPECT_EQ(report_content(to_html(titled("caf\xe9"))).at("title"), "caf\uFFFD");
}

TEST(Report, AsksTheNetworkForNothing) {
  const std::string page = to_html(titled("run"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("Chart.js v3"));
  for (const char* reference : {" src=\"", "<link", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(reference)));
  }
}

TEST(Report, NumbersThatAreNoneLeaveAGap) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Curve curve = {.name = "loss", .x = {1, 2}, .y = {0.5, nan}};
  const Json chart = content_of(Curves{"caption", "epoch", "loss", {curve}});
  EXPECT_EQ(chart.at("curves").at(0),
            Json({{"name", "loss"}, {"x", {1.0, 2.0}}, {"y", {0.5, nullptr}}, {"hidden", false}}));
}

TEST(Report, DotsLieInColumns) {
  const Sheet sheet = {"original", "png", 28, 14, 2};
  const Json map = content_of(
      Map{"codes", "x", "y", {"a", "b"}, {{0.123456789, -2, 1, "first"}, {3, 4, 0, "second"}}, {sheet}});
  EXPECT_EQ(map.at("x"), Json({0.12346, 3}));
  EXPECT_EQ(map.at("y"), Json({-2, 4}));
  EXPECT_EQ(map.at("group"), Json({1, 0}));
  EXPECT_EQ(map.at("note"), Json({"first", "second"}));
  EXPECT_EQ(map.at("sheets").at(0), Json({{"caption", "original"},
                                          {"source", "data:image/png;base64,cG5n"},
                                          {"width", 28},
                                          {"height", 14},
                                          {"columns", 2}}));
}

TEST(Report, TablesSayWhetherTheyAreFolded) {
  const Json open = content_of(Table{.caption = "t", .header = {"a"}, .rows = {{"1"}}});
  EXPECT_EQ(open, Json({{"kind", "table"},
                        {"caption", "t"},
                        {"header", {"a"}},
                        {"rows", Json::array({Json::array({"1"})})},
                        {"folded", false}}));
  EXPECT_EQ(content_of(Table{"t", {"a"}, {{"1"}}, Shown::kFolded}).at("folded"), true);
}

TEST(Report, IsWrittenAsAFile) {
  const testing::TemporaryFolder folder;
  write_report(folder / "new/report.html", titled("run"));
  EXPECT_EQ(read_file(folder / "new/report.html"), to_html(titled("run")));
}

}  // namespace
}  // namespace autoencoder::report
