#include "tasks/reproduction.h"

#include <gtest/gtest.h>

namespace autoencoder {
namespace {

TEST(Reproduction, WordsAreQuotedWhereAShellNeedsIt) {
  EXPECT_EQ(shell_word("--epochs=20"), "--epochs=20");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("my data"), "'my data'");
  EXPECT_EQ(shell_word("it's $(x)"), "'it'\\''s $(x)'");
}

}  // namespace
}  // namespace autoencoder
