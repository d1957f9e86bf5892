#include "common/options.h"

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;

struct Sample : Options {
  bool loud = false;
  int64_t count = 3;
  double rate = 0.5;
  std::string shape = "round";
  std::vector<int64_t> sizes = {4, 2};

  void visit(OptionVisitor& visitor) override {
    visitor.group("First");
    visitor.option("loud", loud, "be loud");
    visitor.option("count", count, "how many", at_least(1));
    visitor.group("Second");
    visitor.option("rate", rate, "how fast", fraction());
    visitor.option("shape", shape, "which", one_of({"round", "square"}));
    visitor.option("sizes", sizes, "how large", at_least(1));
  }
};

std::string error_from(const Json& values) {
  return error_of([&] {
    Sample sample;
    read_options(sample, values);
  });
}

OptionSpec spec_of(const std::string& name) {
  Sample sample;
  for (const OptionSpec& spec : describe(sample)) {
    if (spec.name == name) {
      return spec;
    }
  }
  throw std::logic_error(name);
}

TEST(Options, DescribesFieldsInOrderWithDefaultsAndGroups) {
  Sample sample;
  const auto specs = describe(sample);
  ASSERT_EQ(specs.size(), 5);
  EXPECT_EQ(specs[1].name, "count");
  EXPECT_EQ(specs[1].value, 3);
  EXPECT_EQ(specs[1].group, "First");
  EXPECT_EQ(specs[3].group, "Second");
  EXPECT_EQ(specs[4].kind, OptionKind::kIntegers);
}

struct Bounded : Options {
  int64_t count = 3;
  double rate = 0.5;
  int64_t seed = 0;

  void visit(OptionVisitor& visitor) override {
    visitor.option("count", count, "how many", between(1, kMostExamples));
    visitor.option("rate", rate, "how fast", more_than(0, 1e6));
    visitor.option("seed", seed, "any", at_least(0));
  }
};

std::string bounded_error(const Json& values) {
  return error_of([&] {
    Bounded bounded;
    read_options(bounded, values);
  });
}

TEST(Options, ReadsWhatIsGivenAndLeavesTheRest) {
  Sample sample;
  read_options(sample, {{"count", 7}, {"sizes", {9}}, {"unknown", 1}});
  EXPECT_EQ(sample.count, 7);
  EXPECT_THAT(sample.sizes, ElementsAre(9));
  EXPECT_EQ(sample.shape, "round");
}

TEST(Options, JsonRoundTripKeepsEveryField) {
  Sample changed;
  changed.loud = true;
  changed.rate = 0.125;
  changed.shape = "square";
  Sample copy;
  read_options(copy, to_json(changed));
  EXPECT_EQ(to_json(copy), to_json(changed));
  EXPECT_TRUE(copy.loud);
}

TEST(Options, AWholeNumberIsANumber) {
  Sample sample;
  read_options(sample, {{"rate", 0}});
  EXPECT_EQ(sample.rate, 0.0);
}

TEST(Options, RefusesValuesThatAreNotAllowed) {
  EXPECT_EQ(error_from({{"count", 0}}), "count is 0; it must be at least 1");
  EXPECT_EQ(error_from({{"rate", 1.0}}), "rate is 1; it must be at least 0 and less than 1");
  EXPECT_EQ(error_from({{"rate", -0.1}}), "rate is -0.1; it must be at least 0 and less than 1");
  EXPECT_THAT(error_from({{"shape", "squar"}}),
              HasSubstr("must be one of round, square; did you mean 'square'?"));
  EXPECT_EQ(error_from({{"sizes", {4, 0}}}), "sizes is 0; it must be at least 1");
}

TEST(Options, SaysTheUpperBoundInFull) {
  EXPECT_EQ(bounded_error({{"count", 2147483648}}),
            "count is 2147483648; it must be at least 1 and at most 2147483647");
  EXPECT_EQ(bounded_error({{"rate", 1000000.5}}),
            "rate is 1000000.5; it must be more than 0 and at most 1000000");
  EXPECT_EQ(bounded_error({{"rate", 0}}), "rate is 0; it must be more than 0 and at most 1000000");
}

