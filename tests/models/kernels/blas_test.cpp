#include "models/kernels/blas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace autoencoder {
namespace {

using ::testing::HasSubstr;

TEST(BlasChoice, IsTheProcessors) {
  EXPECT_EQ(choose_blas({.has_onednn = true, .is_amd = true, .wanted = ""}), Blas::kOneDnn);
  EXPECT_EQ(choose_blas({.has_onednn = true, .is_amd = false, .wanted = ""}), Blas::kLibTorch);
  EXPECT_EQ(choose_blas({.has_onednn = false, .is_amd = true, .wanted = ""}), Blas::kLibTorch);
}

TEST(BlasChoice, MayBeForced) {
  EXPECT_EQ(choose_blas({.has_onednn = true, .is_amd = false, .wanted = "onednn"}), Blas::kOneDnn);
  EXPECT_EQ(choose_blas({.has_onednn = true, .is_amd = true, .wanted = "mkl"}), Blas::kLibTorch);
  EXPECT_EQ(choose_blas({.has_onednn = false, .is_amd = true, .wanted = "mkl"}), Blas::kLibTorch);
}

TEST(BlasChoice, IsOneDnnForBfloat16OnAnyProcessor) {
  EXPECT_TRUE(takes_bfloat16({.has_onednn = true, .is_amd = true, .wanted = ""}));
  EXPECT_TRUE(takes_bfloat16({.has_onednn = true, .is_amd = false, .wanted = ""}));
  EXPECT_TRUE(takes_bfloat16({.has_onednn = true, .is_amd = false, .wanted = "onednn"}));
  EXPECT_FALSE(takes_bfloat16({.has_onednn = true, .is_amd = false, .wanted = "mkl"}));
  EXPECT_FALSE(takes_bfloat16({.has_onednn = false, .is_amd = false, .wanted = ""}));
}

TEST(BlasChoice, IsOfWhatThereIs) {
  const auto refusal = [](const BlasCircumstances& circumstances) {
    return testing::error_of<Error>([&] { choose_blas(circumstances); });
  };
  EXPECT_THAT(refusal({.has_onednn = false, .is_amd = true, .wanted = "onednn"}),
              HasSubstr("AUTOENCODER_BLAS is onednn, but this program was built without it"));
  EXPECT_EQ(refusal({.has_onednn = true, .is_amd = true, .wanted = "blis"}),
            "AUTOENCODER_BLAS is blis; it is onednn or mkl, or not set");
}

}  // namespace
}  // namespace autoencoder
