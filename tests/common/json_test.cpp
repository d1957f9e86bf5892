#include "common/json.h"

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using testing::error_of;
using ::testing::HasSubstr;

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

TEST(Json, WhatIsNoneThrowsItsOwnException) {
  EXPECT_THROW(parse_json("{", "file"), Json::parse_error);
  EXPECT_THROW(parse_json("", "file"), Json::parse_error);
}

TEST(Json, KeepsTheOrderOfNamesWhereAsked) {
  EXPECT_EQ(parse_json<nlohmann::ordered_json>(R"({"b": 1, "a": 2})", "file").dump(), R"({"b":1,"a":2})");
}

}  // namespace
}  // namespace autoencoder