TEST(Options, NumbersBeyond64BitsAreRefusedWithTheirValue) {
  EXPECT_EQ(bounded_error({{"count", 18446744073709551615U}}),
            "count is 18446744073709551615; it must be at least 1 and at most 2147483647");
  EXPECT_EQ(bounded_error({{"seed", 9223372036854775808U}}),
            "seed is 9223372036854775808; it must be at least 0 and less than 9223372036854775808");
  EXPECT_EQ(error_from({{"sizes", {4, 9223372036854775808U}}}),
            "sizes is 9223372036854775808; it must be at least 1 and less than 9223372036854775808");
  Bounded bounded;
  read_options(bounded, {{"seed", std::numeric_limits<int64_t>::max()}});
  EXPECT_EQ(bounded.seed, std::numeric_limits<int64_t>::max());
}

TEST(Options, RefusesValuesOfAnotherType) {
  EXPECT_EQ(error_from({{"count", "three"}}), "count is \"three\"; it must be a whole number");
  EXPECT_EQ(error_from({{"count", 1.5}}), "count is 1.5; it must be a whole number");
  EXPECT_EQ(error_from({{"loud", 1}}), "loud is 1; it must be true or false");
  EXPECT_EQ(error_from({{"shape", 5}}), "shape is 5; it must be a text");
  EXPECT_EQ(error_from({{"sizes", 5}}), "sizes is 5; it must be a list of whole numbers");
}

TEST(Options, ParsesWordsOfTheCommandLine) {
  EXPECT_EQ(parse_option(spec_of("count"), "12"), 12);
  EXPECT_EQ(parse_option(spec_of("rate"), "1e-3"), 1e-3);
  EXPECT_EQ(parse_option(spec_of("loud"), "true"), true);
  EXPECT_EQ(parse_option(spec_of("shape"), "12"), "12");
  EXPECT_EQ(parse_option(spec_of("sizes"), "256,64"), Json({256, 64}));
  EXPECT_EQ(parse_option(spec_of("sizes"), ""), Json::array());
}

TEST(Options, RefusesWordsThatAreNoValue) {
  const auto error = [](const char* name, const char* word) {
    return error_of([&] { parse_option(spec_of(name), word); });
  };
  EXPECT_EQ(error("count", "12x"), "count is '12x'; it must be a whole number");
  EXPECT_EQ(error("count", ""), "count is ''; it must be a whole number");
  EXPECT_EQ(error("rate", "fast"), "rate is 'fast'; it must be a number");
  EXPECT_EQ(error("loud", "yes"), "loud is 'yes'; it must be true or false");
  EXPECT_THAT(error("sizes", "256;64"), HasSubstr("with commas between them"));
}

TEST(Options, WordsOfMoreThan64BitsAreOutOfBounds) {
  const auto error = [](const char* name, const char* word) {
    return error_of([&] { parse_option(spec_of(name), word); });
  };
  EXPECT_EQ(error("count", "99999999999999999999"),
            "count is 99999999999999999999; it must be at least 1 and less than 9223372036854775808");
  EXPECT_EQ(error("sizes", "4,-9223372036854775809"),
            "sizes is -9223372036854775809; it must be at least 1 and less than 9223372036854775808");
  EXPECT_EQ(error("count", "-"), "count is '-'; it must be a whole number");
  EXPECT_EQ(parse_option(spec_of("count"), "9223372036854775807"), std::numeric_limits<int64_t>::max());
}

TEST(Options, TextReadsBackAsTheSameValue) {
  for (const auto& [name, word] :
       {std::pair{"count", "12"}, {"rate", "0.001"}, {"sizes", "256,64"}, {"loud", "true"}}) {
    EXPECT_EQ(option_text(parse_option(spec_of(name), word)), word);
  }
}

}  // namespace
}  // namespace autoencoder
