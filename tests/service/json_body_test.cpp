#include "service/json_body.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include "service/problem.h"

namespace autoencoder::service {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

int status_of(const std::string& body) {
  try {
    read_json_body(body, "examples");
  } catch (const Problem& problem) {
    return problem.status();
  }
  return 200;
}

TEST(JsonBody, AListIsReadWhateverItsDepth) {
  const JsonBody body = read_json_body("[[1, [2, 3]], [4.5], 6]", "examples");
  EXPECT_THAT(body.numbers, ElementsAre(1, 2, 3, 4.5, 6));
  EXPECT_THAT(body.counts, ElementsAre(3, 1, 1));
  EXPECT_TRUE(body.has_bare_numbers);
}

TEST(JsonBody, AnObjectHasTheListAlone) {
  const JsonBody body = read_json_body(R"({"examples": [[1], ["a"]]})", "examples");
  EXPECT_THAT(body.counts, ElementsAre(1, 0));
  EXPECT_THAT(body.texts, ElementsAre("a"));
  EXPECT_EQ(status_of(R"({"seed": 3, "examples": [[1]]})"), 422);
}

TEST(JsonBody, WhatIsNoJsonIsABadRequest) {
  for (const char* body : {"", "[1,", "{", "[1]]", "[NaN]", "[1 2]", "nul"}) {
    EXPECT_EQ(status_of(body), 400) << body;
  }
}

TEST(JsonBody, OtherJsonIsNotTaken) {
  for (const char* body : {"3", "\"a\"", "{}", R"({"codes": [1]})", R"([{"a": 1}])",
                           R"({"examples": {"a": 1}})", "[null]", "[true]", R"({"examples": 3})"}) {
    EXPECT_EQ(status_of(body), 422) << body;
  }
}

TEST(JsonBody, DepthIsNoDanger) { EXPECT_EQ(status_of(std::string(1'000'000, '[')), 400); }

std::string text_of(const torch::Tensor& numbers) {
  std::string text;
  append_numbers(text, numbers);
  return text;
}

TEST(JsonNumbers, AreWrittenAsShortAsTheyCanBe) {
  EXPECT_EQ(text_of(torch::tensor({{0.1F, 1.0F}, {-2.5F, 1e-20F}})), "[[0.1,1],[-2.5,1e-20]]");
  EXPECT_EQ(text_of(torch::tensor({0.1}, torch::kFloat64)), "[0.1]");
  EXPECT_EQ(text_of(torch::tensor({3, 4})), "[3,4]");
  EXPECT_EQ(text_of(torch::tensor(
                {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})),
            "[null,null]");
}

TEST(JsonNumbers, AreReadAsTheyWere) {
  const torch::Tensor numbers = torch::randn({50, 3});
  const JsonBody body = read_json_body(text_of(numbers), "examples");
  EXPECT_TRUE(torch::equal(torch::tensor(body.numbers).view({50, 3}), numbers));
}

}  // namespace
}  // namespace autoencoder::service
