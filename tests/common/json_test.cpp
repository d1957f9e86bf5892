#include "common/json.h"

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;

std::string nested(int levels, const std::string& open, const std::string& close) {
  std::string text;
  for (int level = 0; level < levels; ++level) {
    text += open;
  }
  text += "1";
  for (int level = 0; level < levels; ++level) {
    text += close;
  }
  return text;
}

// Every byte, characters of one to four bytes, and those of private use that stand for bytes.
std::string all_kinds_of_bytes() {
  std::string bytes = "a\u00e9\u4e2d\U0001f600\uef80\uefff";
  for (int byte = 0; byte < 256; ++byte) {
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

TEST(Json, AnyBytesComeBack) {
  const std::string bytes = all_kinds_of_bytes();
  const Json json = {{"text", bytes}, {bytes, {1, bytes, {{"inner", bytes}}}}};
  EXPECT_EQ(parse_json(json_text(json), ""), json);
}

TEST(Json, TheTextIsValidUtf8) {
  EXPECT_TRUE(Json::accept(json_text({{"path", all_kinds_of_bytes()}})));
  EXPECT_EQ(json_text("caf\u00e9"), "\"caf\u00e9\"");  // what is valid stays as it is
}

TEST(Json, OtherValuesAreKept) {
  const Json json = {1, -2.5, true, nullptr, Json::array(), Json::object()};
  EXPECT_EQ(parse_json(json_text(json, 2), ""), json);
}

TEST(Json, ReadsWhatLiesAsDeepAsAllowed) {
  EXPECT_EQ(parse_json(R"({"a": [1, {"b": null}]})", "file"), Json({{"a", {1, {{"b", nullptr}}}}}));
  EXPECT_NO_THROW(parse_json(nested(kDeepestJson, "[", "]"), "file"));
  EXPECT_NO_THROW(parse_json(nested(kDeepestJson, R"({"a":)", "}"), "file"));
}

TEST(Json, RefusesWhatLiesDeeper) {
  for (const int levels : {kDeepestJson + 1, 1'000'000}) {
    for (const std::string& text : {nested(levels, "[", "]"), nested(levels, R"({"a":)", "}")}) {
      EXPECT_EQ(error_of([&] { parse_json(text, "some.json"); }),
                "some.json: lists and objects lie more than 100 deep in one another; no file of this program "
                "is like that");
    }
  }
}

TEST(Json, BracketsWithinStringsAreNoDepth) {
  const std::string brackets(kDeepestJson + 1, '[');
  EXPECT_EQ(parse_json(R"(["\")" + brackets + R"("])", "file"), Json({"\"" + brackets}));
}

// Twice as many take twice as long, not four times: these would take hours.
TEST(Json, ManyObjectsInAListAreReadInOnePass) {
  std::string text = "[{}";
  for (int i = 1; i < 1'000'000; ++i) {
    text += ",{}";
  }
  EXPECT_EQ(parse_json(text + "]", "file").size(), 1'000'000);
}

TEST(Json, WhatIsNoneThrowsItsOwnException) {
  EXPECT_THROW(parse_json("{", "file"), Json::parse_error);
  EXPECT_THROW(parse_json("", "file"), Json::parse_error);
}

TEST(Json, KeepsTheOrderOfNamesWhereAsked) {
  EXPECT_EQ(parse_json<nlohmann::ordered_json>(R"({"b": 1, "a": 2})", "file").dump(), R"({"b":1,"a":2})");
}

}  // namespace
}  // namespace autoencoder
